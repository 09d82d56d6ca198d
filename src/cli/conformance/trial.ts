import type { QueryName } from './answer.js';
import type { Dialect } from './dialect.js';
import type { Wire } from './wire.js';

/** The card as engines of both protocol generations write it; nothing of it is believed before a case has looked. */
export interface EngineCard {
  name?: unknown;
  description?: unknown;
  version?: unknown;
  url?: unknown;
  protocolVersion?: unknown;
  capabilities?: { streaming?: unknown; pushNotifications?: unknown; extensions?: { uri?: unknown }[] };
  securitySchemes?: unknown;
  skills?: { id?: unknown; name?: unknown }[];
  supportedInterfaces?: { url?: unknown; protocolBinding?: unknown; protocolVersion?: unknown }[];
}

/** What the cases have to work with. */
export interface Trial {
  /** Base address of the engine, with a slash at the end. */
  url: string;
  /** The way there. */
  wire: Wire;
  /** Undefined: there is none, which the case of the card tells. */
  card?: EngineCard;
  /** How the engine can be spoken to, as its card says. */
  dialects: Dialect[];
  question: string;
  timeoutMs: number;
  /** Queries that the engine can read. Undefined: there is no cluster, and `noQuery` says why. */
  queries?: { plain: QueryName; badOptions: QueryName };
  noQuery: string;
}

/** One promise of an engine. */
export interface ConformanceCase {
  title: string;
  /** `should`: an engine without it works, and is told. */
  level: 'must' | 'should';
  run(trial: Trial): Promise<void>;
}

/** What a `cases/*.cases.ts` file exports by default. */
export type DefineCases = (trial: Trial) => ConformanceCase[];

/** The case has nothing to judge here. */
export class NotApplicable extends Error {}

/** Fails the case unless `held`. */
export function expects(held: unknown, otherwise: string): asserts held {
  if (!held) throw new Error(otherwise);
}

export function plainQuery(trial: Trial): QueryName {
  if (!trial.queries) throw new NotApplicable(trial.noQuery);
  return trial.queries.plain;
}
