const BELOW_AGENT = /^\/(a2a\/|ns\/[^/]+\/)?agent\//;
const LISTS = /^\/(a2a\/|ns\/[^/]+\/)?agents\/?$/;
/** What somebody who only knows the address must be able to read. */
const WELL_KNOWN = ['/.well-known/jwks.json', '/.well-known/oauth-protected-resource'];

/** Whether a path leads to an agent: what is spoken there is A2A. */
export const isAgentPath = (url: string): boolean => BELOW_AGENT.test(url);

/** Whether a path is one of the gateway's. */
export const isGatewayPath = (path: string): boolean =>
  isAgentPath(path) || LISTS.test(path) || WELL_KNOWN.includes(path);
