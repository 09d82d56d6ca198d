/** Keys that Ark's objects carry. Each is written once here so that writers and readers cannot drift apart. */
const ark = <Name extends string>(name: Name) => `ark.mckinsey.com/${name}` as const;

/** Prefix of every annotation of the group; such annotations are copied from servers to what they own. */
export const ARK_PREFIX = ark('');

// Agents found on A2A servers.
export const A2A_SERVER_LABEL = 'a2a/server';
export const A2A_SERVER_NAME = ark('a2a-server-name');
export const A2A_SERVER_ADDRESS = ark('a2a-server-address');
/** JSON list of the card's skills. */
export const A2A_SERVER_SKILLS = ark('a2a-server-skills');
/** `"true"` when the card says so. */
export const A2A_STREAMING_SUPPORTED = ark('a2a-streaming-supported');
/** `"true"` when the card offers to send word of tasks. */
export const A2A_PUSH_SUPPORTED = ark('a2a-push-supported');
/** JSON of how the agent is called, `{url, binding, version}`; absent: JSON-RPC of protocol 0.3 at the address. */
export const A2A_SERVER_ENDPOINT = ark('a2a-server-endpoint');
/** `always` when the agent's name was chosen by that rule. */
export const A2A_AGENT_NAME_PREFIX = ark('a2a-agent-name-prefix');
/** The keys of 2025; read, never written. */
export const OLD_A2A_SERVER_NAME = 'a2a.server/name';
export const OLD_A2A_SERVER_ADDRESS = 'a2a.server/address';
/** Further skills for the card that the gateway makes for an agent. */
export const GATEWAY_SKILLS = 'a2a.mckinsey.com/skills';
export const GATEWAY_SKILL = 'a2a.mckinsey.com/skill';

// Queries.
/** contextId for agents hosted on an A2A server. */
export const A2A_CONTEXT_ID = ark('a2a-context-id');
export const STREAMING_ENABLED = ark('streaming-enabled');
export const MCP_SERVER_SETTINGS = ark('mcp-server-settings');
export const APPROVAL_CASCADE_COUNT = ark('approval-cascade-count');
/** W3C `traceparent` of whoever made the Query: its spans join that trace. */
export const TRACE_PARENT = ark('traceparent');
/** W3C `baggage` of whoever made the Query: it goes on to every service that is called. */
export const BAGGAGE = ark('baggage');
/** `"true"` on Queries that the gateway made: only these are its tasks. */
export const GATEWAY_LABEL = ark('a2a-gateway');
/** `"true"` on Queries of the gateway whose changes somebody wants to be told. */
export const A2A_PUSH = ark('a2a-push');
/** The caller's id of the A2A message that became the Query. */
export const A2A_MESSAGE_ID = ark('a2a-message-id');
/** Who sent the message that became the Query, where callers prove who they are. */
export const ASKED_BY = ark('asked-by');

// Engines, tools, tasks, events.
/** On ExecutionEngine: `"true"` when the engine writes chunks itself. */
export const STREAMING_SUPPORTED = ark('streaming-supported');
/** On Tool: the MCPServer it was found on. */
export const MCP_SERVER_LABEL = 'mcp/server';
/** On A2ATask: the Query it belongs to. */
export const QUERY_NAME_LABEL = ark('query-name');
/** On A2ATask: SHA-256 of the token by which the task's server proves that word of it is its own. */
export const PUSH_TOKEN_DIGEST = ark('a2a-push-token-sha256');
/** On A2ATask: who wrote the answer over REST, where callers prove who they are. */
export const ANSWERED_BY = ark('answered-by');
/** On A2ATask: when its server last sent word of it. */
export const PUSH_HEARD_AT = ark('a2a-push-heard-at');
/** On Event: JSON of what happened. */
export const EVENT_DATA = ark('event-data');

// Evaluations.
export const EVALUATOR_LABEL = ark('evaluator');
export const QUERY_LABEL = ark('query');
export const AUTO_LABEL = ark('auto');
export const QUERY_GENERATION = ark('query-generation');
export const QUERY_PHASE = ark('query-phase');
export const PARENT_EVALUATION_LABEL = 'parent-evaluation';
export const CHILD_INDEX_LABEL = 'child-index';
export const EVALUATION_METADATA_PREFIX = 'evaluation.metadata/';

// Prices on a Model: amounts of money for so many tokens, as decimal numbers.
const pricing = <Name extends string>(name: Name) => `pricing.ark.mckinsey.com/${name}` as const;
export const INPUT_COST = pricing('input-cost');
export const OUTPUT_COST = pricing('output-cost');
/** Of input that the provider had in its cache; absent: as any input. */
export const CACHED_INPUT_COST = pricing('cached-input-cost');
/** Three letters of ISO 4217; absent: USD. */
export const PRICE_CURRENCY = pricing('currency');
/** What the amounts are for; absent: `per-million-tokens`. */
export const PRICE_UNIT = pricing('unit');

// Admission.
/** Label: `"true"` skips admission of Agents and Tools. */
export const SKIP_ADMISSION = ark('skip-webhook-validation');
/** Prefix of annotations that say what a manifest's old spelling became. */
export const MIGRATION_WARNING = ark('migration-warning-');

/** The A2A extension by which a Query's name travels to an engine. */
export const QUERY_EXTENSION = 'https://github.com/mckinsey/agents-at-scale-ark/tree/main/ark/api/extensions/query/v1';
/** Message metadata key holding `{name, namespace}`. */
export const QUERY_EXTENSION_REF = `${QUERY_EXTENSION}/ref`;

/** The engine name of agents hosted on A2A servers. */
export const A2A_ENGINE = 'a2a';
/** The engine that answers what no other engine is named for. */
export const COMPLETIONS_ENGINE = 'completions';
/** An ExecutionEngine of this name replaces the completions engine in its namespace. */
export const COMPLETIONS_ENGINE_OVERRIDE = 'ark-completions';
