import { readdirSync, readFileSync } from 'node:fs';
import { loadAll } from 'js-yaml';
import { agent, executionEngine, query, resource } from './manifests.js';

type Manifest = Record<string, unknown>;

/** Where a manifest sends the runtime: as a value source, and as the text where a field takes nothing else. */
export interface Destination {
  address: Manifest;
  url: string;
}

/** One field of manifests that says where to call. */
export interface UrlField {
  /** First part of the path at which a mirror hears of it. */
  path: string;
  /** The objects that hold it. */
  objects(name: string, to: Destination): Manifest[];
  /** What makes the runtime call there that would not by itself. */
  questions(name: string): Manifest[];
  /** What is said of an address that is never called, besides that. */
  refusal?: string;
  /** Speaks over the same connections as another field, so that what an answer may be is tried with a few. */
  isAlike?: boolean;
}

const ask = (name: string, type: string, to: string, more: Manifest = {}) =>
  query(name, { input: type === 'tool' ? '{}' : 'x', target: { type, name: to }, timeout: '30s', ...more });

/** A Model with one provider. The agent `parrot` on the engine `echo` has to be there for memories. */
const model = (provider: string, more: Manifest = {}): UrlField => ({
  path: provider,
  isAlike: provider !== 'openai',
  objects: (name, { address }) => [
    resource('Model', `${name}-${provider}`, {
      ...{ provider, model: { value: 'm' } },
      config: { [provider]: { baseUrl: address, apiKey: { value: 'k' }, ...more } },
    }),
  ],
  questions: (name) => [ask(`${name}-${provider}`, 'model', `${name}-${provider}`)],
});
const polled = (path: string, kind: string, version?: string): UrlField => ({
  path,
  objects: (name, { address }) => [resource(kind, name, { address }, version)],
  questions: () => [],
});

/** Every field that the schemas of the kinds declare. */
const DECLARED: Record<string, UrlField> = {
  'A2AServer spec.address': polled('a2a', 'A2AServer', 'v1prealpha1'),
  'MCPServer spec.address': {
    ...polled('mcp', 'MCPServer'),
    objects: (name, { address }) => [
      resource('MCPServer', name, { address }),
      resource('MCPServer', `${name}-sse`, { address, transport: 'sse' }),
    ],
  },
  'Evaluator spec.address': {
    path: 'evaluator',
    objects: (name, { address }) => [resource('Evaluator', name, { address })],
    questions: (name) => [
      resource('Evaluation', name, { type: 'direct', evaluator: { name }, config: { input: 'x', output: 'y' } }),
    ],
  },
  'ExecutionEngine spec.address': {
    path: 'engine',
    objects: (name, { address }) => [
      executionEngine(name, address),
      agent(name, { prompt: 'x', executionEngine: { name } }),
    ],
    questions: (name) => [ask(`${name}-engine`, 'agent', name)],
  },
  'Memory spec.address': {
    path: 'memory',
    objects: (name, { address }) => [resource('Memory', name, { address })],
    questions: (name) => [ask(`${name}-memory`, 'agent', 'parrot', { memory: { name } })],
  },
  'Model spec.config.anthropic.baseUrl': model('anthropic'),
  'Model spec.config.azure.baseUrl': model('azure'),
  'Model spec.config.bedrock.baseUrl': model('bedrock', { region: { value: 'eu-west-1' } }),
  'Model spec.config.openai.baseUrl': model('openai'),
  'Tool spec.http.url': {
    path: 'tool',
    objects: (name, { url }) => [
      resource('Tool', name, { type: 'http', description: 'd', inputSchema: { type: 'object' }, http: { url } }),
    ],
    questions: (name) => [ask(`${name}-tool`, 'tool', name)],
  },
};

/** Those that no schema declares: settings of plugins, and annotations. */
const UNDECLARED: Record<string, UrlField> = {
  'Agent annotation ark.mckinsey.com/a2a-server-address': {
    path: 'annotated',
    objects: (name, { address, url }) => {
      const { metadata, ...rest } = agent(`${name}-annotated`, { prompt: 'x', executionEngine: { name: 'a2a' } });
      const annotations = {
        'ark.mckinsey.com/a2a-server-name': `${name}-home`,
        'ark.mckinsey.com/a2a-server-address': url,
      };
      // Its server has the same address: agents are called nowhere else.
      const home = resource('A2AServer', `${name}-home`, { address }, 'v1prealpha1');
      return [home, { ...rest, metadata: { ...metadata, annotations } }];
    },
    questions: (name) => [ask(`${name}-annotated`, 'agent', `${name}-annotated`)],
    refusal: 'is not at its A2AServer',
  },
  'Model spec.config.ollama.baseUrl': model('ollama'),
};

/** Every field of manifests that says where to call. */
export const URL_FIELDS: Record<string, UrlField> = { ...DECLARED, ...UNDECLARED };

const MESSAGE_0_3 = { kind: 'message', messageId: 'm', role: 'user', parts: [{ kind: 'text', text: 'x' }] };
const MESSAGE_1_0 = { messageId: 'm', role: 'ROLE_USER', parts: [{ text: 'x' }] };
const rpc = (method: string, params: object) => ({ path: '', body: { jsonrpc: '2.0', id: 1, method, params } });

/** A request to an agent that names a receiver of push notifications: a path below the agent's own, and a body. */
export interface PushRequest {
  path: string;
  body: object;
  /** Of the protocol. Default: 0.3. */
  version?: string;
}

/** Every field of A2A that says where to push: of both protocols, of both bindings, with a message and for a task. */
export const PUSH_FIELDS: Record<string, (url: string, taskId: string) => PushRequest> = {
  'message/send configuration.pushNotificationConfig.url': (url) =>
    rpc('message/send', { message: MESSAGE_0_3, configuration: { pushNotificationConfig: { url } } }),
  'tasks/pushNotificationConfig/set pushNotificationConfig.url': (url, taskId) =>
    rpc('tasks/pushNotificationConfig/set', { taskId, pushNotificationConfig: { url } }),
  'SendMessage configuration.taskPushNotificationConfig.url': (url) => ({
    ...rpc('SendMessage', { message: MESSAGE_1_0, configuration: { taskPushNotificationConfig: { url } } }),
    version: '1.0',
  }),
  'CreateTaskPushNotificationConfig url': (url, taskId) => ({
    ...rpc('CreateTaskPushNotificationConfig', { taskId, url }),
    version: '1.0',
  }),
  'message:send configuration.taskPushNotificationConfig.url': (url) => ({
    path: 'message:send',
    body: { message: MESSAGE_1_0, configuration: { taskPushNotificationConfig: { url } } },
    version: '1.0',
  }),
  'tasks/{id}/pushNotificationConfigs url': (url, taskId) => ({
    path: `tasks/${taskId}/pushNotificationConfigs`,
    body: { url },
    version: '1.0',
  }),
  'v1/message:send configuration.pushNotification.url': (url) => ({
    path: 'v1/message:send',
    body: {
      message: { messageId: 'm', role: 'ROLE_USER', content: [{ text: 'x' }] },
      configuration: { pushNotification: { url } },
    },
  }),
  'v1/tasks/{id}/pushNotificationConfigs url': (url, taskId) => ({
    path: `v1/tasks/${taskId}/pushNotificationConfigs`,
    body: { pushNotificationConfig: { url } },
  }),
};

interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
}
interface Definition {
  spec: { names: { kind: string }; versions: { schema: { openAPIV3Schema: Schema } }[] };
}

/** Every field that is known to hold an address: by its name in a schema, and the others by heart. As `Kind spec.path`. */
export function knownUrlFields(): string[] {
  const texts = readdirSync('crds').map((file) => readFileSync(`crds/${file}`, 'utf8'));
  const definitions = texts.flatMap((text) => loadAll(text) as Definition[]).filter((each) => each?.spec?.versions);
  const found = definitions.flatMap(({ spec: { names, versions } }) =>
    versions.flatMap(({ schema }) => {
      const paths = pathsIn(schema.openAPIV3Schema.properties?.spec, 'spec');
      return paths
        .filter((path) => /(url|uri|address|endpoint|host)$/i.test(path))
        .map((path) => `${names.kind} ${path}`);
    }),
  );
  return [...new Set([...found, ...Object.keys(UNDECLARED)])].sort();
}

function pathsIn(schema: Schema | undefined, path: string): string[] {
  const inner = Object.entries(schema?.properties ?? {}).flatMap(([name, field]) => pathsIn(field, `${path}.${name}`));
  return [path, ...inner, ...(schema?.items ? pathsIn(schema.items, `${path}[]`) : [])];
}
