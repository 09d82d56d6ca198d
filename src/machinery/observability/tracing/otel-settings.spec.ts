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
      expect(readOtelSettings(env)).toEqual({ serviceName: 'nest-ark', withContent: false });
    },
  );

  it('name the service, and whether contents may be shown', () => {
    const wish = { OTEL_SERVICE_NAME: 'mine', OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' };
    expect(readOtelSettings({ ...ENDPOINT, ...wish })).toEqual({ serviceName: 'mine', withContent: true });
  });

  it.each([
    [{ OTEL_TRACES_EXPORTER: 'zipkin' }, 'OTEL_TRACES_EXPORTER is "zipkin"; valid: otlp, none'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' }, 'OTEL_EXPORTER_OTLP_ENDPOINT is no http or https URL'],
    [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'valid: http/json, http/protobuf'],
  ])('stop the start when %p cannot be', (env, message) => {
    expect(() => readOtelSettings(env)).toThrow(message);
  });
});
