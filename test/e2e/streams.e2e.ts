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
    await runtime.kubectlOk(['wait', 'query/later', '--for=condition=Completed', '--timeout=20s']);
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
    await runtime.kubectlOk(['wait', 'query/lasting', '--for=condition=Completed', '--timeout=20s']);
    await runtime.stop();
    await runtime.boot();
    expect(words(await read('lasting?from-beginning=true&wait-for-query=5'))).toBe('one two three');
  });
});
