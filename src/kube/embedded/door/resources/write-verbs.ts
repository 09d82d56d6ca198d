import type { UntypedObject } from '../../../../kit/resource/object.js';
import type { Patch } from '../../../api-server/api-server.js';
import { StatusError } from '../../../api-server/status.js';
import type { EmbeddedApiServer } from '../../embedded-api-server.js';
import { isObject } from '../../json/json.js';
import { decodeObject, objectOfKind, unknownFormat } from '../content/decode-object.js';
import { type ParsedBody, parseJson, parseYaml } from '../content/parse-body.js';
import type { Answer } from '../http/answer.js';
import type { DoorRequest } from '../http/door-request.js';
import { invalidOption } from '../http/options-error.js';
import type { ObjectAnswers } from './object-answer.js';
import { checkName, checkNamespace, inNamespaceOf } from './object-identity.js';
import { keyOf, type ObjectTarget, type ResourceTarget } from './resource-target.js';
import { writeDespite, writeOptions } from './write-options.js';

const PATCH_TYPES = ['application/json-patch+json', 'application/merge-patch+json'];
const STRATEGIC = 'application/strategic-merge-patch+json';
const APPLY = 'application/apply-patch+yaml';

/** POST, PUT and PATCH of objects. */
export class WriteVerbs {
  constructor(
    private readonly server: EmbeddedApiServer,
    private readonly answers: ObjectAnswers,
  ) {}

  async create(target: ResourceTarget, request: DoorRequest): Promise<Answer> {
    const { served } = target;
    const options = writeOptions(request, 'CreateOptions');
    const { object, findings } = decodeObject(await request.body(), request.contentType, served.type);
    const wanted = inNamespaceOf(target, object);
    const created = await writeDespite(findings, served, options, (how) =>
      this.server.create(served.type, wanted, how),
    );
    return this.answers.object(201, served, created, request);
  }

  async update(target: ObjectTarget, request: DoorRequest): Promise<Answer> {
    const { served } = target;
    const options = { ...writeOptions(request, 'UpdateOptions'), subresource: statusOf(target) };
    const { object, findings } = decodeObject(await request.body(), request.contentType, served.type);
    checkName(target, object.metadata.name);
    const existed = this.exists(target);
    const wanted = inNamespaceOf(target, object);
    const updated = await writeDespite(findings, served, options, (how) =>
      this.server.update(served.type, wanted, how),
    );
    return this.answers.object(existed ? 200 : 201, served, updated, request);
  }

  async patch(target: ObjectTarget, request: DoorRequest): Promise<Answer> {
    const type = request.contentType;
    if (type === APPLY) return this.apply(target, request);
    const { served } = target;
    const accepted = [...PATCH_TYPES, ...(served.builtIn ? [STRATEGIC] : []), APPLY];
    if (!accepted.includes(type)) throw unknownFormat(accepted.join(', '));
    const options = { ...writeOptions(request, 'PatchOptions'), subresource: statusOf(target) };
    if (request.query.optionalFlag('force') !== undefined) {
      const message = 'Forbidden: may not be specified for non-apply patch';
      throw invalidOption('PatchOptions', 'force', 'FieldValueForbidden', message);
    }
    const { patch, findings } = readPatch(type, await request.body());
    if (patch.type !== 'json') checkPatchedIdentity(target, patch.body);
    const patched = await writeDespite(findings, served, options, (how) =>
      this.server.patch(served.type, keyOf(target), patch, how),
    );
    return this.answers.object(200, served, patched, request);
  }

  private async apply(target: ObjectTarget, request: DoorRequest): Promise<Answer> {
    const { served } = target;
    if (!request.query.text('fieldManager')) {
      const message = 'Required value: is required for apply patch';
      throw invalidOption('PatchOptions', 'fieldManager', 'FieldValueRequired', message);
    }
    const options = {
      ...writeOptions(request, 'PatchOptions'),
      subresource: statusOf(target),
      force: request.query.flag('force'),
    };
    const { object, findings } = readApplied(target, await request.body());
    const existed = this.exists(target);
    const wanted = inNamespaceOf(target, object);
    const applied = await writeDespite(findings, served, options, (how) => this.server.apply(served.type, wanted, how));
    return this.answers.object(existed ? 200 : 201, served, applied, request);
  }

  /** Only for the choice between 200 and 201: what is written is decided behind the door. */
  private exists(target: ObjectTarget): boolean {
    try {
      this.server.getStored(target.served.type, keyOf(target));
      return true;
    } catch {
      return false;
    }
  }
}

function statusOf(target: ResourceTarget): 'status' | undefined {
  return target.subresource === 'status' ? 'status' : undefined;
}

/** Reads the body of any patch but apply. Throws BadRequest for a shape the type does not have. */
export function readPatch(type: string, body: Buffer): { patch: Patch; findings: string[] } {
  const { value, findings } = parseJson(body.toString('utf8'), 'error decoding patch: ');
  if (type === 'application/json-patch+json') {
    if (!Array.isArray(value)) throw badPatch('a JSON patch is a list of operations');
    for (const operation of value as unknown[]) {
      if (!isObject(operation) || typeof operation.op !== 'string' || typeof operation.path !== 'string') {
        throw badPatch('each operation of a JSON patch is an object with the texts "op" and "path"');
      }
      if (`${operation.path}/${String(operation.from)}/`.includes('/__proto__/')) {
        throw badPatch('a field cannot be called "__proto__"');
      }
    }
    return { patch: { type: 'json', body: value as unknown[] }, findings };
  }
  if (!isObject(value)) throw badPatch('a merge patch is an object');
  return { patch: { type: type === STRATEGIC ? 'strategic' : 'merge', body: value }, findings };
}

function badPatch(reason: string): StatusError {
  return new StatusError('BadRequest', `error decoding patch: ${reason}`);
}

function readApplied(target: ObjectTarget, body: Buffer): { object: UntypedObject; findings: string[] } {
  const text = body.toString('utf8');
  const prefix = 'error decoding YAML: ';
  // Clients send JSON here, too; JSON.parse is much faster and keeps its duplicates apart.
  const parsed: ParsedBody = text.trimStart().startsWith('{') ? jsonOrYaml(text, prefix) : parseYaml(text, prefix);
  if (!isObject(parsed.value) || !parsed.value.kind) {
    throw new StatusError('BadRequest', 'invalid object type: the body needs apiVersion and kind');
  }
  const object = objectOfKind(parsed.value, target.served.type);
  checkName(target, object.metadata.name ?? target.name);
  return { object: { ...object, metadata: { ...object.metadata, name: target.name } }, findings: parsed.findings };
}

function jsonOrYaml(text: string, prefix: string): ParsedBody {
  try {
    JSON.parse(text);
  } catch {
    return parseYaml(text, prefix);
  }
  return parseJson(text, prefix);
}

/** A patch may repeat the name and the namespace of its path but not change them. */
function checkPatchedIdentity(target: ObjectTarget, body: Record<string, unknown>): void {
  const metadata = isObject(body.metadata) ? body.metadata : {};
  if (metadata.name !== undefined) checkName(target, metadata.name);
  if (metadata.namespace !== undefined) checkNamespace(target, metadata.namespace);
}
