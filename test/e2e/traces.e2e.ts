import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { agent, executionEngine, query, yaml } from '../harness/manifests.js';
import { OtlpCollector } from '../harness/otlp-collector.js';
import { Runtime } from '../harness/runtime.js';
import { ScriptedA2aServer } from '../harness/scripted-a2a-server.js';
import { ScriptedMcpServer } from '../harness/scripted-mcp-server.js';

type Spec = Record<string, unknown>;

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CHAIN = TRACE.replace('4bf', '777');
const HEARD = TRACE.replace('4bf', '666');
const SPOKEN = TRACE.replace('4bf', '999');
const SPLIT = TRACE.replace('4bf', '555');
const ANNOTATED = TRACE.replace('4bf', '888');
const CLIENT_SPAN = '00f067aa0ba902b7';
const SECRET = 'sesame-2718';

const thing = (kind: string, name: string, spec: Spec) => ({
  apiVersion: 'ark.mckinsey.com/v1alpha1',
  kind,
  metadata: { name, namespace: 'default' },
  spec,
});
const message = { kind: 'message', parts: [{ kind: 'text', text: 'heard' }] };
const card = (url: string) => ({
  ...{ name: 'engine', description: '', url, version: '1', protocolVersion: '0.3.0' },
  capabilities: { streaming: false },
});
const model = (name: string, script: Spec[]) =>
  thing('Model', name, { provider: 'scripted', model: { value: 'script' }, config: { scripted: { script } } });

/** Agents with a tool over HTTP, a tool of an MCP server, and on two engines elsewhere. */
function household(places: { sky: string; mcp: string; far: string; told: string }): Spec[] {
  const brain = model('default', [
    { match: 'weather', toolCalls: [{ name: 'sky', arguments: { word: 'blue-moon' } }] },
    { match: 'polite', toolCalls: [{ name: 'people-greet', arguments: { word: 'blue-moon' } }] },
    { afterTool: 'hello', answer: 'It says hello' },
    { match: 'forbidden', toolCalls: [{ name: 'bomb', arguments: {} }] },
    { afterTool: 'clear', answer: 'It is clear' },
    { answer: 'Nothing' },
  ]);
  const annotations = { 'pricing.ark.mckinsey.com/input-cost': '2', 'pricing.ark.mckinsey.com/output-cost': '10' };
  const http = { url: places.sky, headers: [{ name: 'x-key', value: { value: SECRET } }] };
  const modelRef = { name: 'default' };
  return [
    { ...brain, metadata: { ...brain.metadata, annotations } },
    thing('MCPServer', 'people', { address: { value: places.mcp } }),
    thing('Tool', 'sky', { type: 'http', description: 'Looks up', http }),
    agent('weatherman', { prompt: 'You are a whisperer', modelRef, tools: [{ type: 'http', name: 'sky' }] }),
    agent('greeter', { prompt: 'x', modelRef, tools: [{ type: 'mcp', name: 'people-greet' }] }),
    executionEngine('elsewhere', { value: places.far }),
    executionEngine('told', { value: places.told }),
    agent('listener', { prompt: 'x', executionEngine: { name: 'told' } }),
    agent('traveller', { prompt: 'x', executionEngine: { name: 'elsewhere' } }),
  ];
}

describe('traces', () => {
  const toolHeaders: IncomingHttpHeaders[] = [];
  const service = createServer((request, response) => {
    toolHeaders.push(request.headers);
    response.end('clear');
  });
  let collector: OtlpCollector;
  let mcp: ScriptedMcpServer;
  let told: ScriptedA2aServer;
  let near: Runtime;
  let far: Runtime;
  let door: Runtime;
  beforeAll(async () => {
    await new Promise<void>((done) => service.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}/sky`;
    [collector, mcp] = await Promise.all([OtlpCollector.listen(), ScriptedMcpServer.listen()]);
    const content = { OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' };
    const compressed = { OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' };
    const json = { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
    // One sends as Langfuse wants it, the other as Phoenix does.
    const basic = { OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20cGstbGY6c2stbGY%3D' };
    const bearer = { OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20px-key' };
    near = await Runtime.start({ env: { ...collector.env('near', '/api/public/otel'), ...compressed, ...basic } });
    far = await Runtime.start({ env: { ...collector.env('far'), ...content, ...json, ...bearer } });
    door = await Runtime.start({ beside: near, env: { ...collector.env('door'), ...bearer, ARK_ROLES: 'gateway' } });
    told = await ScriptedA2aServer.listen(card);
    told.onCall = (call) => call.result({ ...message, messageId: 'r', role: 'agent' });
    await far.ark(['apply', '-f', '-'], {
      input: yaml(
        model('talker', [{ answer: 'I am far away' }]),
        agent('echoer', { prompt: 'x', modelRef: { name: 'talker' } }),
      ),
    });
    const places = { sky: url, mcp: mcp.url, far: `${far.endpoints.http}/agent/echoer/`, told: told.url };
    const applied = await near.ark(['apply', '-f', '-'], { input: yaml(...household(places)) });
    expect([applied.code, applied.stderr]).toEqual([0, '']);
    expect(await send('weatherman', 'What is the weather like in whispers?', TRACE)).toContain('It is clear');
    await eventually(async () => {
      const { stdout } = await near.ark(['get', 'agent', 'greeter', '-o', 'json']);
      expect(JSON.parse(stdout).status?.conditions).toContainEqual(expect.objectContaining({ status: 'True' }));
    });
    expect(await send('greeter', 'Be polite', SPOKEN)).toContain('It says hello');
    expect(await send('traveller', 'Are you there?', CHAIN)).toContain('I am far away');
    expect(await send('listener', 'Hear me', HEARD)).toContain('heard');
    const annotations = { 'ark.mckinsey.com/traceparent': `00-${ANNOTATED}-${CLIENT_SPAN}-01` };
    const asked = query('annotated', { input: 'forbidden', target: { type: 'agent', name: 'weatherman' } });
    const own = query('plain', { input: 'hi', target: { type: 'agent', name: 'weatherman' } });
    const input = yaml({ ...asked, metadata: { ...asked.metadata, annotations } }, own);
    expect((await near.ark(['apply', '-f', '-'], { input })).code).toBe(0);
  });
  afterAll(async () => {
    await door?.dispose();
    await Promise.all([near?.dispose(), far?.dispose()]);
    collector?.close();
    await Promise.all([mcp?.close(), told?.close()]);
    service.closeAllConnections();
    service.close();
  });

  async function send(name: string, text: string, traceId: string, runtime = near) {
    const message = { kind: 'message', role: 'user', messageId: `m-${traceId}`, parts: [{ kind: 'text', text }] };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'message/send', params: { message } });
    const traceparent = `00-${traceId}-${CLIENT_SPAN}-01`;
    const headers = { 'content-type': 'application/json', traceparent, baggage: 'tenant=acme' };
    const response = await fetch(`${runtime.endpoints.http}/agent/${name}/`, { method: 'POST', headers, body });
    return JSON.stringify(await response.json());
  }

  it("lead from a client through the gateway, the engine, the model and the tool's own service", async () => {
    await eventually(() => {
      const inTrace = (name: string) => collector.find(TRACE, name);
      const door = collector.spans.find(({ traceId, kind }) => traceId === TRACE && kind === 2);
      expect(door).toMatchObject({ name: 'POST /agent/:name', parentSpanId: CLIENT_SPAN, service: 'near' });
      const dispatch = collector.spans.find(({ traceId, name }) => traceId === TRACE && name.endsWith('.dispatch'));
      expect(dispatch?.parentSpanId).toBe(door?.spanId);
      expect(inTrace('invoke_agent weatherman')).toMatchObject({
        parentSpanId: dispatch?.spanId,
        attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'weatherman' },
      });
      const run = inTrace('invoke_agent weatherman').spanId;
      expect(inTrace('chat script')).toMatchObject({
        parentSpanId: run,
        kind: 3,
        attributes: { 'gen_ai.provider.name': 'scripted', 'gen_ai.request.model': 'script' },
      });
      expect(inTrace('chat script').attributes['gen_ai.usage.input_tokens']).toBeGreaterThan(0);
      const tool = inTrace('execute_tool sky');
      expect(tool).toMatchObject({ parentSpanId: run, attributes: { 'tool.type': 'http', 'gen_ai.tool.name': 'sky' } });
      expect(toolHeaders[0]?.traceparent).toBe(`00-${TRACE}-${tool.spanId}-01`);
    });
  });

  it('lead from the process of the gateway into the one that runs the Query', async () => {
    expect(await send('weatherman', 'What is the weather like?', SPLIT, door)).toContain('It is clear');
    await eventually(() => {
      const asked = collector.find(SPLIT, 'POST /agent/:name', 'door');
      expect(asked.parentSpanId).toBe(CLIENT_SPAN);
      const dispatch = collector.spans.find(({ traceId, name }) => traceId === SPLIT && name.endsWith('.dispatch'));
      expect(dispatch).toMatchObject({ parentSpanId: asked.spanId, service: 'near' });
      const run = collector.find(SPLIT, 'invoke_agent weatherman', 'near');
      expect(run.parentSpanId).toBe(dispatch?.spanId);
      expect(collector.find(SPLIT, 'execute_tool sky', 'near').parentSpanId).toBe(run.spanId);
      const session = run.attributes['ark.session.id'];
      const called = toolHeaders.find(({ traceparent }) => traceparent?.includes(SPLIT));
      expect(called?.baggage).toContain(`ark.session.id=${session}`);
      expect(called?.baggage).toContain('tenant=acme');
    });
  });

  it('lead to an MCP server, whose own request names the call of the tool', async () => {
    await eventually(() => {
      const tool = collector.find(SPOKEN, 'execute_tool people-greet');
      expect(tool).toMatchObject({
        parentSpanId: collector.find(SPOKEN, 'invoke_agent greeter').spanId,
        kind: 1,
        attributes: {
          'gen_ai.operation.name': 'execute_tool',
          'gen_ai.tool.name': 'people-greet',
          'gen_ai.tool.type': 'extension',
          'gen_ai.tool.call.id': expect.stringMatching(/^call-/),
          'tool.type': 'mcp',
        },
      });
      const root = collector.spans.find(({ traceId, kind }) => traceId === SPOKEN && kind === 2);
      expect(root?.parentSpanId).toBe(CLIENT_SPAN);
      const [called, ...others] = mcp.seen.filter(({ line }) => line.endsWith(' tools/call'));
      expect(others).toEqual([]);
      const traceparent = `00-${SPOKEN}-${tool.spanId}-01`;
      expect(called?.headers.traceparent).toBe(traceparent);
      expect(called?.headers.baggage).toContain(`ark.session.id=${tool.attributes['ark.session.id']}`);
      // Programs without HTTP find it in the call.
      expect(called?.params?._meta).toMatchObject({ traceparent });
    });
  });

  it('name the Query and the session on every span below it, and to the services that are called', async () => {
    await eventually(() => {
      const spans = ['invoke_agent weatherman', 'chat script', 'execute_tool sky'];
      const told = spans.map((name) => collector.find(TRACE, name).attributes);
      const session = told[0]?.['ark.session.id'];
      expect(session).toMatch(/^[0-9a-f-]{36}$/);
      for (const attributes of told) {
        expect(attributes).toMatchObject({ 'query.namespace': 'default', 'ark.session.id': session });
      }
      expect(toolHeaders[0]?.baggage).toContain(`ark.session.id=${session}`);
      expect(toolHeaders[0]?.baggage).toContain('tenant=acme');
      expect(toolHeaders[0]?.baggage).toContain(`ark.query.name=${told[0]?.['query.name']}`);
    });
  });

  it('hold nothing that was said, and no secret', async () => {
    await eventually(() => {
      for (const name of ['sky', 'people-greet']) expect(collector.text).toContain(`execute_tool ${name}`);
    });
    for (const text of ['whispers', 'whisperer', 'It is clear', 'blue-moon', SECRET]) {
      expect(collector.text).not.toContain(text);
    }
  });

  it('go on in another runtime', async () => {
    const traceId = CHAIN;
    await eventually(() => {
      const hop = collector.spans.find(
        ({ name, kind, ...span }) => span.traceId === traceId && kind === 3 && name === 'invoke_agent traveller',
      );
      expect(hop?.service).toBe('near');
      const door = collector.spans.find(
        ({ kind, ...span }) => span.traceId === traceId && kind === 2 && span.service === 'far',
      );
      expect(door?.parentSpanId).toBe(hop?.spanId);
      // Two Queries, one session, and what the client said of itself.
      const [here, there] = [hop, collector.find(traceId, 'invoke_agent echoer', 'far')];
      expect(there.attributes['ark.session.id']).toBe(here?.attributes['ark.session.id']);
      expect(there.attributes['query.name']).not.toBe(here?.attributes['query.name']);
    });
  });

  it('reach an engine that speaks A2A with the session, and the call is counted', async () => {
    await eventually(async () => {
      const hop = collector.spans.find(
        ({ name, kind, traceId }) => traceId === HEARD && kind === 3 && name === 'invoke_agent listener',
      );
      const { headers } = told.calls[0] ?? {};
      expect(headers?.traceparent).toBe(`00-${HEARD}-${hop?.spanId}-01`);
      const session = hop?.attributes['ark.session.id'];
      expect(session).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers?.baggage).toContain(`ark.session.id=${session}`);
      const figures = await (await fetch(`${near.endpoints.http}/metrics`)).text();
      expect(figures).toMatch(/^ark_a2a_call_duration_seconds_count\{outcome="ok"\} 2$/m);
    });
  });

  it('reach Langfuse and Phoenix by an endpoint and a key, in the words that those read', async () => {
    await eventually(() => {
      expect([...collector.arrivals].sort()).toEqual([
        '/api/public/otel/v1/traces Basic cGstbGY6c2stbGY=',
        '/v1/traces Bearer px-key',
      ]);
      const { attributes } = collector.find(TRACE, 'chat script', 'near');
      const [input, output] = ['input', 'output'].map((type) => attributes[`gen_ai.usage.${type}_tokens`]);
      expect(attributes).toMatchObject({
        'session.id': attributes['ark.session.id'],
        'openinference.span.kind': 'LLM',
        'llm.model_name': 'script',
        'llm.token_count.prompt': input,
        'llm.token_count.completion': output,
        'gen_ai.usage.cost': expect.closeTo((Number(input) * 2 + Number(output) * 10) / 1e6, 12),
        'ark.cost.currency': 'USD',
      });
      const kinds = ['invoke_agent weatherman', 'execute_tool sky'].map(
        (name) => collector.find(TRACE, name).attributes['openinference.span.kind'],
      );
      expect(kinds).toEqual(['AGENT', 'TOOL']);
    });
  });

  it('are protobuf, or JSON where a setting asks for it', async () => {
    await eventually(() =>
      expect([...collector.contentTypes].sort()).toEqual(['application/json', 'application/x-protobuf']),
    );
  });

  it('show what was said where a setting asks for it', async () => {
    await eventually(() => {
      const chat = collector.find(CHAIN, 'chat script', 'far');
      expect(chat.attributes['gen_ai.output.messages']).toContain('I am far away');
      expect(chat.attributes['gen_ai.input.messages']).toContain('Are you there?');
    });
  });

  it('begin at a Query made with kubectl, or go on from its annotation', async () => {
    await eventually(() => {
      expect(collector.find(ANNOTATED, 'query.annotated.dispatch').parentSpanId).toBe(CLIENT_SPAN);
      const root = collector.spans.find(({ name }) => name === 'query.plain.dispatch');
      expect(root?.parentSpanId ?? '').toBe('');
    });
  });

  it('can be found from log lines, which name query, session and trace', async () => {
    await eventually(() => {
      const line = near.output.split('\n').find((text) => text.includes('Refused a tool call'));
      expect(JSON.parse(line ?? '{}')).toMatchObject({
        query: 'default/annotated',
        session: expect.stringMatching(/^[0-9a-f-]{36}$/),
        trace_id: ANNOTATED,
        span_id: collector.find(ANNOTATED, 'invoke_agent weatherman').spanId,
      });
    });
  });
});
