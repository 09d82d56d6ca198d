import { delimiter } from 'node:path';
import {
  parseAuthModes,
  parseHostNames,
  parseIssuer,
  parseNetworks,
  parseOrigins,
  parseRoleNames,
} from './auth-mode.js';
import { parseRoles, ROLES } from './role.js';
import { httpUrl, namespaceName, oneOf, urlPath, wholeNumber } from './setting-texts.js';

/** How one setting is called, what it may be and what it is by default. */
export interface SettingDefinition<T> {
  env: string;
  /** A name that other programs use too; read when `env` is not set. */
  commonEnv?: string;
  flag?: string;
  description: string;
  /** As text, as a person would write it. Absent: the setting is absent. */
  default?: string;
  /** Whether its value is shown nowhere, and in a cluster comes out of a Secret. */
  secret?: true;
  /** Says what is wrong with a text by throwing; `readSettings` adds the name. */
  parse(text: string): T;
}

const anyText = (text: string) => text;

const port = wholeNumber(0, 65_535);
const seconds = wholeNumber(1, 3_600);
const secondsOrNone = wholeNumber(0, 3_600);

/** Every setting of the runtime. One line here is all a new one needs, besides its field in `Settings`. */
export const SETTING_DEFINITIONS = {
  dataDir: { env: 'ARK_DATA_DIR', flag: '--data-dir', default: '.ark', description: 'data folder', parse: anyText },
  host: { env: 'ARK_HOST', flag: '--host', default: '127.0.0.1', description: 'listen address', parse: anyText },
  port: { env: 'ARK_PORT', flag: '--port', default: '8080', description: 'port of the HTTP API', parse: port },
  apiServerPort: {
    env: 'ARK_API_SERVER_PORT',
    flag: '--api-server-port',
    default: '6443',
    description: 'port of the embedded API server',
    parse: port,
  },
  metricsPort: {
    env: 'ARK_METRICS_PORT',
    description:
      'port of /metrics alone, which asks nobody; default: the HTTP API serves it, to readers of all namespaces',
    parse: port,
  },
  publicUrl: {
    env: 'ARK_PUBLIC_URL',
    flag: '--public-url',
    description: 'where others reach the HTTP API, for agent cards and published engines; default: where it listens',
    parse: httpUrl,
  },
  pluginPath: {
    env: 'ARK_PLUGIN_PATH',
    flag: '--plugins',
    default: '',
    description: `folders and npm packages with extensions, separated by "${delimiter}"`,
    parse: (text: string) => text.split(delimiter).filter((entry) => entry !== ''),
  },
  kubernetes: {
    env: 'ARK_KUBERNETES',
    flag: '--kubernetes',
    description: 'where the resources live; default: in-cluster with a mounted service account, else embedded',
    parse: oneOf('embedded', 'in-cluster', 'kubeconfig'),
  },
  kubeconfig: { env: 'ARK_KUBECONFIG', flag: '--kubeconfig', description: 'kubeconfig file', parse: anyText },
  context: { env: 'ARK_CONTEXT', flag: '--context', description: 'context in the kubeconfig', parse: anyText },
  namespace: {
    env: 'ARK_NAMESPACE',
    flag: '--namespace',
    default: 'default',
    description: "the process's own namespace; in a cluster the pod's",
    parse: namespaceName,
  },
  databaseUrl: {
    env: 'ARK_DATABASE_URL',
    commonEnv: 'DATABASE_URL',
    secret: true,
    description:
      'PostgreSQL for conversations and streams, also read from DATABASE_URL; default: a file in the data folder',
    parse: (text: string) => {
      // The text may hold a password: never repeat it.
      if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) {
        throw new Error('is not a PostgreSQL URL; valid: postgres://user:password@host:5432/database');
      }
      return text;
    },
  },
  databaseKeys: {
    env: 'ARK_DATABASE_KEYS',
    secret: true,
    default: '',
    description:
      'keys that close credentials of others in the database, of 32 characters and more, by commas: the first closes, all open; empty: none',
    parse: (text: string) => {
      const keys = text.split(',').map((key) => key.trim());
      return keys.filter(Boolean).map((key) => {
        if (key.length >= 32) return key;
        // Never repeat it: it is a secret.
        throw new Error('has a key that is too short; valid: 32 random characters');
      });
    },
  },
  conversationTtlSeconds: {
    env: 'ARK_CONVERSATION_TTL_SECONDS',
    default: '2592000',
    description: 'seconds a conversation remembers a message; a deleted Query takes its messages along earlier',
    parse: wholeNumber(1, 2_000_000_000),
  },
  maxConcurrentQueries: {
    env: 'ARK_MAX_CONCURRENT_QUERIES',
    flag: '--max-concurrent-queries',
    default: '256',
    description: 'Queries worked on at once',
    parse: wholeNumber(1, 100_000),
  },
  shutdownTimeoutMs: {
    env: 'ARK_SHUTDOWN_TIMEOUT',
    default: '7s',
    description:
      'seconds a replica that stops waits for answers to requests that are under way, for example 30s; with the API server inside it waits for none',
    parse: (text: string) => secondsOrNone(text.replace(/s$/, '')) * 1000,
  },
  modelProbeTimeoutMs: {
    env: 'ARK_MODEL_PROBE_TIMEOUT_SECONDS',
    default: '60',
    description: 'seconds a Model may take to prove that it answers',
    parse: (text: string) => seconds(text) * 1000,
  },
  roles: {
    env: 'ARK_ROLES',
    default: ROLES.join(','),
    description: 'what this process does: reconcile and run Queries, serve memory and streams, agents, engines',
    parse: parseRoles,
  },
  watchNamespace: {
    env: 'ARK_WATCH_NAMESPACE',
    description: 'work for the objects of this namespace only; default: all',
    parse: namespaceName,
  },
  gatewayPort: {
    env: 'ARK_GATEWAY_PORT',
    description: 'port of a second door that leads to agents only, Ark uses 7184; default: none',
    parse: port,
  },
  gatewayPersist: {
    env: 'ARK_GATEWAY_PERSIST',
    default: 'always',
    description: 'always: each message through the gateway is a Query; never: it is worked on without one',
    parse: oneOf('always', 'never'),
  },
  gatewayPublicCards: {
    env: 'ARK_GATEWAY_PUBLIC_CARDS',
    default: 'off',
    description:
      'on: anybody may read the cards of agents, whatever ARK_AUTH_MODE asks for; lists, extended cards and everything else stay closed',
    parse: oneOf('off', 'on'),
  },
  a2aListenProtocol: {
    env: 'ARK_A2A_LISTEN_PROTOCOL',
    commonEnv: 'ARK_A2A_AGENT_CARD_PROTOCOL',
    description: 'scheme in the cards of the gateway; default: that of the request, http when its host or port is set',
    parse: oneOf('http', 'https'),
  },
  a2aListenHost: {
    env: 'ARK_A2A_LISTEN_HOST',
    commonEnv: 'ARK_A2A_AGENT_CARD_HOST',
    description: 'host in the cards of the gateway; default: that of the request, localhost when its port is set',
    parse: anyText,
  },
  a2aListenPort: {
    env: 'ARK_A2A_LISTEN_PORT',
    commonEnv: 'ARK_A2A_AGENT_CARD_PORT',
    description: 'port in the cards of the gateway; default: that of the request, 7184 when its host is set',
    parse: wholeNumber(1, 65_535),
  },
  a2aListenPath: {
    env: 'ARK_A2A_LISTEN_PATH',
    commonEnv: 'ARK_A2A_AGENT_CARD_PATH',
    default: '',
    description: 'path before those of agents in the cards of the gateway, for a proxy that takes it off',
    parse: urlPath,
  },
  a2aProviderName: {
    env: 'ARK_A2A_PROVIDER_NAME',
    description: 'organization that the cards of the gateway name as the provider of agents; with ARK_A2A_PROVIDER_URL',
    parse: anyText,
  },
  a2aProviderUrl: {
    env: 'ARK_A2A_PROVIDER_URL',
    description: 'page of that organization, http or https',
    parse: httpUrl,
  },
  a2aDefaultTimeoutSeconds: {
    env: 'ARK_A2A_DEFAULT_TIMEOUT',
    commonEnv: 'A2A_DEFAULT_TIMEOUT',
    default: '300',
    description: 'seconds a message through the gateway may be worked on',
    parse: wholeNumber(1, 2_592_000),
  },
  a2aDiscoveryTimeoutMs: {
    env: 'ARK_A2A_DISCOVERY_TIMEOUT',
    default: '30s',
    description: 'seconds an A2A server may take to show its agent card, for example 30s',
    parse: (text: string) => seconds(text.replace(/s$/, '')) * 1000,
  },
  a2aAgentNamePrefix: {
    env: 'ARK_A2A_AGENT_NAME_PREFIX',
    default: 'onConflict',
    description:
      "whether the name of an A2A server comes before that on its agent's card, where spec.agentNamePrefix of the server is absent: never, onConflict (when the card's name is taken) or always",
    parse: oneOf('never', 'onConflict', 'always'),
  },
  a2aTrackMessages: {
    env: 'ARK_A2A_TRACK_MESSAGES',
    default: 'on',
    description:
      'whether an exchange with an agent on an A2A server that began no task there leaves an A2ATask, too: on or off',
    parse: oneOf('on', 'off'),
  },
  logLevel: {
    env: 'ARK_LOG_LEVEL',
    flag: '--log-level',
    default: 'info',
    description: 'least level that is logged',
    parse: oneOf('debug', 'info', 'warn', 'error'),
  },
  authMode: {
    env: 'ARK_AUTH_MODE',
    flag: '--auth-mode',
    default: 'none',
    description:
      'who may use the HTTP doors: none lets everybody in; token wants API keys or tokens of the cluster; oidc wants tokens of an issuer',
    parse: parseAuthModes,
  },
  adminToken: {
    env: 'ARK_ADMIN_TOKEN',
    secret: true,
    description:
      'token of somebody who may do everything at the HTTP doors, for the first API key where neither the cluster nor an issuer can name an administrator; needs ARK_AUTH_MODE',
    parse: (text: string) => {
      // Never repeat it: it is a secret.
      if (!/^[\x21-\x7e]{32,}$/.test(text)) {
        throw new Error(
          'must be at least 32 letters, digits and signs without blanks; make one with openssl rand -hex 32',
        );
      }
      return text;
    },
  },
  oidcIssuer: {
    env: 'ARK_OIDC_ISSUER',
    description: 'URL of the OpenID Connect issuer, as its tokens name it; needed for the mode oidc',
    parse: parseIssuer,
  },
  oidcAudience: {
    env: 'ARK_OIDC_AUDIENCE',
    description: 'what tokens of the issuer must be meant for; needed for the mode oidc',
    parse: anyText,
  },
  oidcRolesClaim: {
    env: 'ARK_OIDC_ROLES_CLAIM',
    default: 'groups',
    description: 'claim of the token with a list, or words, that ARK_OIDC_ROLES gives roles to',
    parse: anyText,
  },
  oidcRoles: {
    env: 'ARK_OIDC_ROLES',
    default: '',
    description: 'who is what, for example platform=admin,team-a-devs=editor@team-a; nobody has a role without it',
    parse: parseRoleNames,
  },
  auditLog: {
    env: 'ARK_AUDIT_LOG',
    description:
      'where changes through the HTTP doors are written down: stdout, off, or a file; default: stdout where ARK_AUTH_MODE names callers',
    parse: anyText,
  },
  rateLimitPerMinute: {
    env: 'ARK_RATE_LIMIT',
    description:
      'requests a minute of one caller, a sixth of them at once, 0 for any number; default: 6000 where ARK_AUTH_MODE names callers',
    parse: wholeNumber(0, 10_000_000),
  },
  corsOrigins: {
    env: 'ARK_CORS_ORIGINS',
    default: '',
    description: 'origins whose pages may use the HTTP doors, for example https://app.example.com; default: none',
    parse: parseOrigins,
  },
  allowedHosts: {
    env: 'ARK_ALLOWED_HOSTS',
    default: '',
    description:
      'host names that the HTTP doors answer to where nobody is asked who they are, for example ark.test,*.dev.example.com, besides names of this machine and those of ARK_PUBLIC_URL and ARK_A2A_LISTEN_HOST; default: outside loopback every name',
    parse: parseHostNames,
  },
  trustedProxies: {
    env: 'ARK_TRUSTED_PROXIES',
    default: '',
    description:
      'addresses and networks of proxies in front whose X-Forwarded-For says which address a client has, for example 10.0.0.0/8; default: none, and the address of the connection counts',
    parse: parseNetworks,
  },
  dashboard: {
    env: 'ARK_DASHBOARD',
    description:
      'folder of a built web page, served at the hosts dashboard.*, for example dashboard.localhost; default: none',
    parse: anyText,
  },
  impersonation: {
    env: 'ARK_IMPERSONATION',
    default: 'off',
    description:
      "on: requests of callers reach the API server in their own name, and the cluster's RBAC decides; not with the embedded one",
    parse: oneOf('off', 'on'),
  },
  impersonationUsernameClaim: {
    env: 'ARK_IMPERSONATION_USERNAME_CLAIM',
    default: 'email',
    description: 'claim, or path with dots, that holds the name of a user in the cluster',
    parse: anyText,
  },
  impersonationGroupsClaim: {
    env: 'ARK_IMPERSONATION_GROUPS_CLAIM',
    default: 'groups',
    description: 'claim, or path with dots, that holds the groups of a user in the cluster',
    parse: anyText,
  },
  impersonationPrefix: {
    env: 'ARK_IMPERSONATION_PREFIX',
    default: '',
    description: 'put before the names of users and groups from claims, as the API server does with its own issuers',
    parse: anyText,
  },
  queryAuthorPolicy: {
    env: 'ARK_QUERY_AUTHOR_POLICY',
    description:
      'ValidatingAdmissionPolicy of the cluster that checks who may name a service account in a Query; default: such Queries are refused',
    parse: anyText,
  },
} satisfies Record<string, SettingDefinition<unknown>>;

export type SettingName = keyof typeof SETTING_DEFINITIONS;
