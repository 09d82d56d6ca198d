const BELOW_AGENT = /^\/(a2a\/|ns\/[^/]+\/)?agent\//;
const LISTS = /^\/(a2a\/|ns\/[^/]+\/)?agents\/?$/;
const KEY_SET = '/.well-known/jwks.json';

/** Whether a path leads to an agent: what is spoken there is A2A. */
export const isAgentPath = (url: string): boolean => BELOW_AGENT.test(url);

/** Whether a path is one of the gateway's. */
export const isGatewayPath = (path: string): boolean => isAgentPath(path) || LISTS.test(path) || path === KEY_SET;
