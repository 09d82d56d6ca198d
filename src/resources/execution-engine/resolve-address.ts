import { invalid } from '../../kit/index.js';
import { refusePassword } from '../values/address.js';
import { resolveValue } from '../values/resolve-value.js';
import type { ValueLookup } from '../values/value-lookup.js';
import type { ExecutionEngine } from './execution-engine.resource.js';

/**
 * The URL behind `spec.address`, as it is now.
 *
 * @throws `Invalid` when it cannot be called, `NotFound` when what it is read from is absent
 */
export async function resolveAddress({ metadata, spec }: ExecutionEngine, lookup: ValueLookup): Promise<string> {
  const address = await resolveValue(spec.address, metadata.namespace ?? '', lookup);
  if (!isHttpUrl(address)) throw invalid('the address is not an http or https URL; change spec.address');
  refusePassword(address);
  return address;
}

function isHttpUrl(text: string | undefined): text is string {
  const url = text === undefined ? null : URL.parse(text);
  return url?.protocol === 'http:' || url?.protocol === 'https:';
}
