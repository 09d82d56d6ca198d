import { readFile } from 'node:fs/promises';
import { errorText, invalid } from 'nest-ark';
import type { AccessToken } from './token-cache.js';
import { requestToken } from './token-request.js';

const RESOURCE = 'https://cognitiveservices.azure.com';
const INSTANCE_SERVICE = 'http://169.254.169.254';
const LOGIN_SERVICE = 'https://login.microsoftonline.com';
/** Where the workload identity webhook mounts the token of the pod's service account. */
const FEDERATED_TOKEN = '/var/run/secrets/azure/tokens/azure-identity-token';

/** The names Azure's own libraries read; its webhook sets them in pods. */
export type AzureEnvironment = Partial<
  Record<'AZURE_POD_IDENTITY_AUTHORITY_HOST' | 'AZURE_AUTHORITY_HOST' | 'AZURE_FEDERATED_TOKEN_FILE', string>
>;

/** A token of the machine this process runs on; without client id that of its system-assigned identity. */
export function managedIdentityToken(clientId: string | undefined, env: AzureEnvironment): Promise<AccessToken> {
  const query = new URLSearchParams({ 'api-version': '2018-02-01', resource: RESOURCE });
  if (clientId) query.set('client_id', clientId);
  const host = withoutSlash(env.AZURE_POD_IDENTITY_AUTHORITY_HOST ?? INSTANCE_SERVICE);
  const url = `${host}/metadata/identity/oauth2/token?${query}`;
  return requestToken(url, { headers: { metadata: 'true' } }, 'the managed identity service');
}

export interface WorkloadIdentity {
  clientId: string;
  tenantId: string;
}

/** A token in exchange for that of the pod's service account, which is read anew each time because it rotates. */
export async function workloadIdentityToken(who: WorkloadIdentity, env: AzureEnvironment): Promise<AccessToken> {
  const form = new URLSearchParams({
    client_id: who.clientId,
    scope: `${RESOURCE}/.default`,
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await federatedToken(env.AZURE_FEDERATED_TOKEN_FILE ?? FEDERATED_TOKEN),
  });
  const host = withoutSlash(env.AZURE_AUTHORITY_HOST ?? LOGIN_SERVICE);
  const url = `${host}/${encodeURIComponent(who.tenantId)}/oauth2/v2.0/token`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return requestToken(url, { method: 'POST', headers, body: form.toString() }, 'the workload identity exchange');
}

async function federatedToken(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw invalid(
      `workload identity needs the token of this pod's service account, and it cannot be read: ${errorText(error)}. ` +
        'Label the pod azure.workload.identity/use: "true", or set AZURE_FEDERATED_TOKEN_FILE',
    );
  }
}

const withoutSlash = (host: string) => host.replace(/\/+$/, '');
