import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import { eventually } from '../../test/harness/eventually.js';
import { silentLogger } from '../kit/testing/index.js';
import { News } from './news.js';
import { NewsWire } from './news-wire.js';

/** Connections of a server that passes notifications on, or not. */
class Server {
  passesOn = true;
  readonly connections: EventEmitter[] = [];

  connect(): Client {
    const connection = Object.assign(new EventEmitter(), {
      connect: async () => {},
      query: async () => {},
      end: async () => {},
    });
    this.connections.push(connection);
    return connection as unknown as Client;
  }

  send = async (payloads: string[]) => {
    if (!this.passesOn) return;
    for (const payload of payloads) this.connections.at(-1)?.emit('notification', { payload });
  };
}

describe('the wire that carries news', () => {
  const wires: NewsWire[] = [];
  afterEach(() => Promise.all(wires.splice(0).map((wire) => wire.close())));

  async function open(server = new Server()) {
    const news = new News();
    const { send } = server;
    const wire = new NewsWire({ connect: () => server.connect(), send, news, logger: silentLogger, beatMs: 5 });
    wires.push(wire);
    await wire.open();
    return { server, news, wire };
  }

  it('is live once its own word has come back, and tells of what others say, not of its own', async () => {
    const { server, news, wire } = await open();
    expect(news.live).toBe(true);
    const heard: string[] = [];
    news.on('stream:u', () => heard.push('u'));
    await server.send([wire.payload('stream:u')]);
    expect(heard).toEqual([]);
    await server.send(['another stream:u']);
    expect(heard).toEqual(['u']);
  });

  it('is not live behind a pooler that keeps notifications to itself', async () => {
    const server = new Server();
    server.passesOn = false;
    const { news } = await open(server);
    expect(news.live).toBe(false);
    await eventually(() => expect(server.connections.length).toBeGreaterThan(1));
    expect(news.live).toBe(false);
  });

  it('is not live any more when the network falls silent, comes back, and lets everybody look each time', async () => {
    const { server, news } = await open();
    let looks = 0;
    news.on('stream:u', () => {
      looks += 1;
    });
    server.passesOn = false;
    await eventually(() => expect(news.live).toBe(false));
    server.passesOn = true;
    await eventually(() => expect(news.live).toBe(true));
    expect(looks).toBe(2);
  });

  it('lets everybody ask again for what one who joins has not heard', async () => {
    const { server, news } = await open();
    let asked = 0;
    news.on('stream:u', () => {
      asked += 1;
    });
    await server.send(['another joined']);
    expect(asked).toBe(1);
  });

  it('ends for good', async () => {
    const { server, wire } = await open();
    await wire.close();
    server.connections[0]?.emit('end');
    await wire.open();
    expect(server.connections).toHaveLength(1);
  });
});
