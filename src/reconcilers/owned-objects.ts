import { isDeepStrictEqual } from 'node:util';
import { ArkError, errorText, type KubeObject, type ReconcileContext, type ResourceClass } from '../kit/index.js';
import { labelValue } from '../resources/values/label-value.js';

/** Writes at once; a server may have hundreds of objects. */
const BATCH = 32;
const MOST_NAMED = 3;

type WithSpec = KubeObject & { spec?: object };

/** The objects that somebody's reading of a server makes. */
export interface OwnedObjects<T extends WithSpec> {
  owner: KubeObject;
  kind: ResourceClass<T>;
  wanted: readonly T[];
  /** The label that says which owner an object is of. */
  label: string;
  /** The name of the reconciler that writes them. */
  maker: string;
  /** Whether there may be more than the wanted ones: then none is taken away. */
  partial?: boolean;
}

/** What could not be done, for people. */
export interface WriteProblems {
  writing?: string;
  deleting?: string;
}

/**
 * Makes the objects of an owner those that are wanted, writing only what differs. One that cannot be written does not
 * keep the others from being written.
 */
export async function writeOwned<T extends WithSpec>(
  objects: OwnedObjects<T>,
  context: ReconcileContext,
): Promise<WriteProblems> {
  const { owner, kind, wanted } = objects;
  const names = new Set(wanted.map(({ metadata }) => metadata.name));
  const { namespace } = owner.metadata;
  const gone = context
    .list(kind, { namespace })
    .filter((object) => !objects.partial && isOwnedBy(object, owner) && !names.has(object.metadata.name));
  const writing = await inBatches(wanted, (object) => writeObject(objects, object, context));
  const deleting = await inBatches(gone, (object) => context.delete(object));
  return { writing: summary(writing), deleting: summary(deleting) };
}

/** Whether the object was made for this owner. */
export function isOwnedBy({ metadata }: KubeObject, { metadata: { uid } }: KubeObject): boolean {
  return metadata.ownerReferences?.some((reference) => reference.uid === uid) ?? false;
}

/** Whether it may be taken over: it carries the owner's label, and neither a controller nor a namesake owns it. */
export function isAdoptable({ metadata }: KubeObject, owner: KubeObject, label: string): boolean {
  const owned = metadata.ownerReferences?.some(({ controller, kind }) => controller || kind === owner.kind) ?? false;
  return !owned && metadata.labels?.[label] === labelValue(owner.metadata.name);
}

async function writeObject<T extends WithSpec>(
  { owner, kind, label, maker }: OwnedObjects<T>,
  object: T,
  context: ReconcileContext,
): Promise<void> {
  const { name, namespace } = object.metadata;
  const existing = context.get(kind, { namespace, name });
  if (existing && !isOwnedBy(existing, owner) && !isAdoptable(existing, owner, label)) {
    throw new Error(`a ${existing.kind} of this name exists, ${whose(existing)}, or rename this ${owner.kind}`);
  }
  if (!existing) await makeObject(owner, object, context);
  else if (differs(existing, object) || isOutgrown(existing, object, maker)) await context.apply(object);
}

/** Never over an object that somebody else has made before the cache shows it: then it is decided anew, with that one. */
async function makeObject(owner: KubeObject, object: KubeObject, context: ReconcileContext): Promise<void> {
  try {
    await context.apply(object, { fresh: true });
  } catch (error) {
    if (error instanceof ArkError && error.family === 'Conflict') context.wake(owner.metadata);
    throw error;
  }
}

/** Whose an object is, and how to be rid of it. */
function whose({ metadata }: KubeObject): string {
  const [maker] = metadata.ownerReferences ?? [];
  return maker ? `made for ${maker.kind} '${maker.name}'; rename that one` : 'which somebody wrote; delete it';
}

/** Whether an existing object lacks anything of the wanted one. */
function differs(existing: WithSpec, { spec, metadata }: WithSpec): boolean {
  const lacks = (have: Record<string, string> = {}, want: Record<string, string> = {}) =>
    Object.entries(want).some(([key, value]) => have[key] !== value);
  const owners = existing.metadata.ownerReferences ?? [];
  return (
    !isDeepStrictEqual(existing.spec, spec) ||
    lacks(existing.metadata.labels, metadata.labels) ||
    lacks(existing.metadata.annotations, metadata.annotations) ||
    !metadata.ownerReferences?.every((owner) => owners.some((each) => isDeepStrictEqual(each, owner)))
  );
}

/** Whether its maker has given it an annotation before that it is not to have any more. */
function isOutgrown(existing: KubeObject, { metadata: { annotations = {} } }: KubeObject, maker: string): boolean {
  const fields = existing.metadata.managedFields?.find(
    ({ manager, operation, subresource }) => manager === maker && operation === 'Apply' && !subresource,
  )?.fieldsV1 as { 'f:metadata'?: { 'f:annotations'?: object } } | undefined;
  const given = Object.keys(fields?.['f:metadata']?.['f:annotations'] ?? {});
  return given.some((field) => field.startsWith('f:') && !(field.slice(2) in annotations));
}

/** The problems, one text per object that had one. */
async function inBatches<T extends KubeObject>(
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<string[]> {
  const problems: string[] = [];
  const attempt = async (item: T) => {
    try {
      await work(item);
    } catch (error) {
      problems.push(`${item.kind.toLowerCase()} '${item.metadata.name}': ${errorText(error)}`);
    }
  };
  for (let start = 0; start < items.length; start += BATCH) {
    await Promise.all(items.slice(start, start + BATCH).map(attempt));
  }
  return problems;
}

function summary(problems: string[]): string | undefined {
  if (problems.length === 0) return undefined;
  const more = problems.length > MOST_NAMED ? `; and ${problems.length - MOST_NAMED} more` : '';
  return problems.sort().slice(0, MOST_NAMED).join('; ') + more;
}
