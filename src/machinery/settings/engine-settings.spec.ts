import { describe, expect, it } from '@jest/globals';
import { readEngineSettings } from './engine-settings.js';

describe('the settings of a process of engines', () => {
  it('are loopback and 8000 by default', () => {
    const usual = { port: 8000, host: '127.0.0.1', allowedHosts: [], shutdownTimeoutMs: 7_000 };
    expect(readEngineSettings({}, {}, false)).toEqual(usual);
  });

  it('wait at a stop as long as they say', () => {
    const wait = (text: string) => readEngineSettings({}, { ARK_SHUTDOWN_TIMEOUT: text }, false).shutdownTimeoutMs;
    expect([wait('30s'), wait('0')]).toEqual([30_000, 0]);
    expect(() => wait('soon')).toThrow('ARK_SHUTDOWN_TIMEOUT is "soon"; valid: a whole number from 0 to 3600');
  });

  it.each(['http', '80a', '-1', '70000', '1.5'])('take no port %s', (PORT) => {
    expect(() => readEngineSettings({}, { PORT }, false)).toThrow(`PORT is "${PORT}"; valid: a whole number`);
  });

  it('open a door outside loopback only when told so in plain words', () => {
    expect(() => readEngineSettings({}, {}, true)).toThrow('set ARK_AUTH_MODE=none');
    expect(() => readEngineSettings({ host: '0.0.0.0' }, {}, false)).toThrow('set ARK_AUTH_MODE=none');
    expect(() => readEngineSettings({}, { ARK_AUTH_MODE: 'sso' }, true)).toThrow('valid: none, token');
    expect(readEngineSettings({}, { ARK_AUTH_MODE: 'none' }, true).host).toBe('0.0.0.0');
  });

  it('take a token that nobody guesses, and open the door outside loopback with it', () => {
    const token = '0123456789abcdef';
    expect(readEngineSettings({}, { ARK_ENGINE_TOKEN: token }, true)).toMatchObject({ host: '0.0.0.0', token });
    expect(readEngineSettings({ token }, { ARK_AUTH_MODE: 'token' }, true).token).toBe(token);
    expect(() => readEngineSettings({}, { ARK_AUTH_MODE: 'token' }, false)).toThrow('set ARK_ENGINE_TOKEN');
    expect(() => readEngineSettings({ token }, { ARK_AUTH_MODE: 'none' }, false)).toThrow('keep one of them');
    expect(() => readEngineSettings({ token: 'hunter2' }, {}, false)).toThrow(/^(?!.*hunter2).*at least 16/);
  });

  it('take a public URL without the slash at its end', () => {
    expect(readEngineSettings({ publicUrl: 'https://x.example/ark/' }, {}, false).publicUrl).toBe(
      'https://x.example/ark',
    );
    expect(() => readEngineSettings({}, { ARK_PUBLIC_URL: 'x.example' }, false)).toThrow(
      'ARK_PUBLIC_URL is "x.example"',
    );
  });
});
