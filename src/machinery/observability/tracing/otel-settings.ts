import { invalid } from '../../../kit/index.js';
import { type CollectorAddress, readCollectorAddress } from './otlp/collector-address.js';

/** What the standard variables of OpenTelemetry say about traces. */
export interface OtelSettings {
  serviceName: string;
  withContent: boolean;
  /** Where spans go in protobuf; absent: as JSON, by the SDK's own exporter, which reads the same variables. */
  protobufTo?: CollectorAddress;
}

type Environment = Record<string, string | undefined>;

/**
 * Reads whether traces are wanted, and where they go; undefined when not. Sampling and batches are read by the SDK itself.
 *
 * @throws `Invalid` for a wish that this program cannot fulfil, naming the variable
 */
export function readOtelSettings(env: Environment): OtelSettings | undefined {
  const given = (name: string) => env[name]?.trim() || undefined;
  if (given('OTEL_SDK_DISABLED')?.toLowerCase() === 'true') return undefined;
  const exporter = given('OTEL_TRACES_EXPORTER');
  /** The variable for traces alone wins, and is the one to name when it is wrong. */
  const either = (name: string) =>
    [`OTEL_EXPORTER_OTLP_TRACES_${name}`, `OTEL_EXPORTER_OTLP_${name}`].find((variable) => given(variable)) ?? '';
  const endpointFrom = either('ENDPOINT');
  const endpoint = given(endpointFrom);
  if (exporter === 'none' || (!exporter && !endpoint)) return undefined;
  if (exporter && exporter !== 'otlp') throw invalid(`OTEL_TRACES_EXPORTER is "${exporter}"; valid: otlp, none`);
  if (endpoint && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    throw invalid(`${endpointFrom} is no http or https URL, for example http://localhost:4318`);
  }
  const protocolFrom = either('PROTOCOL');
  const protocol = given(protocolFrom);
  if (protocol && !/^http\/(json|protobuf)$/.test(protocol)) {
    throw invalid(
      `${protocolFrom} is "${protocol}"; valid: http/json, http/protobuf. Name the HTTP port of the collector (4318)`,
    );
  }
  return {
    serviceName: given('OTEL_SERVICE_NAME') ?? 'nest-ark',
    withContent: given('OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT')?.toLowerCase() === 'true',
    ...(protocol === 'http/json' ? {} : { protobufTo: readCollectorAddress(env) }),
  };
}
