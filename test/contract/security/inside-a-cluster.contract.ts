import { describe, expect, it } from '@jest/globals';
import { HttpMemoryBackend } from '../../../plugins/memory/http/http.memory.js';
import { OpenAIModelProvider } from '../../../plugins/models/ai-sdk/openai/openai.model-provider.js';
import { HttpToolType } from '../../../plugins/tools/http/http.tool.js';
import { toolConfig, toolContext } from '../../../src/kit/testing/index.js';
import { MirrorServer } from '../../harness/mirror-server.js';

const inside = { egress: { loopback: false } };

describe('inside a cluster the runtime’s own machine', () => {
  const places = async (path: string, run: (url: string) => Promise<unknown>): Promise<string[]> => {
    const mirror = await MirrorServer.listen();
    try {
      const { port } = new URL(mirror.url);
      const said: string[] = [];
      for (const host of [
        '127.0.0.1',
        'localhost',
        '[::1]',
        '2130706433',
        '[::ffff:7f00:1]',
        '0.0.0.0',
        'x.localhost',
      ]) {
        said.push(await run(`http://${host}:${port}/${path}`).then(String, (error: Error) => error.message));
      }
      expect(mirror.seen).toEqual([]);
      return said;
    } finally {
      await mirror.close();
    }
  };
  const open = (said: string[]) => said.filter((text) => !text.includes('is this machine itself'));

  it('is called by no Tool', async () => {
    const type = new HttpToolType();
    const context = { ...toolContext(), ...inside };
    const said = await places('tool/words', (url) => type.call(toolConfig({ settings: { url } }), {}, context));
    await type.onApplicationShutdown();
    expect(open(said)).toEqual([]);
  });

  it('is called by no Model', async () => {
    const provider = new OpenAIModelProvider();
    const said = await places('openai/refused', async (baseUrl) => {
      const config = { name: 'm', namespace: 'n', model: 'm', properties: {}, headers: {}, ...inside };
      await provider.probe({ ...config, settings: { baseUrl, apiKey: 'k' } }, AbortSignal.timeout(20_000));
    });
    await provider.onApplicationShutdown();
    expect(open(said)).toEqual([]);
  });

  it('is called by no Memory', async () => {
    const backend = new HttpMemoryBackend();
    const said = await places('memory/words', async (address) => {
      const client = backend.open({ name: 'm', namespace: 'n', address, headers: {}, ...inside });
      return client.read('c', {}, AbortSignal.timeout(20_000));
    });
    await backend.onApplicationShutdown();
    expect(open(said)).toEqual([]);
  });
});
