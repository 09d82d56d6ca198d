import { ok, strictEqual } from 'node:assert/strict';
import type { Talk } from './conversation.js';
import type { Json } from './speech.js';
import type { GatewayCase } from './task-cases.js';

const STATES = [
  'submitted',
  'working',
  'input-required',
  'auth-required',
  'completed',
  'failed',
  'canceled',
  'rejected',
];
const UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
/** What a part may hold: one of them. */
const HELD = ['text', 'raw', 'url', 'data', 'file'];

/** Protobuf's JSON writes values of enumerations in capitals; JSON-RPC of protocol 0.3 has words of its own. */
const spelled = ({ binding }: Talk, prefix: string, value: string): string =>
  binding.name === 'JSON-RPC 0.3'
    ? value
    : `${prefix}_${value.toUpperCase().replaceAll('-', '_')}`.replace(
        'CANCELED',
        binding.protocol === '0.3' ? 'CANCELLED' : 'CANCELED',
      );

/** Holds every object in an answer to the shape that its members say it has. */
function check(talk: Talk, value: unknown): void {
  if (Array.isArray(value)) for (const one of value) check(talk, one);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const fields = value as Json;
  for (const name of Object.keys(fields)) ok(!name.includes('_'), `the member ${name} is no camel case`);
  if ('state' in fields) {
    const states = STATES.map((state) => spelled(talk, 'TASK_STATE', state));
    ok(states.includes(String(fields.state)), `${String(fields.state)} is no state`);
    ok(UTC.test(String(fields.timestamp)), `${String(fields.timestamp)} is no moment in UTC`);
  }
  if ('messageId' in fields || 'role' in fields) {
    ok(fields.messageId, 'a message has no id');
    const roles = ['user', 'agent'].map((role) => spelled(talk, 'ROLE', role));
    ok(roles.includes(String(fields.role)), `${String(fields.role)} is no role`);
    checkParts(fields.content ?? fields.parts);
  }
  if ('artifactId' in fields) checkParts(fields.parts);
  if ('status' in fields && 'id' in fields) ok(fields.id && fields.contextId, 'a task has no id or no context');
  for (const [name, member] of Object.entries(fields)) if (name !== 'metadata') check(talk, member);
}

function checkParts(parts: unknown): void {
  ok(Array.isArray(parts) && parts.length > 0, 'a message or an artifact has no parts');
  for (const part of parts as Json[]) {
    strictEqual(HELD.filter((name) => name in part).length, 1, `${JSON.stringify(part)} holds not one thing`);
  }
}

/** How A2A writes what it says. */
export const SHAPE_CASES: GatewayCase[] = [
  [
    'writes tasks, messages and events as its protocol does',
    async ({ echo, slow }) => {
      const { ids, result } = await echo.send('hello');
      check(echo, result);
      check(echo, (await echo.say({ do: 'get', id: ids?.taskId ?? '' })).result);
      const begun = await slow.send('one two', { configuration: { returnImmediately: true } });
      check(slow, begun.result);
      const canceled = await slow.begin();
      check(slow, (await slow.say({ do: 'cancel', id: canceled.id })).result);
      for (const event of await slow.wholeStream({ do: 'stream', said: { text: 'three four' } })) {
        check(slow, event.result);
      }
    },
  ],
];
