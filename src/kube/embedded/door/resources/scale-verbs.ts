import type { UntypedObject } from '../../../../kit/resource/object.js';
import { StatusError } from '../../../api-server/status.js';
import type { ServedKind } from '../../catalogue.js';
import type { EmbeddedApiServer } from '../../embedded-api-server.js';
import { isObject } from '../../json/json.js';
import { decodeObject, unknownFormat } from '../content/decode-object.js';
import { parseYaml } from '../content/parse-body.js';
import type { Answer } from '../http/answer.js';
import type { DoorRequest } from '../http/door-request.js';
import type { ObjectAnswers } from './object-answer.js';
import { checkName, inNamespaceOf } from './object-identity.js';
import { keyOf, type ObjectTarget } from './resource-target.js';
import { writeOptions } from './write-options.js';
import { readPatch } from './write-verbs.js';

const SCALE_TYPE = { group: 'autoscaling', version: 'v1', kind: 'Scale', plural: 'scales', namespaced: true };
/** Scales have columns of their own; everything else about them is said by the kind they belong to. */
const SCALE: ServedKind = {
  type: SCALE_TYPE,
  singular: 'scale',
  listKind: 'ScaleList',
  shortNames: [],
  categories: [],
  verbs: ['get', 'patch', 'update'],
  statusSubresource: false,
  schema: { type: 'object' },
  printerColumns: [],
  builtIn: true,
};
const APPLY = 'application/apply-patch+yaml';
const PATCH_TYPES = ['application/json-patch+json', 'application/merge-patch+json', APPLY];

/** The `scale` subresource of custom resources that declare it: an `autoscaling/v1` view of their replicas. */
export class ScaleVerbs {
  constructor(
    private readonly server: EmbeddedApiServer,
    private readonly answers: ObjectAnswers,
  ) {}

  get(target: ObjectTarget, request: DoorRequest): Answer {
    return this.answers.object(200, SCALE, this.server.getScale(target.served.type, keyOf(target)), request);
  }

  async update(target: ObjectTarget, request: DoorRequest): Promise<Answer> {
    const options = writeOptions(request, 'UpdateOptions');
    const { object } = decodeObject(await request.body(), request.contentType, SCALE_TYPE);
    checkName(target, object.metadata.name);
    checkReplicas(target, object);
    const scale = inNamespaceOf(target, object);
    const written = await this.server.updateScale(target.served.type, scale, options);
    return this.answers.object(200, SCALE, written, request);
  }

  async patch(target: ObjectTarget, request: DoorRequest): Promise<Answer> {
    const { contentType } = request;
    if (!PATCH_TYPES.includes(contentType)) throw unknownFormat(PATCH_TYPES.join(', '));
    const options = writeOptions(request, 'PatchOptions');
    const body = await request.body();
    // An applied Scale has one field that counts, so it merges like any other.
    const applied = contentType === APPLY;
    const json = applied ? Buffer.from(JSON.stringify(parseYaml(body.toString('utf8'), '').value)) : body;
    const { patch } = readPatch(applied ? 'application/merge-patch+json' : contentType, json);
    if (patch.type !== 'json') checkReplicas(target, patch.body);
    const written = await this.server.patchScale(target.served.type, keyOf(target), patch, options);
    return this.answers.object(200, SCALE, written, request);
  }
}

/** Throws Invalid for replicas that cannot be counted. */
function checkReplicas(target: ObjectTarget, scale: UntypedObject | Record<string, unknown>): void {
  const spec = isObject(scale.spec) ? scale.spec : {};
  const replicas = spec.replicas ?? 0;
  if (Number.isSafeInteger(replicas) && (replicas as number) >= 0) return;
  const message = `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`;
  throw new StatusError('Invalid', `Scale.autoscaling "${target.name}" is invalid: spec.replicas: ${message}`, {
    name: target.name,
    group: 'autoscaling',
    kind: 'Scale',
    causes: [{ reason: 'FieldValueInvalid', message, field: 'spec.replicas' }],
  });
}
