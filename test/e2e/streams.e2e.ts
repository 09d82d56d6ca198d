import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { agent, query, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

interface Event {
  id?: string;
  data: string;
  at: number;
}

describeWithKubectl('the live stream of a Query', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await Runtime.start();
    const options = { delayMs: 80 };
    await runtime.kubectlOk(['apply', '-f', '-'], yaml(agent('slow', { executionEngine: { name: 'echo', options } })));
  });
  afterAll(() => runtime?.dispose());

  const ask = (name: string, input: string, spec: Record<string, unknown> = {}) =>
    runtime.kubectlOk(
      ['apply', '-f', '-'],
      yaml(query(name, { input, target: { type: 'agent', name: 'slow' }, ...spec })),
    );
  const open = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${runtime.endpoints.http}/stream/${path}`, { headers });

  async function read(path: string, headers: Record<string, string> = {}): Promise<Event[]> {
    const response = await open(path, headers);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const events: Event[] = [];
    let rest = '';
    for await (const bytes of response.body!.pipeThrough(new TextDecoderStream() as never) as AsyncIterable<string>) {
      const blocks = (rest + bytes).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1];
        if (data !== undefined) events.push({ id: /^id: (.*)$/m.exec(block)?.[1], data, at: performance.now() });
      }
    }
    return events;
  }
  const words = (events: Event[]) =>
    events
      .filter(({ data }) => data !== '[DONE]')
      .map(({ data }) => JSON.parse(data).choices?.[0]?.delta.content ?? '')
      .join('');

  it('carries the words while they are said, to a reader who came before the Query', async () => {
    const reading = read('early?wait-for-query=20&from-beginning=true');
    await ask('early', 'one two three four five six');
    const events = await reading;
    expect(words(events)).toBe('one two three four five six');
    expect(events.at(-1)?.data).toBe('[DONE]');
    expect(events[4]!.at - events[0]!.at).toBeGreaterThan(200);
    const final = JSON.parse(events.at(-2)!.data);
    expect(final).toMatchObject({
      id: 'chatcmpl-final',
      ark: { completedQuery: { status: { phase: 'done', response: { content: 'one two three four five six' } } } },
    });
  });

  it('can be resumed after the last event a reader saw, and read again from the beginning', async () => {
    await ask('later', 'alpha beta gamma');
    await runtime.kubectlOk(['wait', 'query/later', '--for=condition=Completed', '--timeout=60s']);
    const whole = await read('later?from-beginning=true');
    expect(words(whole)).toBe('alpha beta gamma');
    expect(words(await read('later', { 'last-event-id': whole[0]!.id! }))).toBe('beta gamma');
    expect((await read('later')).map(({ data }) => data.includes('completedQuery') || data)).toEqual([true, '[DONE]']);
  });

  it('says that a Query failed', async () => {
    await ask('late', 'one two three four five six', { timeout: '100ms' });
    const events = await read('late?from-beginning=true&wait-for-query=5');
    expect(events.map(({ data }) => data).join()).toContain('context deadline exceeded');
    expect(events.at(-1)?.data).toBe('[DONE]');
  });

  it('is refused for a Query that does not exist, or awaited for so many seconds', async () => {
    const refused = await open('nobody');
    expect(refused.status).toBe(404);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining('wait-for-query') });
    const events = await read('nobody?wait-for-query=1');
    expect(events.map(({ data }) => data)).toEqual([expect.stringContaining('timeout_error'), '[DONE]']);
    expect((await open('nobody?wait-for-query=soon')).status).toBe(422);
  });

  it('outlives a restart as the answer in one piece', async () => {
    await ask('lasting', 'one two three');
    await runtime.kubectlOk(['wait', 'query/lasting', '--for=condition=Completed', '--timeout=60s']);
    await runtime.stop();
    await runtime.boot();
    expect(words(await read('lasting?from-beginning=true&wait-for-query=5'))).toBe('one two three');
  });

  const streaming = { 'ark.mckinsey.com/streaming-enabled': 'true' };

  it('outlives a restart piece by piece where streaming was asked for, and where somebody read it', async () => {
    const annotated = query('annotated', { input: 'one two three', target: { type: 'agent', name: 'slow' } });
    const metadata = { ...annotated.metadata, annotations: streaming };
    await runtime.kubectlOk(['apply', '-f', '-'], yaml({ ...annotated, metadata }));
    await ask('heard', 'four five six');
    await read('heard?wait-for-query=20');
    await runtime.kubectlOk(['wait', 'query/annotated', '--for=condition=Completed', '--timeout=60s']);
    await runtime.stop();
    await runtime.boot();
    const whole = await read('annotated?from-beginning=true&wait-for-query=5');
    expect(whole.map(({ id, data }) => `${id}: ${words([{ data, at: 0 }])}`).slice(0, 3)).toEqual([
      '1: one ',
      '2: two ',
      '3: three',
    ]);
    expect(words(await read('annotated?wait-for-query=5', { 'last-event-id': '2' }))).toBe('three');
    expect(words(await read('heard?from-beginning=true&wait-for-query=5'))).toBe('four five six');
  });

  it('is written by engines outside this process as they write to Ark’s broker', async () => {
    const send = (path: string, body?: string) =>
      fetch(`${runtime.endpoints.http}/stream/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body,
      });
    const chunk = (content: string) =>
      `${JSON.stringify({ choices: [{ delta: { content } }], ark: { query: 'x' } })}\n`;
    await ask('foreign', 'one two three four five six seven eight nine ten', { timeout: '30s' });
    const reading = read('foreign?wait-for-query=10');
    await runtime.kubectlOk(['wait', 'query/foreign', '--for=jsonpath={.status.phase}=running', '--timeout=60s']);
    expect((await send('foreign', 'no json\n')).status).toBe(422);
    const written = await send('foreign', chunk('aha ') + chunk('oho'));
    expect(await written.json()).toEqual({ status: 'stream_processed', query: 'foreign', chunks_received: 2 });
    const complete = async () => (await send('foreign/complete', '{}')).json();
    expect(await complete()).toEqual({ status: 'completed', query: 'foreign' });
    expect(await complete()).toEqual({ status: 'already_completed', query: 'foreign' });
    expect(words(await reading)).toContain('aha oho');
    expect((await send('foreign', chunk('late'))).status).toBe(409);
    expect((await send('nobody', chunk('x'))).status).toBe(404);
  });
});
