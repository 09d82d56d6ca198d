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
}

const ask = (name: string, type: string, to: string, more: Manifest = {}) =>
  query(name, { input: type === 'tool' ? '{}' : 'x', target: { type, name: to }, timeout: '30s', ...more });

/** A Model with one provider. The agent `parrot` on the engine `echo` has to be there for memories. */
const model = (provider: string, more: Manifest = {}): UrlField => ({
  path: provider,
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

/** Every field of manifests that says where to call. */
export const URL_FIELDS: Record<string, UrlField> = {
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

interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
}
interface Definition {
  spec: { names: { kind: string }; versions: { schema: { openAPIV3Schema: Schema } }[] };
}

/** The fields of every kind whose names say that they hold an address, as `Kind spec.path`. */
export function declaredUrlFields(): string[] {
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
  return [...new Set(found)].sort();
}

function pathsIn(schema: Schema | undefined, path: string): string[] {
  const inner = Object.entries(schema?.properties ?? {}).flatMap(([name, field]) => pathsIn(field, `${path}.${name}`));
  return [path, ...inner, ...(schema?.items ? pathsIn(schema.items, `${path}[]`) : [])];
}
