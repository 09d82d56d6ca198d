import { type KubeObject, type ResourceClass, resourceType } from '../../kit/index.js';
import type { Admission, AdmissionRequest } from '../../kube/api-server/admission.js';
import { SKIP_ADMISSION } from '../labels.js';
import type { ValueLookup } from '../values/value-lookup.js';
import type { AdmissionPolicy } from './admission-policy.js';
import { migrationWarnings } from './migration-warnings.js';

/** One admission call as the rules of a kind see it. */
export interface Admitted<T extends KubeObject> {
  object: T;
  /** On update: the stored object. */
  oldObject?: T;
  /** Reads by class, straight from the store. */
  lookup: ValueLookup;
  policy: AdmissionPolicy;
  warn(text: string): void;
}

/** The defaulting and validation of one kind. */
export interface AdmissionRules<T extends KubeObject> {
  kind: ResourceClass<T>;
  /** Whether the skip label bypasses these rules. */
  skippable?: boolean;
  /** Changes the object in place; idempotent. */
  mutate?(admitted: Admitted<T>): void | Promise<void>;
  /** What is wrong, first one first. */
  validate?(admitted: Admitted<T>): string[] | Promise<string[]>;
}

const BRAND = Symbol.for('nest-ark.admission-rules');

/** Rules that the loader can find among the exports of an `*.admission.ts` file. */
export function defineAdmission<T extends KubeObject>(rules: AdmissionRules<T>): AdmissionRules<T> {
  return Object.assign(rules, { [BRAND]: true });
}

export function isAdmissionRules(value: unknown): value is AdmissionRules<KubeObject> {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/** The rules as an API server calls them. */
export function toAdmission<T extends KubeObject>(rules: AdmissionRules<T>, policy: AdmissionPolicy): Admission {
  const see = (request: AdmissionRequest): Admitted<T> => ({
    object: request.object as unknown as T,
    oldObject: request.oldObject as unknown as T | undefined,
    lookup: { get: (kind, key) => request.lookup.get(resourceType(kind), key) },
    policy,
    warn: (text) => request.warn(text),
  });
  const skipped = (object: KubeObject) => rules.skippable && object.metadata.labels?.[SKIP_ADMISSION] === 'true';
  return {
    type: resourceType(rules.kind),
    async mutate(request) {
      // The schema has not spoken yet: an object without a proper spec is left for it to refuse.
      if (skipped(request.object) || !isObject(request.object.spec)) return;
      await rules.mutate?.(see(request));
    },
    async validate(request) {
      if (skipped(request.object)) return [];
      for (const text of migrationWarnings(request.object)) request.warn(text);
      return judged(rules, see(request));
    },
  };
}

/**
 * What is wrong with the object. On update, what was wrong before is only a warning: an object stored under older rules
 * stays editable.
 */
async function judged<T extends KubeObject>(rules: AdmissionRules<T>, admitted: Admitted<T>): Promise<string[]> {
  const problems = (await rules.validate?.(admitted)) ?? [];
  if (problems.length === 0 || !admitted.oldObject) return problems;
  const silent = () => {};
  const before = await rules.validate?.({
    ...admitted,
    object: admitted.oldObject,
    oldObject: undefined,
    warn: silent,
  });
  const known = new Set(before);
  for (const problem of problems) if (known.has(problem)) admitted.warn(problem);
  return problems.filter((problem) => !known.has(problem));
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
