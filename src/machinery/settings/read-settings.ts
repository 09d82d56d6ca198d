import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorText, invalid } from '../../kit/index.js';
import { SETTING_DEFINITIONS, type SettingDefinition, type SettingName } from './definitions.js';
import { isForeignVariable } from './foreign-variables.js';
import type { SettingOverrides, Settings } from './settings.js';

const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
/** Whether only programs of this machine reach an address. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/** For callers that are known: a hundred a second. */
const REQUESTS_PER_MINUTE = 6_000;

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|\[::1\]|localhost)$/;

/** What the machine says about itself; given by tests. */
export interface Surroundings {
  serviceAccountMounted(): boolean;
  /** The namespace of the pod this process runs in. */
  podNamespace(): string | undefined;
}

const thisMachine: Surroundings = {
  serviceAccountMounted: () => existsSync(join(SERVICE_ACCOUNT, 'token')),
  podNamespace: () => {
    const file = join(SERVICE_ACCOUNT, 'namespace');
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
  },
};

/**
 * The settings of a start: command line, then environment, then defaults.
 * Errors: `Invalid` for a value that is not valid, an unknown `ARK_*` name, or an open door without a word about it.
 */
export function readSettings(
  env: NodeJS.ProcessEnv,
  overrides: SettingOverrides = {},
  surroundings: Surroundings = thisMachine,
): Settings {
  refuseUnknownNames(env);
  const given = (name: SettingName) => givenText(name, env, overrides);
  const values = Object.fromEntries(
    (Object.keys(SETTING_DEFINITIONS) as SettingName[]).map((name) => [name, read(name, given(name))]),
  ) as unknown as Settings;
  const kubernetes = values.kubernetes ?? (surroundings.serviceAccountMounted() ? 'in-cluster' : 'embedded');
  const pod = kubernetes === 'in-cluster' && given('namespace') === undefined ? surroundings.podNamespace() : undefined;
  const known = values.authMode.length > 0;
  const settings = {
    ...values,
    kubernetes,
    namespace: pod || values.namespace,
    auditLog: values.auditLog ?? (known ? 'stdout' : 'off'),
    rateLimitPerMinute: values.rateLimitPerMinute ?? (known ? REQUESTS_PER_MINUTE : 0),
  };
  if (!isLoopback(settings.host) && given('authMode') === undefined) {
    throw invalid(
      `ARK_HOST is "${settings.host}": outside loopback anybody could use this runtime, because no authentication is ` +
        'set up. Set ARK_AUTH_MODE=token to ask callers for keys, listen on 127.0.0.1, or set ARK_AUTH_MODE=none to say ' +
        'that the network in front of it keeps others out.',
    );
  }
  if (settings.authMode.includes('oidc') && !(settings.oidcIssuer && settings.oidcAudience)) {
    throw invalid(
      'ARK_AUTH_MODE names oidc: set ARK_OIDC_ISSUER and ARK_OIDC_AUDIENCE, so that a token can be checked.',
    );
  }
  if ((settings.a2aProviderName === undefined) !== (settings.a2aProviderUrl === undefined)) {
    throw invalid(
      'A card names its provider with a page: set ARK_A2A_PROVIDER_NAME and ARK_A2A_PROVIDER_URL, or neither.',
    );
  }
  if (settings.adminToken !== undefined && !known) {
    throw invalid(
      'ARK_ADMIN_TOKEN is set and ARK_AUTH_MODE is "none", which asks nobody for a token: keep one of them.',
    );
  }
  if (settings.impersonation === 'on' && (kubernetes === 'embedded' || settings.authMode.length === 0)) {
    throw invalid(
      'ARK_IMPERSONATION is "on": that needs a cluster, which alone knows the rights of others, and ARK_AUTH_MODE to know ' +
        'who calls. Set it to off, or both of them.',
    );
  }
  return settings;
}

/** The settings with their names, defaults and meanings, for help texts and docs. */
export function describeSettings(): { env: string; flag?: string; default?: string; description: string }[] {
  return Object.values(SETTING_DEFINITIONS).map((definition: SettingDefinition<unknown>) => ({
    env: definition.env,
    flag: definition.flag,
    default: definition.default,
    description: definition.description,
  }));
}

function givenText(name: SettingName, env: NodeJS.ProcessEnv, overrides: SettingOverrides): string | undefined {
  const override = overrides[name];
  if (override !== undefined) return String(override);
  const definition: SettingDefinition<unknown> = SETTING_DEFINITIONS[name];
  const text = env[definition.env];
  if (text !== undefined && text !== '' && !isForeignVariable(definition.env, text)) return text;
  return (definition.commonEnv && env[definition.commonEnv]) || undefined;
}

function read(name: SettingName, given: string | undefined): unknown {
  const definition: SettingDefinition<unknown> = SETTING_DEFINITIONS[name];
  const text = given ?? definition.default;
  if (text === undefined) return undefined;
  try {
    return definition.parse(text);
  } catch (error) {
    throw invalid(`${definition.env} ${errorText(error)}.`);
  }
}

function refuseUnknownNames(env: NodeJS.ProcessEnv): void {
  const definitions: SettingDefinition<unknown>[] = Object.values(SETTING_DEFINITIONS);
  const known = definitions.map((definition) => definition.env);
  const common = definitions.map((definition) => definition.commonEnv);
  const unknown = Object.keys(env)
    .filter((name) => !known.includes(name) && !common.includes(name) && !isForeignVariable(name, env[name] ?? ''))
    .sort();
  if (unknown.length === 0) return;
  throw invalid(
    `Unknown setting${unknown.length > 1 ? 's' : ''} ${unknown.join(', ')} in the environment. Valid: ${known.sort().join(', ')}.`,
  );
}
