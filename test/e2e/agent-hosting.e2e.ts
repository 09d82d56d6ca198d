import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { freePort } from '../harness/free-port.js';
import { Runtime } from '../harness/runtime.js';

describe('a LangChain agent hosted over A2A', () => {
  const weather = createServer((request, response) => {
    const place = new URL(request.url ?? '', 'http://weather').searchParams.get('place');
    if (place === 'Atlantis') response.writeHead(404).end();
    else response.end(JSON.stringify({ place, summary: 'foggy', temperature: 11 }));
  });
  let runtime: Runtime;
  let agent: ChildProcess;
  let url: string;

  beforeAll(async () => {
    await new Promise<void>((ready) => weather.listen(0, '127.0.0.1', ready));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const WEATHER_API = `http://127.0.0.1:${(weather.address() as AddressInfo).port}`;
    agent = spawn(process.execPath, ['dist/examples/agent-hosting/main.js'], {
      env: { ...process.env, WEATHER_API, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    runtime = await Runtime.start();
    const manifest = await readFile('examples/agent-hosting/manifests/10-a2a-server.yaml', 'utf8');
    const applied = await runtime.ark(['apply', '-f', '-'], { input: manifest.replace('http://127.0.0.1:8080', url) });
    expect(applied).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await runtime?.dispose();
    const ended = once(agent, 'exit');
    agent.kill('SIGTERM');
    await ended;
    weather.closeAllConnections();
    await new Promise((done) => weather.close(done));
  });

  it('becomes an Agent named after its server, and answers', async () => {
    const name = 'my-langchain-agents-weather-reporter';
    await eventually(async () => {
      const { stdout } = await runtime.ark(['get', 'agent', name, '-o', 'jsonpath={.status.conditions[0].status}']);
      expect(stdout.trim()).toBe('True');
    });
    expect(await runtime.ark(['agent', name, "What's the weather like today?"])).toMatchObject({
      code: 0,
      stdout: 'In London it is foggy, 11 degrees.\n',
    });
    const failed = await runtime.ark(['agent', name, 'And in Atlantis?']);
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('the weather service answered 404') });
  });

  it('can be looked at and spoken to without a runtime', async () => {
    const home = `${url}/weather-reporter`;
    const inspected = await runtime.ark(['a2a', 'inspect', home]);
    expect(inspected).toMatchObject({ code: 0, stdout: expect.stringContaining('Spoken to in: 1.0 JSON-RPC') });
    expect(JSON.parse((await runtime.ark(['a2a', 'inspect', home, '-o', 'json'])).stdout)).toMatchObject({
      name: 'Weather Reporter',
    });
    expect(await runtime.ark(['a2a', 'send', home, 'How is it in Oslo?'])).toMatchObject({
      code: 0,
      stdout: 'In Oslo it is foggy, 11 degrees.\n',
      stderr: expect.stringMatching(/^context id: \S+\n$/),
    });
    expect(await runtime.ark(['a2a', 'inspect', `${url}/nobody`])).toMatchObject({
      stderr: expect.stringContaining('There is no agent card'),
    });
    expect(await runtime.ark(['a2a', 'send', 'somewhere', 'hi'])).toMatchObject({ code: 2 });
  });
});
