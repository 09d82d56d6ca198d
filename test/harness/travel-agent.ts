import { type A2aCall, ScriptedA2aServer } from './scripted-a2a-server.js';

const card = (url: string) => ({
  ...{ name: 'Travel Agent', description: 'Books journeys', url, version: '1', protocolVersion: '0.3.0' },
  ...{ capabilities: {}, skills: [] },
});
const taskIn = (id: string, state: string, text: string) => {
  const message = { kind: 'message', role: 'agent', messageId: text, parts: [{ kind: 'text', text }] };
  return { kind: 'task', id, contextId: 'theirs', status: { state, message } };
};

/** An agent on a server elsewhere that asks where to, and books whatever it is told. */
export async function travelAgent(): Promise<ScriptedA2aServer> {
  const server = await ScriptedA2aServer.listen(card);
  let trips = 0;
  server.onCall = (call: A2aCall) => {
    const { message, id } = call.params as { message?: { taskId?: string; parts: { text: string }[] }; id?: string };
    if (call.method === 'tasks/cancel') call.result(taskIn(id ?? '', 'canceled', 'Never mind.'));
    else if (message?.taskId) call.result(taskIn(message.taskId, 'completed', `Booked ${message.parts[0]?.text}`));
    else {
      trips += 1;
      call.result(taskIn(`Trip-${trips}`, 'input-required', 'Where to?'));
    }
  };
  return server;
}
