import { ArkError, errorText, invalid } from '../../kit/index.js';
import type { A2AServer } from '../../resources/a2a-server/a2a-server.resource.js';
import { refusePassword } from '../../resources/values/address.js';
import { resolveHeaders } from '../../resources/values/resolve-headers.js';
import { resolveValue } from '../../resources/values/resolve-value.js';
import { TakenSecrets } from '../../resources/values/taken-secrets.js';
import type { ValueLookup } from '../../resources/values/value-lookup.js';
import type { Finding } from './a2a-server-status.checks.js';

/** A server with every reference resolved, outside any Query. May hold keys: never log it. */
export interface ResolvedServer {
  /** Without a slash at the end. */
  address: string;
  headers: Record<string, string>;
  /** What came out of Secrets in both. */
  secrets: string[];
}

/** The server with every reference resolved, or what stands in the way. */
export async function resolveOrSay(server: A2AServer, lookup: ValueLookup): Promise<ResolvedServer | Finding> {
  const taken = new TakenSecrets(lookup);
  let address: string | undefined;
  try {
    address = await resolveAddress(server, taken);
    const headers = await resolveHeaders(server.spec.headers, server.metadata.namespace ?? '', taken);
    return { address, headers, secrets: taken.texts };
  } catch (error) {
    if (!(error instanceof ArkError)) throw error;
    const message = errorText(error);
    if (address === undefined) return { reason: 'AddressResolutionFailed', message };
    return { reason: 'DiscoveryFailed', address, message };
  }
}

async function resolveAddress({ spec, metadata }: A2AServer, lookup: ValueLookup): Promise<string> {
  const text = (await resolveValue(spec.address, metadata.namespace ?? '', lookup))?.trim();
  if (!text) throw invalid('spec.address is empty');
  refusePassword(text);
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw invalid('spec.address is no URL of http or https; write for example http://my-agents.default.svc:8080');
  }
  return text.replace(/\/+$/, '');
}
