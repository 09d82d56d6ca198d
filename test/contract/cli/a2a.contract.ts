import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../../src/cli/main.js';
import { freePort } from '../../harness/free-port.js';
import { ScriptedA2aServer } from '../../harness/scripted-a2a-server.js';
import { RecordingTerminal } from './recording-terminal.js';

const KEY = 'a-key-that-nobody-must-see';
const SKILL = { id: 's', name: 'Skill', description: 'does', tags: ['t'] };

describe('the command line and agents elsewhere', () => {
  let server: Server;
  let other: Server;
  let url: string;
  let elsewhere: string;
  let asked: { path: string; key: unknown; body: string }[] = [];
  let strayed: string[] = [];
  const documents = new Map<string, () => unknown>();

  const card = (name: string, path = '/') => ({
    name,
    description: `The ${name}`,
    version: '1',
    protocolVersion: '0.3.0',
    url: `${url}${path}`,
    capabilities: { pushNotifications: true },
    skills: [SKILL],
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const path = request.url ?? '';
    asked.push({ path, key: request.headers['x-key'], body });
    const document = documents.get(path)?.();
    if (path === '/broken') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{', () => response.destroy());
      return;
    }
    if (document === 'silence') return;
    if (request.method === 'GET') {
      if (typeof document === 'string' && document.startsWith('http')) {
        response.writeHead(302, { location: document }).end();
        return;
      }
      response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(typeof document === 'string' ? document : JSON.stringify(document ?? {}));
      return;
    }
    const id = /"id":"([^"]*)"/.exec(body)?.[1] ?? null;
    const parts = path === '/odd' ? 5 : [{ kind: 'text', text: `${path} answers` }];
    const result = { kind: 'message', role: 'agent', messageId: 'm', parts };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
  }
  const listen = async (target: Server) => {
    await new Promise<void>((done) => target.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(target.address() as AddressInfo).port}`;
  };
  const ark = async (...args: string[]) => {
    const terminal = new RecordingTerminal('/nonexistent');
    const code = await run(args, terminal, 'ark');
    return { code, stdout: terminal.stdout, stderr: terminal.stderr };
  };

  beforeAll(async () => {
    server = createServer((request, response) => void serve(request, response));
    other = createServer((request, response) => {
      strayed.push(request.url ?? '');
      response.end(JSON.stringify(card('stranger')));
    });
    [url, elsewhere] = [await listen(server), await listen(other)];
  });
  afterEach(() => {
    documents.clear();
    asked = [];
    strayed = [];
  });
  afterAll(async () => {
    for (const one of [server, other]) {
      one.closeAllConnections();
      await new Promise((done) => one.close(done));
    }
  });

  it('send the headers they are given with every request, and print them nowhere', async () => {
    documents.set('/.well-known/agent-card.json', () => card('bot'));
    const headers = ['--header', `X-Key: ${KEY}`, '--header', 'X-Team: us'];
    const sent = await ark('a2a', 'send', url, 'hi', ...headers);
    expect(sent).toMatchObject({ code: 0, stdout: '/ answers\n' });
    const inspected = await ark('a2a', 'inspect', url, ...headers, '-o', 'json');
    const judged = await ark('engine', 'conformance', url, '--no-cluster', '--timeout', '20s', ...headers);
    expect(inspected.code).toBe(0);
    expect(judged.stdout).toContain('spoken to in 0.3 JSON-RPC');
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter(({ key }) => key !== KEY)).toEqual([]);
    expect(JSON.stringify([sent, inspected, judged])).not.toContain(KEY);
  });

  it.each([`X-Key ${KEY}`, `: ${KEY}`, 'X-Key:', `X Key: ${KEY}`, `X-Key: ${KEY}\n1`])(
    'refuse %j as a header without repeating it',
    async (header) => {
      const { code, stderr } = await ark('a2a', 'inspect', url, '--header', header);
      expect({ code, asked }).toEqual({ code: 2, asked: [] });
      expect(stderr).toContain('--header number 1 is no header');
      expect(stderr).not.toContain(KEY);
    },
  );

  it('take their headers to no other host', async () => {
    documents.set('/.well-known/agent-card.json', () => `${elsewhere}/card`);
    const { code, stderr } = await ark('a2a', 'inspect', url, '--header', `X-Key: ${KEY}`);
    expect({ code, strayed }).toEqual({ code: 1, strayed: [] });
    expect(stderr).toContain(`redirects to ${new URL(elsewhere).host}`);
  });

  it('show the card of an agent that says what it can do', async () => {
    documents.set('/.well-known/agent.json', () => card('bot'));
    const { code, stdout } = await ark('a2a', 'inspect', url);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Name: +bot\n(.*\n)*Push: +yes\nSpoken to in: 0\.3 JSON-RPC\nSkills: +Skill\n$/);
  });

  it.each([
    ['inspected', ['a2a', 'inspect']],
    ['spoken to', ['a2a', 'send']],
    ['judged', ['engine', 'conformance']],
  ])('that are not there when they are %s are named, with the reason and the next step', async (_how, command) => {
    const address = `http://127.0.0.1:${await freePort()}/`;
    const words = command.includes('send') ? ['Hello'] : [];
    const { code, stderr } = await ark(...command, address, ...words);
    expect(code).toBe(1);
    expect(stderr).toContain(`Nothing answers at ${address}.well-known/agent-card.json: connect ECONNREFUSED`);
    expect(stderr).toContain('Check the address, and that the server runs.');
  });

  it('that end the connection in the middle of their words are named, too', async () => {
    documents.set('/.well-known/agent-card.json', () => card('broken', '/broken'));
    const { code, stderr } = await ark('a2a', 'send', url, 'Hello');
    expect(code).toBe(1);
    expect(stderr).toMatch(/Nothing answers at http\S+: other side closed\. Check the address/);
  });

  it('that answer with something odd are not said to be away', async () => {
    documents.set('/.well-known/agent-card.json', () => card('odd', '/odd'));
    const { code, stderr } = await ark('a2a', 'send', url, 'Hello');
    expect(code).toBe(1);
    expect(stderr).toContain('The agent answers with what is no message and no task of A2A');
    expect(stderr).not.toContain('Nothing answers');
  });

  it('that are silent are given up with the address and the next step', async () => {
    documents.set('/.well-known/agent-card.json', () => 'silence');
    const { code, stderr } = await ark('a2a', 'inspect', url, '--timeout', '50ms');
    expect(code).toBe(3);
    expect(stderr).toContain(`No answer from ${url}/.well-known/agent-card.json within 0.05 s; check the address`);
  });

  it('say what is wrong with a card, with exit code 1', async () => {
    documents.set('/.well-known/agent-card.json', () => ({ ...card('bot'), url: undefined, skills: [{ id: 's' }] }));
    const { code, stderr } = await ark('a2a', 'inspect', url);
    expect(code).toBe(1);
    expect(stderr).toContain('bot: neither url (0.3) nor supportedInterfaces (1.0); bot: skills[0] has no name');
  });

  it.each(['GRPC 1.0', 'JSONRPC 2.0'])('say of a card for %s that nobody here speaks that', async (kind) => {
    const [protocolBinding, protocolVersion] = kind.split(' ');
    const { url: at, protocolVersion: _old, ...rest } = card('bot');
    const supportedInterfaces = [{ url: at, protocolBinding, protocolVersion }];
    documents.set('/.well-known/agent-card.json', () => ({ ...rest, supportedInterfaces }));
    const { code, stdout, stderr } = await ark('a2a', 'inspect', url);
    expect(code).toBe(1);
    expect(stdout).toContain('Spoken to in: nothing that is spoken here\n');
    expect(stderr).toContain(`bot: the card offers ${kind.replace(' ', ' of ')}; spoken here is JSONRPC of 1.0`);
    expect(await ark('a2a', 'send', url, 'hi')).toMatchObject({ code: 1, stdout: '' });
  });

  describe('that stream', () => {
    let agent: ScriptedA2aServer;
    beforeAll(async () => {
      agent = await ScriptedA2aServer.listen((at) => ({ ...card('bot'), url: at, capabilities: { streaming: true } }));
    });
    afterAll(() => agent?.close());
    const said = (text: string) => ({
      kind: 'message',
      role: 'agent',
      messageId: 'm',
      parts: [{ kind: 'text', text }],
    });
    const task = (state: string, text: string) => ({
      ...{ kind: 'task', id: 't-7', contextId: 'c-7' },
      status: { state, message: said(text) },
    });
    const piece = (text: string) => ({
      ...{ kind: 'artifact-update', taskId: 't-7', contextId: 'c-7' },
      artifact: { artifactId: 'a', parts: [{ kind: 'text', text }] },
      ...{ append: true, lastChunk: false },
    });

    it('show their answer while it comes, and how far they are beside it', async () => {
      agent.onCall = (call) => {
        for (const event of [task('working', 'reading'), piece('w1 '), piece('w2'), task('completed', 'over')])
          call.event(event);
        call.end();
      };
      const before = agent.calls.length;
      expect(await ark('a2a', 'send', agent.url, 'hi', '--stream')).toEqual({
        code: 0,
        stdout: 'w1 w2\n',
        stderr: 'working: reading\ncontext id: c-7\n',
      });
      expect(agent.methods().slice(before)).toEqual(['message/stream']);
      const { stdout, stderr } = await ark('a2a', 'send', agent.url, 'hi', '--stream', '-o', 'json');
      expect(JSON.parse(stdout)).toMatchObject({ text: 'w1 w2', state: 'completed', taskId: 't-7' });
      expect(stderr).not.toContain('reading');
    });

    it('are looked at when their stream ends too soon, and nothing is shown twice', async () => {
      agent.onCall = (call) => {
        if (call.method === 'tasks/get') {
          const artifacts = [{ artifactId: 'a', parts: [{ kind: 'text', text: 'w1 w2' }] }];
          return call.result({ ...task('completed', ''), artifacts });
        }
        call.event(task('working', ''));
        call.event(piece('w1 '));
        call.end();
      };
      expect(await ark('a2a', 'send', agent.url, 'hi', '--stream')).toMatchObject({ code: 0, stdout: 'w1 w2\n' });
    });

    it('and ask something name the task that takes the answer', async () => {
      agent.onCall = (call) => {
        const { message } = call.params as { message: { taskId?: string; contextId?: string } };
        call.event(
          message.taskId ? task('completed', `booked ${message.contextId}`) : task('input-required', 'Where to?'),
        );
        call.end();
      };
      expect(await ark('a2a', 'send', agent.url, 'a trip', '--stream')).toEqual({
        code: 4,
        stdout: 'Where to?\n',
        stderr: 'context id: c-7\nThe agent waits for an answer; send it with --task-id t-7 --context-id c-7\n',
      });
      const flags = ['--task-id', 't-7', '--context-id', 'c-7'];
      expect(await ark('a2a', 'send', agent.url, 'Rome', '--stream', ...flags)).toMatchObject({
        code: 0,
        stdout: 'booked c-7\n',
      });
      expect(agent.calls.at(-1)?.params.message).toMatchObject({ taskId: 't-7', contextId: 'c-7' });
    });
  });

  it('show the good ones of a list, and say what is wrong with the others', async () => {
    const link = (name: string) => ({ name, 'agent-card': `http://far.example/${name}/.well-known/agent-card.json` });
    documents.set('/agents', () => [card('one', '/a/one'), { name: 'homeless' }, 7, link('linked'), link('gone')]);
    documents.set('/linked/.well-known/agent-card.json', () => card('linked', '/linked'));
    const { code, stdout, stderr } = await ark('a2a', 'inspect', `${url}/agents`);
    expect(code).toBe(1);
    expect(stdout.match(/^(Name|Address): .*/gm)).toEqual([
      'Name:         one',
      `Address:      ${url}/a/one`,
      'Name:         linked',
      `Address:      ${url}/linked`,
    ]);
    expect(stderr).toContain(
      `The list is not sound: agent 2 of the list ('homeless'): the card has no url; ` +
        'agent 3 of the list: the agent card is not a JSON object; ' +
        `agent 5 of the list ('gone'): there is no agent card at ${url}/gone/.well-known/agent-card.json`,
    );
    expect(await ark('a2a', 'send', `${url}/agents`, 'hi', '--agent', 'linked')).toMatchObject({
      code: 0,
      stdout: '/linked answers\n',
    });
    documents.set('/agents', () => [{ name: 'homeless' }]);
    expect(await ark('a2a', 'send', `${url}/agents`, 'hi')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(
        "No agent at this address can be spoken to: agent 1 of the list ('homeless'): the card has no url",
      ),
    });
  });

  it.each<[string, string, (cards: unknown[]) => unknown]>([
    ['a list of cards', '/.well-known/agent-card.json', (cards) => cards],
    ['a catalogue', '/catalogue?of=all', (cards) => ({ agents: cards })],
    ['a catalogue of entries', '/catalogue?of=all', (cards) => cards.map((one) => ({ card: one }))],
  ])('find the agents of %s and speak to the one that is named', async (_, path, wrap) => {
    documents.set(path, () => wrap([card('one', '/a/one'), card('two', '/a/two')]));
    const address = path.startsWith('/catalogue') ? `${url}${path}` : url;
    const { code, stdout } = await ark('a2a', 'inspect', address);
    expect(code).toBe(0);
    expect(stdout.match(/^(Name|Address): .*/gm)).toEqual([
      'Name:         one',
      `Address:      ${url}/a/one`,
      'Name:         two',
      `Address:      ${url}/a/two`,
    ]);
    expect(JSON.parse((await ark('a2a', 'inspect', address, '-o', 'json')).stdout)).toHaveLength(2);
    expect(await ark('a2a', 'send', address, 'hi', '--agent', 'two')).toMatchObject({
      code: 0,
      stdout: '/a/two answers\n',
    });
    expect(await ark('a2a', 'send', address, 'hi')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('choose one with --agent: "one", "two"'),
    });
  });

  it.each<[string, () => unknown, string]>([
    ['a page of HTML', () => '<html></html>', 'There is no agent card'],
    ['more than a mebibyte', () => JSON.stringify({ name: 'x'.repeat(2 << 20) }), 'larger than 1 MiB'],
  ])('refuse %s as a card', async (_, document, said) => {
    documents.set('/.well-known/agent-card.json', document);
    expect(await ark('a2a', 'inspect', url)).toMatchObject({ code: 1, stderr: expect.stringContaining(said) });
  });
});
