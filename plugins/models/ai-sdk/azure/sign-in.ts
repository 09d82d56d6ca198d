import { invalid } from 'nest-ark';
import type { AzureSettings } from './azure-settings.js';
import { type AzureEnvironment, managedIdentityToken, workloadIdentityToken } from './identity.js';
import type { TokenCache } from './token-cache.js';

type Authorize = () => Promise<Record<string, string>>;

/**
 * How requests prove who calls: by the one way that is configured.
 *
 * @throws Invalid when there is none, or more than one
 */
export function signIn(settings: AzureSettings, at: string, tokens: TokenCache, env: AzureEnvironment): Authorize {
  const { auth } = settings;
  if (!auth)
    return keyHeaders(settings.apiKey, `${at}: write auth.apiKey, auth.managedIdentity or auth.workloadIdentity`);
  const ways = Object.entries(auth).filter(([, way]) => way !== undefined);
  if (ways.length !== 1) {
    throw invalid(`${at}: auth must hold exactly one of apiKey, managedIdentity and workloadIdentity`);
  }
  const { managedIdentity, workloadIdentity } = auth;
  const bearer = async (id: string[], request: Parameters<TokenCache['get']>[1]) => ({
    authorization: `Bearer ${await tokens.get(JSON.stringify(id), request)}`,
  });
  if (managedIdentity) {
    const { clientId } = managedIdentity;
    return () => bearer(['managed', clientId ?? ''], () => managedIdentityToken(clientId, env));
  }
  if (workloadIdentity) {
    const { clientId, tenantId } = workloadIdentity;
    return () => bearer(['workload', tenantId, clientId], () => workloadIdentityToken(workloadIdentity, env));
  }
  return keyHeaders(auth.apiKey, `${at}: auth.apiKey is empty`);
}

/** Azure reads `api-key`, gateways in front of it the bearer. */
function keyHeaders(apiKey: string | undefined, problem: string): Authorize {
  if (!apiKey) throw invalid(problem);
  return async () => ({ 'api-key': apiKey, authorization: `Bearer ${apiKey}` });
}
