import { agent, executionEngine, query, resource } from './manifests.js';
import { ScriptedA2aServer } from './scripted-a2a-server.js';

const REF = 'https://github.com/mckinsey/agents-at-scale-ark/tree/main/ark/api/extensions/query/v1/ref';

type Spec = Record<string, unknown>;

/** The namespace of the agents and their Queries; the Models are in `default`. */
export const SHOP = 'paid';

export const one = (type: string, name: string) => ({ type, name });

const DOLLARS = { 'input-cost': '2', 'output-cost': '10', currency: 'USD' };
const EUROS = { 'input-cost': '1', 'output-cost': '3', currency: 'EUR', unit: 'per-thousand-tokens' };
const CALL = { toolCalls: [{ name: 'noop' }] };
const NOOP = { tools: [{ type: 'built-in', name: 'noop' }] };

const usage = (promptTokens: number, completionTokens: number) => ({ usage: { promptTokens, completionTokens } });

function priced(name: string, prices: Spec, spec: Spec) {
  const annotations = Object.fromEntries(
    Object.entries(prices).map(([key, text]) => [`pricing.ark.mckinsey.com/${key}`, text]),
  );
  const model = resource('Model', name, spec);
  return { ...model, metadata: { ...model.metadata, annotations } };
}

const scripted = (name: string, prices: Spec, ...script: Spec[]) =>
  priced(name, prices, { provider: 'scripted', model: { value: name }, config: { scripted: { script } } });

const member = (name: string, spec: Spec = {}) =>
  agent(name, { prompt: 'x', modelRef: { name, namespace: 'default' }, ...spec }, SHOP);

function here(kind: string, name: string, spec: Spec): Spec {
  const object = resource(kind, name, spec);
  return { ...object, metadata: { ...object.metadata, namespace: SHOP } };
}

/** @param url of a model server that speaks as OpenAI does */
function models(url: string): Spec[] {
  const echo = {
    provider: 'openai',
    model: { value: 'echo' },
    config: { openai: { baseUrl: { value: url }, apiKey: { value: 'k' } } },
  };
  const verdict = 'SCORE: 0.9\nREASONING: x\nCRITERIA_SCORES: relevance=0.9';
  return [
    priced('cached', { ...DOLLARS, 'cached-input-cost': '0.5' }, echo),
    scripted('twice', DOLLARS, { ...CALL, ...usage(1000, 10) }, { afterTool: '', answer: 'Done', ...usage(2000, 20) }),
    scripted('euro', EUROS, { answer: 'Ja', ...usage(100, 50) }),
    // Nothing follows the call: the second completion fails.
    scripted('broken', DOLLARS, { ...CALL, ...usage(500, 5) }),
    scripted('slow', DOLLARS, { ...CALL, ...usage(700, 7) }, { afterTool: '', answer: 'Late', delayMs: 600_000 }),
    scripted('judge', DOLLARS, { answer: verdict, ...usage(300, 30) }),
    // It calls what its agent does not list.
    scripted(
      'odd',
      { ...DOLLARS, unit: 'per-word' },
      { toolCalls: [{ name: 'bomb' }] },
      { afterTool: '', answer: 'Free', ...usage(40, 4) },
    ),
  ];
}

function evaluation(): Spec[] {
  const parameters = Object.entries({ 'model.name': 'judge', 'model.namespace': 'default' });
  const evaluator = { name: 'critic', parameters: parameters.map(([name, value]) => ({ name, value })) };
  return [
    here('Evaluator', 'critic', { address: { value: 'plugin:judge' } }),
    here('Evaluation', 'verdict', { type: 'direct', evaluator, config: { input: 'x', output: 'y' } }),
  ];
}

/** An engine on A2A that tells the tokens it took, and no cost. */
export async function abroad(): Promise<ScriptedA2aServer> {
  const server = await ScriptedA2aServer.listen((url) => ({
    ...{ name: 'abroad', description: '', url, version: '1', protocolVersion: '0.3.0' },
    capabilities: { streaming: false },
  }));
  const tokenUsage = { prompt_tokens: 100, completion_tokens: 10, total_tokens: 110 };
  const metadata = { [REF]: { tokenUsage, messages: [] } };
  const parts = [{ kind: 'text', text: 'From afar' }];
  server.onCall = (call) => call.result({ kind: 'message', role: 'agent', messageId: 'r', parts, metadata });
  return server;
}

/**
 * Agents whose Models have prices, and a Query to each of them and to a team; one of the Queries fails, and `slow` is
 * never answered.
 *
 * @param engine of {@link abroad}
 */
export function pricedShop(url: string, engine: string): Spec[] {
  const members = [one('agent', 'twice'), one('agent', 'euro')];
  const alone = [
    one('agent', 'cached'),
    one('agent', 'twice'),
    one('agent', 'broken'),
    one('agent', 'odd'),
    one('agent', 'abroad'),
  ];
  const asked = [...alone, one('agent', 'slow'), one('team', 'crew')];
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: SHOP } },
    ...models(url),
    ...['cached', 'euro', 'odd'].map((name) => member(name)),
    ...['twice', 'broken', 'slow'].map((name) => member(name, NOOP)),
    executionEngine('abroad', { value: engine }, SHOP),
    member('abroad', { executionEngine: { name: 'abroad' }, modelRef: { name: 'twice', namespace: 'default' } }),
    here('Team', 'crew', { strategy: 'sequential', members }),
    ...evaluation(),
    ...asked.map((target) => query(target.name, { input: 'hi', target }, SHOP)),
    query('both', { input: 'hi', targets: members }, SHOP),
  ];
}
