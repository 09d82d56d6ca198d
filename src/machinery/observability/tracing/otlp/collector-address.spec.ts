import { describe, expect, it } from '@jest/globals';
import { readCollectorAddress } from './collector-address.js';

describe('the address of a collector', () => {
  it('is on this machine unless said otherwise', () => {
    expect(readCollectorAddress({})).toEqual({
      url: 'http://localhost:4318/v1/traces',
      headers: {},
      timeoutMs: 10_000,
      gzip: false,
      tls: {},
    });
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://a.example/otel/' }, 'https://a.example/otel/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://a.example' }, 'https://a.example/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://a.example/in' }, 'https://a.example/in'],
  ])('%j is %s', (env, url) => {
    expect(readCollectorAddress(env).url).toBe(url);
  });

  it('has headers, a time and a compression, where those for traces win', () => {
    const general = {
      OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20a%3D%3D, x-one=1',
      OTEL_EXPORTER_OTLP_TIMEOUT: '1',
    };
    const own = { OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-one=2', OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: '500' };
    expect(readCollectorAddress({ ...general, ...own, OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' })).toMatchObject({
      headers: { authorization: 'Basic a==', 'x-one': '2' },
      timeoutMs: 500,
      gzip: true,
    });
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'key=100%' }, 'OTEL_EXPORTER_OTLP_HEADERS has a value that is not percent-encoded'],
    [{ OTEL_EXPORTER_OTLP_TIMEOUT: 'soon' }, 'OTEL_EXPORTER_OTLP_TIMEOUT is "soon"'],
    [{ OTEL_EXPORTER_OTLP_COMPRESSION: 'zip' }, 'valid: gzip, none'],
    [{ OTEL_EXPORTER_OTLP_CERTIFICATE: '/nonexistent/ca.crt' }, 'OTEL_EXPORTER_OTLP_CERTIFICATE names a file that'],
    [{ OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'key=100%' }, 'OTEL_EXPORTER_OTLP_TRACES_HEADERS has a value that is not'],
    [{ OTEL_EXPORTER_OTLP_TRACES_TIMEOUT: 'soon' }, 'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT is "soon"'],
    [{ OTEL_EXPORTER_OTLP_TRACES_COMPRESSION: 'zip' }, 'OTEL_EXPORTER_OTLP_TRACES_COMPRESSION is "zip"'],
    [
      { OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY: '/nonexistent' },
      'OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY names a file that',
    ],
  ])('cannot be %j', (env, message) => {
    expect(() => readCollectorAddress(env)).toThrow(message);
  });
});
