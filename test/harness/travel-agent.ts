import { type A2aCall, ScriptedA2aServer } from './scripted-a2a-server.js';

const card = (url: string) => ({
  ...{ name: 'Travel Agent', description: 'Books journeys', url, version: '1', protocolVersion: '0.3.0' },
  ...{ capabilities: {}, skills: [] },
});
const taskIn = (state: string, text: string) => {
  const message = { kind: 'message', role: 'agent', messageId: text, parts: [{ kind: 'text', text }] };
  return { kind: 'task', id: 'Trip', contextId: 'theirs', status: { state, message } };
};

/** An agent on a server elsewhere that asks where to, and books whatever it is told. */
export async function travelAgent(): Promise<ScriptedA2aServer> {
  const server = await ScriptedA2aServer.listen(card);
  server.onCall = (call: A2aCall) => {
    const { message } = call.params as { message?: { taskId?: string; parts: { text: string }[] } };
    const booked = message?.taskId ? taskIn('completed', `Booked ${message.parts[0]?.text}`) : undefined;
    call.result(booked ?? taskIn('input-required', 'Where to?'));
  };
  return server;
}
