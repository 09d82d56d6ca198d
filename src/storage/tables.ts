import type { Generated } from 'kysely';

/** What a Query, or a client of the memory API, added to a conversation. One row per chat message. */
export interface MessagesTable {
  sequence: Generated<number>;
  namespace: string;
  conversation_id: string;
  /** The uid of the Query; clients of the memory API write what they like here, Ark's the name. */
  query_id: string;
  /** Set when this process wrote the row for a Query. Such rows go when the Query goes. */
  query_name: string | null;
  /** JSON of a chat message. */
  message: string;
  /** Milliseconds since 1970, as all times here. */
  created_at: number;
  expires_at: number | null;
}

/** A stream of chunks that outlives the process. */
export interface StreamsTable {
  /** The uid of the Query. */
  stream: string;
  started_at: number;
  ended_at: number | null;
}

export interface ChunksTable {
  stream: string;
  id: number;
  /** JSON as readers get it. */
  body: string;
}

/** What a paused run had done by then. */
export interface RunJournalsTable {
  /** The uid of the Query. */
  query_id: string;
  key: string;
  /** JSON. */
  value: string;
}

/** Where the changes of an A2A task are told. */
export interface PushConfigsTable {
  namespace: string;
  task: string;
  id: string;
  url: string;
  /** This and the next two: empty text when the client gave none. */
  token: string;
  auth_scheme: string;
  auth_credentials: string;
  /** The version of the protocol in which the client spoke. */
  protocol: string;
  created_at: number;
}

/** One change of one task for one receiver. Rows stay when they are done, so that no replica tells it again. */
export interface PushDeliveriesTable {
  namespace: string;
  task: string;
  config: string;
  change: string;
  tries: number;
  /** When it is tried next; while somebody tries, when others may. Null: done, or given up. */
  due_at: number | null;
}

/** What this runtime signs with. */
export interface SigningKeysTable {
  kid: string;
  /** JSON. */
  private_jwk: string;
  created_at: number;
}

/** A key to the HTTP doors; its secret is known to its holder only. */
export interface ApiKeysTable {
  public_key: string;
  id: string;
  name: string;
  /** SHA-256 in hex. */
  secret_hash: string;
  /** JSON: a list of texts. */
  roles: string;
  created_by: string;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
  revoked_at: number | null;
}

/** A task of an engine that was asked at its own door, as its last change of state left it. */
export interface EngineTasksTable {
  engine: string;
  id: string;
  /** The process that works on it. */
  owner: string;
  /** 1: nothing changes it any more. */
  ended: number;
  /** JSON. */
  task: string;
  changed_at: number;
}

/** Every table of the database. Texts hold JSON; numbers are 64 bits wide. */
export interface Tables {
  messages: MessagesTable;
  streams: StreamsTable;
  chunks: ChunksTable;
  run_journals: RunJournalsTable;
  push_configs: PushConfigsTable;
  push_deliveries: PushDeliveriesTable;
  signing_keys: SigningKeysTable;
  api_keys: ApiKeysTable;
  engine_tasks: EngineTasksTable;
  schema_migrations: { name: string; applied_at: number };
}
