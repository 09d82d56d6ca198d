import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HttpMemoryBackend } from '../../../plugins/memory/http/http.memory.js';
import { AnthropicModelProvider } from '../../../plugins/models/ai-sdk/anthropic/anthropic.model-provider.js';
import { AzureModelProvider } from '../../../plugins/models/ai-sdk/azure/azure.model-provider.js';
import { BedrockModelProvider } from '../../../plugins/models/ai-sdk/bedrock/bedrock.model-provider.js';
import { OllamaModelProvider } from '../../../plugins/models/ai-sdk/ollama/ollama.model-provider.js';
import { OpenAIModelProvider } from '../../../plugins/models/ai-sdk/openai/openai.model-provider.js';
import { HttpToolType } from '../../../plugins/tools/http/http.tool.js';
import { CardReader } from '../../../src/discovery/card-reader.js';
import { GuardedHttp } from '../../../src/discovery/guarded-http.js';
import { McpRoom } from '../../../src/discovery/mcp-room.js';
import { ForeignEngines } from '../../../src/dispatch/foreign-engines.js';
import { HostedAgents } from '../../../src/dispatch/hosted/hosted-agents.js';
import type { TargetCall } from '../../../src/dispatch/target-call.js';
import { errorText, type ModelProvider, noMetrics } from '../../../src/kit/index.js';
import { silentLogger, toolConfig, toolContext } from '../../../src/kit/testing/index.js';
import { Tracing } from '../../../src/machinery/observability/tracing/tracing.js';
import type { Settings } from '../../../src/machinery/settings/settings.js';
import { Agent } from '../../../src/resources/agent/agent.resource.js';
import { ForeignEvaluators } from '../../../src/runtime/evaluation/foreign-evaluator.js';
import { machineAddress } from '../../harness/cluster/machine-address.js';
import { agent, query } from '../../harness/manifests.js';
import { MemoryObjects } from '../../harness/memory-objects.js';
import { MirrorServer } from '../../harness/mirror-server.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';
import { knownUrlFields, PUSH_FIELDS } from '../../harness/url-fields.js';
import { GuardedApplication } from '../auth/guarded-application.js';

const NAMES = ['127.0.0.1', 'localhost', '[::1]', '2130706433', '[::ffff:7f00:1]', '0.0.0.0', 'x.localhost'];
const known = machineAddress();
/** What this machine is called by itself, and by others. */
const PLACES = known ? [...NAMES, known, `[::ffff:${known}]`] : NAMES;

const inside = { egress: { loopback: false } };
const settings = { kubernetes: 'in-cluster' } as Settings;
const within = () => AbortSignal.timeout(20_000);

/** What calls the address of one field. */
interface Caller {
  call(url: string): Promise<unknown>;
  close(): Promise<unknown>;
}

interface Closing {
  onApplicationShutdown(): Promise<void>;
}

function model(provider: Required<Pick<ModelProvider, 'probe'>> & Closing, more: object = {}): Caller {
  return {
    call: (baseUrl) => {
      const config = { name: 'm', namespace: 'n', model: 'm', properties: {}, headers: {}, ...inside };
      return provider.probe({ ...config, settings: { baseUrl, apiKey: 'k', ...more } } as never, within());
    },
    close: () => provider.onApplicationShutdown(),
  };
}

const callOf = (): TargetCall => {
  const { metadata, ...rest } = query('q', { input: 'x', target: { type: 'agent', name: 'a' } });
  return {
    ...{ query: { ...rest, metadata: { ...metadata, uid: 'passing-1' } } as never, text: 'x', messageId: 'm' },
    ...{ target: { type: 'agent', name: 'a' }, signal: within(), deadline: new Date(Date.now() + 20_000) },
    onText: () => {},
  };
};

async function hosted(address: string): Promise<unknown> {
  const found = agent('far', { executionEngine: { name: 'a2a' } });
  const annotations = { 'ark.mckinsey.com/a2a-server-name': 'there', 'ark.mckinsey.com/a2a-server-address': address };
  const far = { ...found, metadata: { ...found.metadata, annotations } };
  const there = {
    ...{ apiVersion: 'ark.mckinsey.com/v1prealpha1', kind: 'A2AServer', metadata: { name: 'there' } },
    ...{ spec: { address: { value: address } }, status: { lastResolvedAddress: address } },
  };
  const unused = {} as never;
  const events = { around: (_query: unknown, _agent: unknown, work: () => unknown) => work() } as never;
  const objects = new MemoryObjects().put(far, there);
  const tracing = new Tracing();
  const agents = new HostedAgents(objects, unused, unused, events, silentLogger, noMetrics, tracing, settings);
  try {
    return await agents.ask(far as unknown as Agent, callOf());
  } finally {
    await agents.onApplicationShutdown();
  }
}

const CALLERS: Record<string, () => Caller> = {
  'A2AServer spec.address': () => {
    const http = new GuardedHttp({ loopback: false });
    const cards = new CardReader(http, 20_000);
    return { call: (address) => cards.read({ address, headers: {}, signal: within() }), close: () => http.close() };
  },
  'Agent annotation ark.mckinsey.com/a2a-server-address': () => ({ call: hosted, close: async () => {} }),
  'Evaluator spec.address': () => {
    const evaluators = new ForeignEvaluators({ loopback: false });
    const body = { type: 'direct', config: {}, parameters: {}, evaluatorName: 'e' };
    return { call: (url) => evaluators.judge(new URL(url), body, within(), []), close: () => evaluators.close() };
  },
  'ExecutionEngine spec.address': () => {
    const engines = new ForeignEngines(silentLogger, noMetrics, new Tracing(), settings);
    const { query: asked, ...call } = callOf();
    const persistent = { ...asked, metadata: { ...asked.metadata, uid: 'uid-q' } };
    return {
      call: (address) => engines.ask('e', address, { ...call, query: persistent }),
      close: () => engines.onApplicationShutdown(),
    };
  },
  'MCPServer spec.address': () => {
    const room = new McpRoom({ logger: silentLogger, programs: false, loopback: false });
    const server = { name: 's', namespace: 'n', transport: 'http' as const, timeout: '20s', headers: {}, tools: [] };
    return {
      call: async (url) => {
        const calling = room.connections.connect({ ...server, url }, within());
        await expect(calling).rejects.toThrow('is this machine itself');
        return room.reader.read({ id: url, server: { ...server, url }, onChange: () => {}, signal: within() });
      },
      close: () => room.close(),
    };
  },
  'Memory spec.address': () => {
    const backend = new HttpMemoryBackend();
    return {
      call: (address) =>
        backend.open({ name: 'm', namespace: 'n', address, headers: {}, ...inside }).read('c', {}, within()),
      close: () => backend.onApplicationShutdown(),
    };
  },
  'Model spec.config.anthropic.baseUrl': () => model(new AnthropicModelProvider()),
  'Model spec.config.azure.baseUrl': () => model(new AzureModelProvider()),
  'Model spec.config.bedrock.baseUrl': () =>
    model(new BedrockModelProvider(), { region: 'eu-west-1', accessKeyId: 'k', secretAccessKey: 's' }),
  'Model spec.config.ollama.baseUrl': () => model(new OllamaModelProvider()),
  'Model spec.config.openai.baseUrl': () => model(new OpenAIModelProvider()),
  'Tool spec.http.url': () => {
    const type = new HttpToolType();
    const context = { ...toolContext(), ...inside };
    return {
      call: (url) => type.call(toolConfig({ settings: { url } }), {}, context),
      close: () => type.onApplicationShutdown(),
    };
  },
};

describe('inside a cluster the runtime’s own machine', () => {
  const folder = temporaryFolder();
  const closing: (() => Promise<unknown>)[] = [];
  let mirror: MirrorServer;
  beforeEach(async () => {
    mirror = await MirrorServer.listen();
  });
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
    await mirror.close();
  });

  /** What became of calls to all of its names. */
  const said = (call: (url: string) => Promise<unknown>) => {
    const { port } = new URL(mirror.url);
    return Promise.all(
      PLACES.map(async (host) => {
        const ended = call(`http://${host}:${port}/x/words`);
        return [host, await ended.then((answer) => JSON.stringify(answer), errorText)];
      }),
    );
  };
  const open = (all: string[][]) => all.filter(([, text]) => !text?.includes('is this machine itself'));

  it('is tried by everything that calls an address of a manifest', () => {
    expect(Object.keys(CALLERS).sort()).toEqual(knownUrlFields());
  });

  it.each(Object.entries(CALLERS))('is not called for %s', async (_field, opened) => {
    const caller = opened();
    closing.push(() => caller.close());
    expect(open(await said(caller.call))).toEqual([]);
    expect(mirror.seen).toEqual([]);
  });

  it('is told nothing of tasks', async () => {
    const house = await GuardedApplication.start(folder(), { authMode: 'none' }, { ARK_KUBERNETES: 'in-cluster' });
    closing.push(() => house.stop());
    await house.put(Agent, { metadata: { name: 'parrot', namespace: 'default' }, spec: { prompt: 'x' } });
    for (const naming of Object.values(PUSH_FIELDS)) {
      const answers = await said((url) => {
        const { path, body, version = '0.3' } = naming(url, 'no-task');
        const headers = { 'content-type': 'application/json', 'a2a-version': version, host: 'localhost' };
        return house.app
          .inject({ method: 'POST', url: `/agent/parrot/${path}`, headers, payload: JSON.stringify(body) })
          .then((answer) => answer.body);
      });
      expect(open(answers)).toEqual([]);
    }
    expect(mirror.seen).toEqual([]);
  });
});
