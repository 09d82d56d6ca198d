import { describe, expect, it } from '@jest/globals';
import { HttpMemoryBackend } from '../../../plugins/memory/http/http.memory.js';
import { OpenAIModelProvider } from '../../../plugins/models/ai-sdk/openai/openai.model-provider.js';
import { HttpToolType } from '../../../plugins/tools/http/http.tool.js';
import { CardReader } from '../../../src/discovery/card-reader.js';
import { GuardedHttp } from '../../../src/discovery/guarded-http.js';
import { McpRoom } from '../../../src/discovery/mcp-room.js';
import { ForeignEngines } from '../../../src/dispatch/foreign-engines.js';
import { HostedAgents } from '../../../src/dispatch/hosted/hosted-agents.js';
import type { TargetCall } from '../../../src/dispatch/target-call.js';
import { noMetrics } from '../../../src/kit/index.js';
import { toolConfig, toolContext } from '../../../src/kit/testing/index.js';
import { Tracing } from '../../../src/machinery/observability/tracing/tracing.js';
import type { Settings } from '../../../src/machinery/settings/settings.js';
import type { Agent } from '../../../src/resources/agent/agent.resource.js';
import type { Query } from '../../../src/resources/query/query.resource.js';
import { machineAddress } from '../../harness/cluster/machine-address.js';
import { rememberingLogger } from '../../harness/engine-process.js';
import { agent, query } from '../../harness/manifests.js';
import { MemoryObjects } from '../../harness/memory-objects.js';
import { MirrorServer } from '../../harness/mirror-server.js';

const inside = { egress: { loopback: false } };
const settings = { kubernetes: 'in-cluster' } as Settings;
/** What this machine is called by itself, and by others. */
const NAMES = ['127.0.0.1', 'localhost', '[::1]', '2130706433', '[::ffff:7f00:1]', '0.0.0.0', 'x.localhost'];
const known = machineAddress();
const HOSTS = known ? [...NAMES, known, `[::ffff:${known}]`] : NAMES;

type Parts = ConstructorParameters<typeof HostedAgents>;

const patience = () => AbortSignal.timeout(20_000);
const TARGET = { type: 'agent' as const, name: 'a' };
const Q = query('q', { input: 'x', target: TARGET });
/** Calls of a Query called `passing-…` ask no API server, which knows nothing of it. */
const call = (uid: string): TargetCall => ({
  query: { ...Q, metadata: { ...Q.metadata, uid } } as unknown as Query,
  target: TARGET,
  text: 'x',
  messageId: 'attempt-1',
  signal: patience(),
  deadline: new Date(Date.now() + 20_000),
  onText: () => {},
});

describe('inside a cluster the runtime’s own machine', () => {
  const places = async (path: string, run: (url: string) => Promise<unknown>): Promise<string[]> => {
    const mirror = await MirrorServer.listen();
    try {
      const { port } = new URL(mirror.url);
      const said: string[] = [];
      for (const host of HOSTS) {
        said.push(await run(`http://${host}:${port}/${path}`).then(String, (error: Error) => error.message));
      }
      expect(mirror.seen).toEqual([]);
      return said;
    } finally {
      await mirror.close();
    }
  };
  const open = (said: string[]) => said.filter((text) => !text.includes('is this machine itself'));

  it('is called by no Tool', async () => {
    const type = new HttpToolType();
    const context = { ...toolContext(), ...inside };
    const said = await places('tool/words', (url) => type.call(toolConfig({ settings: { url } }), {}, context));
    await type.onApplicationShutdown();
    expect(open(said)).toEqual([]);
  });

  it('is called by no Model', async () => {
    const provider = new OpenAIModelProvider();
    const said = await places('openai/refused', async (baseUrl) => {
      const config = { name: 'm', namespace: 'n', model: 'm', properties: {}, headers: {}, ...inside };
      await provider.probe({ ...config, settings: { baseUrl, apiKey: 'k' } }, patience());
    });
    await provider.onApplicationShutdown();
    expect(open(said)).toEqual([]);
  });

  it('is called by no Memory', async () => {
    const backend = new HttpMemoryBackend();
    const said = await places('memory/words', async (address) => {
      const client = backend.open({ name: 'm', namespace: 'n', address, headers: {}, ...inside });
      return client.read('c', {}, patience());
    });
    await backend.onApplicationShutdown();
    expect(open(said)).toEqual([]);
  });

  it('is called by no MCPServer, neither to list its tools nor to call them', async () => {
    const room = new McpRoom({ logger: rememberingLogger(), programs: false, loopback: false });
    const server = { name: 's', transport: 'http' as const, timeout: '20s', headers: {}, tools: ['words'] };
    const called = await places('mcp', (url) => room.connections.connect({ ...server, url }, patience()));
    const listed = await places('mcp', (url) =>
      room.reader.read({ id: url, server: { ...server, url }, onChange: () => {}, signal: patience() }),
    );
    await room.close();
    expect([...open(called), ...open(listed)]).toEqual([]);
  });

  it('shows the card of no A2AServer', async () => {
    const http = new GuardedHttp(inside.egress);
    const reader = new CardReader(http, 20_000);
    const said = await places('card', (address) => reader.read({ address, headers: {}, signal: patience() }));
    await http.close();
    expect(open(said)).toEqual([]);
  });

  it('is asked as no agent of an A2AServer', async () => {
    const said = await places('agent', async (address) => {
      const annotations = {
        'ark.mckinsey.com/a2a-server-name': 'there',
        'ark.mckinsey.com/a2a-server-address': address,
      };
      const found = agent(TARGET.name, { executionEngine: { name: 'a2a' } });
      const far = { ...found, metadata: { ...found.metadata, annotations } };
      const there = {
        apiVersion: 'ark.mckinsey.com/v1prealpha1',
        kind: 'A2AServer',
        metadata: { name: 'there' },
        spec: { address: { value: address } },
        status: { lastResolvedAddress: address },
      };
      const events = { around: (_query: object, _agent: object, work: () => unknown) => work() } as Parts[3];
      const objects = new MemoryObjects().put(far, there);
      const unused = {} as Parts[1] & Parts[2];
      const tools = [rememberingLogger(), noMetrics, new Tracing(), settings] as const;
      const agents = new HostedAgents(objects, unused, unused, events, ...tools);
      try {
        return await agents.ask(far as unknown as Agent, call('passing-1'));
      } finally {
        await agents.onApplicationShutdown();
      }
    });
    expect(open(said)).toEqual([]);
  });

  it('is no ExecutionEngine by way of the network', async () => {
    const engines = new ForeignEngines(rememberingLogger(), noMetrics, new Tracing(), settings);
    const said = await places('engines/echo', (address) => engines.ask('other', address, call('uid-q')));
    await engines.onApplicationShutdown();
    expect(open(said)).toEqual([]);
  });
});
