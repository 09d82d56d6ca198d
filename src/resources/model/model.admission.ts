import { type Admitted, defineAdmission } from '../admission/admission-rules.js';
import { judgeBaseUrl } from '../admission/checks/base-url-guard.js';
import { headerProblems } from '../admission/checks/header-checks.js';
import { missingReference, unresolvedAddress } from '../admission/checks/reference-checks.js';
import { setMigrationWarning } from '../admission/migration-warnings.js';
import type { Header } from '../shared/header.js';
import type { ValueSource } from '../shared/value-source.js';
import { resolveValue } from '../values/resolve-value.js';
import { KNOWN_PROVIDERS, Model, type ModelSpec } from './model.resource.js';
import type { AzureAuth, AzureConfig } from './model-config.js';

/** Moves the old spelling of the provider, and judges the provider's block. */
export const modelAdmission = defineAdmission<Model>({
  kind: Model,
  mutate({ object: model, warn }) {
    const { spec } = model;
    const old = isKnown(spec.type) ? spec.type : undefined;
    if (old && !spec.provider) {
      spec.provider = old;
      spec.type = 'completions';
      setMigrationWarning(model, 'provider', providerText(model, old));
    } else if (old && old !== spec.provider) {
      warn(`type "${old}" is an old spelling of provider and is ignored: provider "${spec.provider}" wins`);
    }
    setMigrationWarning(model, 'bedrock-auth', bedrockText(model));
  },
  async validate(admitted) {
    const { object: model, lookup } = admitted;
    const namespace = model.metadata.namespace ?? '';
    const missing = await missingReference(model.spec.model, namespace, lookup);
    if (missing) return [`spec.model: ${missing}`];
    const provider = model.spec.provider;
    if (!provider) return ['provider is required; when type names a provider, move that value to provider'];
    const block = model.spec.config?.[provider];
    if (block === undefined)
      return isKnown(provider) ? [`${provider} configuration is required: add config.${provider}`] : [];
    return blockProblems(block as ProviderBlock, provider, admitted);
  },
});

/** The fields of providers' blocks that admission looks at; a stranger's block may have none of them. */
type ProviderBlock = Record<string, unknown> & { baseUrl?: ValueSource; headers?: Header[]; auth?: AzureAuth };

const isKnown = (name: string | undefined) => KNOWN_PROVIDERS.some((known) => known === name);

/** Plain value sources of each known block that must exist at admission. */
const SOURCES: Record<string, string[]> = {
  openai: ['apiKey'],
  azure: ['apiKey', 'apiVersion'],
  bedrock: ['region', 'accessKeyId', 'secretAccessKey', 'sessionToken', 'modelArn'],
  anthropic: ['apiKey', 'version'],
};

async function blockProblems(block: ProviderBlock, provider: string, admitted: Admitted<Model>): Promise<string[]> {
  const at = `spec.config.${provider}`;
  const namespace = admitted.object.metadata.namespace ?? '';
  const problems: string[] = [];
  for (const field of SOURCES[provider] ?? []) {
    const missing = await missingReference(block[field] as ValueSource | undefined, namespace, admitted.lookup);
    if (missing) problems.push(`${at}.${field}: ${missing}`);
  }
  if (provider === 'azure') problems.push(...azureProblems(block as unknown as AzureConfig));
  if (isKnown(provider) || isSource(block.baseUrl)) problems.push(...(await urlProblems(block.baseUrl, at, admitted)));
  if (isKnown(provider)) problems.push(...headerProblems(block.headers, `${at}.`));
  return problems;
}

const isSource = (value: unknown) =>
  typeof value === 'object' && value !== null && ('value' in value || 'valueFrom' in value);

/** The policy's verdict on the base URL. A Service is inside the cluster and needs none. */
async function urlProblems(source: ValueSource | undefined, at: string, admitted: Admitted<Model>): Promise<string[]> {
  if (source === undefined) return [];
  const namespace = admitted.object.metadata.namespace ?? '';
  const unresolved = await unresolvedAddress(source, namespace, admitted.lookup);
  if (unresolved) return [`failed to resolve ${at}.baseUrl: ${unresolved}`];
  if (!source.value && source.valueFrom?.serviceRef) return [];
  const url = (await resolveValue(source, namespace, admitted.lookup)) ?? '';
  const { refused, warning } = judgeBaseUrl(url, admitted.policy);
  if (warning) admitted.warn(`${at}.baseUrl: ${warning}`);
  return refused ? [`${at}.baseUrl validation failed: ${refused}`] : [];
}

function azureProblems({ auth, apiKey }: AzureConfig): string[] {
  if (!auth) return apiKey ? [] : ['spec.config.azure: one of auth and apiKey is required'];
  const ways = [auth.apiKey, auth.managedIdentity, auth.workloadIdentity].filter((way) => way !== undefined);
  if (ways.length === 1) return [];
  return ['spec.config.azure.auth: exactly one of apiKey, managedIdentity and workloadIdentity is required'];
}

function providerText(model: Model, old: string): string {
  return (
    `model "${model.metadata.name}": type "${old}" is deprecated and became provider "${old}" with type "completions"; ` +
    `write provider: ${old}`
  );
}

function bedrockText({ metadata, spec }: { metadata: Model['metadata']; spec: ModelSpec }): string | undefined {
  const bedrock = spec.provider === 'bedrock' ? spec.config?.bedrock : undefined;
  if (!bedrock?.apiKey || !(bedrock.accessKeyId || bedrock.secretAccessKey)) return undefined;
  return `model "${metadata.name}": bedrock has an apiKey and IAM keys; the apiKey is used`;
}
