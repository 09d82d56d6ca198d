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
/** Those that know the namespace of the process alone. */
const OWN_LISTS = ['/agents', '/a2a/agents'];

describe('what a caller of one namespace is shown', () => {
  const folder = temporaryFolder({ keep: 'block' });
  let house: GuardedApplication;
  beforeAll(async () => {
    house = await GuardedApplication.start(folder(), { authMode: 'token', namespace: OURS });
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

  /** Every route that reads and names no object, but those that are no list of anybody's things. */
  const lists = () =>
    house.routes
      .filter(({ method, url }) => method === 'GET' && !/:(?!namespace)|\*|^\/(livez|readyz|healthz|\.)/.test(url))
      .map(({ url }) => url);
  const inNamespace = (url: string, namespace: string) => ({
    method: 'GET',
    url: `${url.replace(':namespace', namespace)}?namespace=${namespace}`,
  });

  it('is everything of it, and nothing of others, in every list', async () => {
    const key = await house.key(`reader@${OURS}`);
    const shown: Record<string, unknown> = {};
    for (const list of lists()) {
      const { status, body } = await house.request(inNamespace(list, OURS), key);
      shown[list] = status === 200 ? body.includes(OURS) : status;
      const others = await house.request(inNamespace(list, THEIRS), key);
      expect([list, status === 200 && body.includes(THEIRS)]).toEqual([list, false]);
      expect([list, others.body.includes(`of-${THEIRS}`)]).toEqual([list, false]);
      if (status === 200 && !OWN_LISTS.includes(list)) expect([list, others.status]).toEqual([list, 403]);
    }
    const ofAll = Object.fromEntries(['/engines', '/metrics', '/v1/api-keys'].map((list) => [list, 403]));
    const ofOne = Object.keys(shown).filter((list) => !(list in ofAll));
    expect(shown).toEqual({ ...Object.fromEntries(ofOne.map((list) => [list, true])), ...ofAll });
    expect(ofOne).toEqual(expect.arrayContaining(['/agents', '/messages', '/v1/a2a-tasks']));
  });

  it('is the tasks of its agents, whichever binding of A2A asks for them', async () => {
    const key = await house.key(`user@${OURS}`);
    const list = { jsonrpc: '2.0', id: 1, method: 'ListTasks', params: {} };
    for (const namespace of [OURS, THEIRS]) {
      const url = `/ns/${namespace}/agent/agent-of-${namespace}/`;
      const asked = [
        await house.request({ method: 'POST', url }, key, list),
        await house.request({ method: 'GET', url: `${url}tasks` }, key),
        await house.request({ method: 'GET', url: `${url}tasks?contextId=talk-of-${THEIRS}&tenant=${THEIRS}` }, key),
      ];
      for (const { status, body } of asked) {
        expect([status, body.includes(`q-of-${THEIRS}`)]).toEqual([namespace === OURS ? 200 : 403, false]);
      }
      if (namespace === OURS) for (const { body } of asked.slice(0, 2)) expect(body).toContain(`q-of-${OURS}`);
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
