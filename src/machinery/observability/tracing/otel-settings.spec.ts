import { describe, expect, it } from '@jest/globals';
import { readOtelSettings } from './otel-settings.js';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318' };

describe('the variables of OpenTelemetry', () => {
  it.each([
    {},
    { OTEL_TRACES_EXPORTER: 'none', ...ENDPOINT },
    { OTEL_SDK_DISABLED: 'true', ...ENDPOINT },
    { OTEL_EXPORTER_OTLP_ENDPOINT: '' },
  ])('want no traces: %p', (env) => {
    expect(readOtelSettings(env)).toBeUndefined();
  });

  it.each([ENDPOINT, { OTEL_TRACES_EXPORTER: 'otlp' }, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://a/v1/traces' }])(
    'want traces: %p',
    (env) => {
      expect(readOtelSettings(env)).toMatchObject({ serviceName: 'nest-ark', withContent: false });
    },
  );

  it('send protobuf, as the specification says, unless JSON is wanted', () => {
    expect(readOtelSettings(ENDPOINT)?.protobufTo?.url).toBe('http://127.0.0.1:4318/v1/traces');
    const json = { ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' };
    expect(readOtelSettings(json)).not.toHaveProperty('protobufTo');
    expect(readOtelSettings({ ...json, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf' })).toHaveProperty(
      'protobufTo',
    );
  });

  it('name the service, and whether contents may be shown', () => {
    const wish = { OTEL_SERVICE_NAME: 'mine', OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' };
    expect(readOtelSettings({ ...ENDPOINT, ...wish })).toMatchObject({ serviceName: 'mine', withContent: true });
  });

  it.each([
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER is "zipkin"; valid: otlp, none'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' }, 'OTEL_EXPORTER_OTLP_ENDPOINT is no http or https URL'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'collector' }, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is no http or https URL'],
    [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'valid: http/json, http/protobuf'],
    [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_TRACES_PROTOCOL is "grpc"'],
  ])('stop the start when %p cannot be', (env, message) => {
    expect(() => readOtelSettings(env)).toThrow(message);
  });
});
