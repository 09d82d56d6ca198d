import type { AuthMode } from './auth-mode.js';
import type { SettingName } from './definitions.js';
import type { Role } from './role.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Everything the runtime can be told at start. Also the injection token. */
export abstract class Settings {
  /** Folder of the embedded store, conversations, certificates and `endpoints.json`. */
  abstract readonly dataDir: string;
  /** Address the HTTP doors listen on. */
  abstract readonly host: string;
  /** Port of the HTTP API and the gateway; 0 takes a free one. */
  abstract readonly port: number;
  /** Port of the embedded API server; 0 takes a free one. */
  abstract readonly apiServerPort: number;
  /** Port of `/metrics`; 0 takes a free one. Absent: the HTTP door serves them. */
  abstract readonly metricsPort?: number;
  /** Where others reach the HTTP API, without a slash at its end. Absent: where it listens. */
  abstract readonly publicUrl?: string;
  /** Folders and npm packages with extensions, besides the built-in ones. */
  abstract readonly pluginPath: readonly string[];
  abstract readonly kubernetes: 'embedded' | 'in-cluster' | 'kubeconfig';
  /** For `kubeconfig`: the file and the context in it. Absent: the client's own defaults. */
  abstract readonly kubeconfig?: string;
  abstract readonly context?: string;
  /** The process's own namespace, where it keeps its Lease and publishes its engines. */
  abstract readonly namespace: string;
  /** Where conversations and streams are kept: `postgres://…`. Absent: a SQLite file in `dataDir`. Holds a password. */
  abstract readonly databaseUrl?: string;
  /** Close credentials of others in the database, the first one, and open them, all of them. Secret. */
  abstract readonly databaseKeys: readonly string[];
  /** How long a conversation remembers a message. */
  abstract readonly conversationTtlSeconds: number;
  /** Queries worked on at once in this process. */
  abstract readonly maxConcurrentQueries: number;
  /** How long a stop waits for answers to requests under way, where other replicas go on with the work. */
  abstract readonly shutdownTimeoutMs: number;
  abstract readonly modelProbeTimeoutMs: number;
  /** How long an A2A server may take to show its card. */
  abstract readonly a2aDiscoveryTimeoutMs: number;
  /** When the name of an A2A server comes before that of its agent, where the server does not say. */
  abstract readonly a2aAgentNamePrefix: 'never' | 'onConflict' | 'always';
  /** Whether exchanges with A2A servers that began no task leave an A2ATask. */
  abstract readonly a2aTrackMessages: 'on' | 'off';
  abstract readonly logLevel: LogLevel;
  abstract readonly roles: readonly Role[];
  /** The only namespace whose objects it works for. Absent: all. */
  abstract readonly watchNamespace?: string;
  /** Port of a second door that leads to agents only; 0 takes a free one. Absent: none. */
  abstract readonly gatewayPort?: number;
  /** Whether a message through the gateway becomes a Query of the API server. */
  abstract readonly gatewayPersist: 'always' | 'never';
  /** Whether anybody may read the cards of agents, whatever `authMode` asks for. */
  abstract readonly gatewayPublicCards: 'off' | 'on';
  /** Parts of the address that clients of the gateway call, for its cards. Absent: what they called. */
  abstract readonly a2aListenProtocol?: 'http' | 'https';
  abstract readonly a2aListenHost?: string;
  abstract readonly a2aListenPort?: number;
  /** Before the paths of agents in cards; empty text for nothing. */
  abstract readonly a2aListenPath: string;
  /** Organization behind the agents, for the gateway's cards, and its page. Both or none. */
  abstract readonly a2aProviderName?: string;
  abstract readonly a2aProviderUrl?: string;
  /** How long a message through the gateway may be worked on. */
  abstract readonly a2aDefaultTimeoutSeconds: number;
  /** What callers of the HTTP doors may prove themselves with; empty: nobody is asked. */
  abstract readonly authMode: readonly AuthMode[];
  /** Of somebody who may do everything at the HTTP doors. Absent: nobody is named here. */
  abstract readonly adminToken?: string;
  /** Both set when `authMode` names `oidc`. */
  abstract readonly oidcIssuer?: string;
  abstract readonly oidcAudience?: string;
  abstract readonly oidcRolesClaim: string;
  /** Values of the claim with the role each gives, e.g. `['team-a-devs', 'editor@team-a']`. */
  abstract readonly oidcRoles: readonly (readonly [value: string, role: string])[];
  /** Where changes through the HTTP doors are written down: `stdout`, `off`, or a file. */
  abstract readonly auditLog: string;
  /** Requests that a caller may make each minute; 0: any number. */
  abstract readonly rateLimitPerMinute: number;
  /** Origins whose pages may use the HTTP doors, e.g. `https://app.example.com`. */
  abstract readonly corsOrigins: readonly string[];
  /** Host names that the HTTP doors answer to besides this machine's own, where nobody is asked who they are. */
  abstract readonly allowedHosts: readonly string[];
  /** Addresses and networks of proxies whose word about the client's address is believed, e.g. `10.0.0.0/8`. */
  abstract readonly trustedProxies: readonly string[];
  /** Folder of a built web page for the hosts `dashboard.*`. Absent: none. */
  abstract readonly dashboard?: string;
  /** Whether requests of callers reach the API server in their own name. */
  abstract readonly impersonation: 'off' | 'on';
  /** For callers with tokens of the issuer: whom the cluster knows them as. */
  abstract readonly impersonationUsernameClaim: string;
  abstract readonly impersonationGroupsClaim: string;
  abstract readonly impersonationPrefix: string;
  /** The ValidatingAdmissionPolicy that checks who may name a service account in a Query. Absent: nobody may. */
  abstract readonly queryAuthorPolicy?: string;
}

/** Values given on the command line; they win over the environment. */
export type SettingOverrides = Partial<Record<SettingName, string | number>>;
