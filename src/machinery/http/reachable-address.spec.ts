import { describe, expect, it } from '@jest/globals';
import { RecordingLogger } from '../controller/fakes/recording-server.js';
import { type Listening, reachableAddress } from './reachable-address.js';

const inPod: Listening = { url: 'http://127.0.0.1:8080', host: '0.0.0.0', inCluster: true };

describe('the address that others are told', () => {
  it.each<[string, Partial<Listening>, string]>([
    ['is the public one', { publicUrl: 'https://ark.example.com', podIp: '10.0.0.7' }, 'https://ark.example.com'],
    ['is that of the pod behind a wildcard', { podIp: '10.0.0.7' }, 'http://10.0.0.7:8080'],
    ['knows six', { podIp: 'fd00::7', host: '::' }, 'http://[fd00::7]:8080'],
    ['is where it listens on one interface', { host: '10.1.1.1', url: 'http://10.1.1.1:80' }, 'http://10.1.1.1:80'],
    ['is where it listens without a cluster', { inCluster: false, podIp: '10.0.0.7' }, 'http://127.0.0.1:8080'],
  ])('%s', (_what, rest, expected) => {
    const logger = new RecordingLogger();
    expect(reachableAddress({ ...inPod, ...rest }, logger)).toBe(expected);
    expect(logger.lines).toEqual([]);
  });

  it('is complained about when nobody else could use it', () => {
    const logger = new RecordingLogger();
    expect(reachableAddress(inPod, logger)).toBe('http://127.0.0.1:8080');
    expect(logger.lines[0]?.sentence).toContain('set ARK_PUBLIC_URL');
  });
});
