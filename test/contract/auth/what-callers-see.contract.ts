import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { A2ATask } from '../../../src/resources/a2a-task/a2a-task.resource.js';
import { Agent } from '../../../src/resources/agent/agent.resource.js';
import { Namespace } from '../../../src/resources/core/namespace.resource.js';
import { Query } from '../../../src/resources/query/query.resource.js';
import { eventually } from '../../harness/eventually.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';
import { GuardedApplication } from './guarded-application.js';

const OURS = 'team-a';
const THEIRS = 'team-b';

describe('what a caller of one namespace is shown', () => {
  const folder = temporaryFolder({ keep: 'block' });
  let house: GuardedApplication;
  beforeAll(async () => {
    house = await GuardedApplication.start(folder(), { authMode: 'token' });
    for (const namespace of [OURS, THEIRS]) {
      await house.put(Namespace, { metadata: { name: namespace } });
      await house.put(Agent, { metadata: { name: `agent-of-${namespace}`, namespace }, spec: { prompt: 'x' } });
      await asksFor(namespace);
      const writer = await house.key(`user@${namespace}`);
      const body = {
        conversation_id: `talk-of-${namespace}`,
        query_id: `q-of-${namespace}`,
        messages: [{ role: 'user', content: `said in ${namespace}` }],
      };
      const url = `/messages?namespace=${namespace}`;
      expect((await house.request({ method: 'POST', url }, writer, body)).status).toBeLessThan(300);
    }
  });
  afterAll(() => house?.stop());

  /** A Query of the gateway that waits for a person's word about a tool. */
  async function asksFor(namespace: string, name = `q-of-${namespace}`, more: object = {}): Promise<void> {
    const target = { type: 'agent', name: `agent-of-${namespace}` };
    const labels = { 'ark.mckinsey.com/a2a-gateway': 'true' };
    const response = { target, phase: 'input-required', content: 'May I?', a2a: { taskId: name } };
    await house.put(
      Query,
      { metadata: { name, namespace, labels }, spec: { input: 'Go.', target, ...more } },
      { phase: 'input-required', response, responses: [response] },
    );
    await house.put(
      A2ATask,
      {
        metadata: { name: `a2a-task-${name}`, namespace, labels: { 'ark.mckinsey.com/query-name': name } },
        spec: { taskId: name, queryRef: { name, namespace }, agentRef: { name: target.name, namespace } },
      },
      { phase: 'input-required', protocolMetadata: { toolCalls: '[]' } },
    );
  }

  const LISTS = [
    (namespace: string) => `/ns/${namespace}/agents`,
    (namespace: string) => `/v1/a2a-tasks?namespace=${namespace}`,
    (namespace: string) => `/conversations?namespace=${namespace}`,
    (namespace: string) => `/messages?namespace=${namespace}`,
    (namespace: string) => `/memory/ns/${namespace}/messages`,
  ];

  it('is everything of it, and nothing of others', async () => {
    const key = await house.key(`reader@${OURS}`);
    for (const list of LISTS) {
      const shown = await house.request({ method: 'GET', url: list(OURS) }, key);
      expect({ list: list(OURS), status: shown.status }).toEqual({ list: list(OURS), status: 200 });
      expect(shown.body).toContain(OURS);
      expect(shown.body).not.toContain(THEIRS);
      const others = await house.request({ method: 'GET', url: list(THEIRS) }, key);
      expect(others.status).toBe(403);
      expect(others.body).not.toContain(`of-${THEIRS}`);
    }
  });

  it('is the same for what exists elsewhere and for what does not', async () => {
    const key = await house.key(`editor@${OURS}`);
    for (const path of ['/v1/a2a-tasks/NAME?namespace=team-b', '/ns/team-b/agent/NAME/.well-known/agent-card.json']) {
      const [real, none] = ['agent-of-team-b', 'ghost'].map((name) => path.replace('NAME', name));
      const answers = [real, none].map(async (url) => house.request({ method: 'GET', url: url ?? '' }, key));
      const [one, other] = await Promise.all(answers);
      expect(one?.status).toBe(403);
      expect(one?.body.replaceAll('agent-of-team-b', 'ghost')).toBe(other?.body);
    }
  });

  it('lets those decide about tools who may change things, by whatever door', async () => {
    const [user, editor] = [await house.key(`user@${OURS}`), await house.key(`editor@${OURS}`)];
    const task = `q-of-${OURS}`;
    const parts = [{ kind: 'text', text: 'approve' }];
    const message = { kind: 'message', messageId: 'm', role: 'user', taskId: task, parts };
    const rpc = { jsonrpc: '2.0', id: 1, method: 'message/send', params: { message } };
    const door = { method: 'POST', url: `/ns/${OURS}/agent/agent-of-${OURS}/` };
    const input = async () =>
      (await house.get(A2ATask, { name: `a2a-task-${task}`, namespace: OURS })).spec.input ?? '';
    const refused = await house.request(door, user, rpc);
    expect(refused.body).toContain('key:test may not decide about calls of tools');
    const byRest = { method: 'POST', url: `/v1/a2a-tasks/a2a-task-${task}/approval?namespace=${OURS}` };
    expect((await house.request(byRest, user, { decision: 'approved' })).status).toBe(403);
    expect(await input()).toBe('');
    const answered = house.request(door, editor, rpc);
    await eventually(async () => expect(await input()).toContain('approved'));
    // Nobody works on Queries in this house: it goes on by hand.
    await house.setStatus(Query, { name: task, namespace: OURS }, { phase: 'done', response: { content: 'Done.' } });
    expect((await answered).status).toBe(200);
  });

  it('lets nobody speak into a run of a service account who is not known to be let use it', async () => {
    const [editor, task] = [await house.key(`editor@${OURS}`), 'q-as-reader'];
    await asksFor(OURS, task, { serviceAccount: 'reader' });
    const byRest = { method: 'POST', url: `/v1/a2a-tasks/a2a-task-${task}/approval?namespace=${OURS}` };
    const refused = await house.request(byRest, editor, { decision: 'approved' });
    expect(refused.status).toBe(403);
    expect(refused.body).toContain('key:test may not use service account reader of namespace team-a');
    const parts = [{ kind: 'text', text: 'approve' }];
    const message = { kind: 'message', messageId: 'm2', role: 'user', taskId: task, parts };
    const rpc = { jsonrpc: '2.0', id: 1, method: 'message/send', params: { message } };
    const door = { method: 'POST', url: `/ns/${OURS}/agent/agent-of-${OURS}/` };
    expect((await house.request(door, editor, rpc)).body).toContain('may not use service account reader');
    const asked = await house.get(A2ATask, { name: `a2a-task-${task}`, namespace: OURS });
    expect(asked.spec.input ?? '').toBe('');
  });
});
