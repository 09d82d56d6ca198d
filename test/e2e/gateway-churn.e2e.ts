import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { agent, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';

const STREAMS = 100;
const AGENTS = 200;
const WORDS = Array.from({ length: 20 }, (_, i) => `word${i}`);

describe('streams of the gateway', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await Runtime.start();
    const talker = { executionEngine: { name: 'echo', options: { delayMs: 400 } } };
    await ark('apply', yaml(agent('talker', talker)));
  });
  afterAll(() => runtime?.dispose());

  async function ark(verb: 'apply' | 'delete', input: string): Promise<void> {
    const { code, stderr } = await runtime.ark([verb, '-f', '-'], { input });
    if (code !== 0) throw new Error(stderr);
  }
  const card = async (name: string) =>
    (await fetch(`${runtime.endpoints.http}/agent/${name}/.well-known/agent-card.json`)).status;

  it('are whole although agents come and go by hundreds meanwhile', async () => {
    let speaking = 0;
    const streams = Array.from({ length: STREAMS }, async (_, i) => {
      const message = { role: 'ROLE_USER', messageId: `m${i}`, parts: [{ text: WORDS.join(' ') }] };
      const response = await fetch(`${runtime.endpoints.http}/agent/talker/message:stream`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message }),
      });
      speaking += 1;
      const heard = await response.text();
      speaking -= 1;
      return heard;
    });
    await eventually(() => expect(speaking).toBe(STREAMS));
    const names = Array.from({ length: AGENTS }, (_, i) => `brief-${i}`);
    const manifests = yaml(...names.map((name) => agent(name, { executionEngine: { name: 'echo' } })));
    await ark('apply', manifests);
    expect(new Set(await Promise.all(names.map(card)))).toEqual(new Set([200]));
    await ark('delete', manifests);
    await eventually(async () => expect(new Set(await Promise.all(names.map(card)))).toEqual(new Set([404])));
    for (const heard of await Promise.all(streams)) {
      expect(heard).toContain('TASK_STATE_COMPLETED');
      for (const word of WORDS) expect(heard).toContain(word);
    }
  });

  it('may be left by their readers: the task goes on to its end', async () => {
    const leave = new AbortController();
    const message = { role: 'ROLE_USER', messageId: 'left', contextId: 'left', parts: [{ text: 'one two three' }] };
    const response = await fetch(`${runtime.endpoints.http}/agent/talker/message:stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ message }),
      signal: leave.signal,
    });
    expect(response.status).toBe(200);
    leave.abort();
    await eventually(async () => {
      const tasks = await fetch(`${runtime.endpoints.http}/agent/talker/tasks?contextId=left`);
      const { tasks: listed } = (await tasks.json()) as { tasks: { status: { state: string } }[] };
      expect(listed.map(({ status }) => status.state)).toEqual(['TASK_STATE_COMPLETED']);
    });
  });
});
