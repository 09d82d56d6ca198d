import { applyPatch, type Operation } from 'rfc6902';
import type { UntypedObject } from '../../../../kit/resource/object.js';
import type { Patch } from '../../../api-server/api-server.js';
import { StatusError } from '../../../api-server/status.js';
import type { EmbeddedApiServer } from '../../embedded-api-server.js';
import { isObject } from '../../json/json.js';
import { mergePatch } from '../../patch/merge-patch.js';
import { decodeObject, unknownFormat } from '../content/decode-object.js';
import { parseYaml } from '../content/parse-body.js';
import { type Answer, valueAnswer } from '../http/answer.js';
import type { DoorRequest } from '../http/door-request.js';
import { checkName } from './object-identity.js';
import { keyOf, type ObjectTarget } from './resource-target.js';
import { replicasPatch, SCALE_TYPE, type Scale, scaleOf } from './scale.js';
import { writeOptions } from './write-options.js';
import { readPatch } from './write-verbs.js';

const PATCH_TYPES = ['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml'];

/** The `scale` subresource of custom resources that declare it. */
export class ScaleVerbs {
  constructor(private readonly server: EmbeddedApiServer) {}

  get(target: ObjectTarget, request: DoorRequest): Answer {
    return valueAnswer(200, this.current(target), request.representation);
  }

  async update(target: ObjectTarget, request: DoorRequest): Promise<Answer> {
    const { object } = decodeObject(await request.body(), request.contentType, SCALE_TYPE);
    checkName(target, object.metadata.name);
    return this.write(target, object, request, object.metadata.resourceVersion);
  }

  async patch(target: ObjectTarget, request: DoorRequest): Promise<Answer> {
    const { contentType } = request;
    if (!PATCH_TYPES.includes(contentType)) throw unknownFormat(PATCH_TYPES.join(', '));
    const body = await request.body();
    // An applied Scale has one field that counts, so it merges like any other.
    const patch =
      contentType === 'application/apply-patch+yaml'
        ? readPatch('application/merge-patch+json', Buffer.from(JSON.stringify(parseYaml(body.toString(), '').value)))
        : readPatch(contentType, body);
    const before = this.current(target);
    const wanted = patched(before, patch.patch);
    const { resourceVersion } = wanted.metadata;
    return this.write(
      target,
      wanted,
      request,
      resourceVersion === before.metadata.resourceVersion ? undefined : resourceVersion,
    );
  }

  private current(target: ObjectTarget): Scale {
    return scaleOf(target.served, this.server.getStored(target.served.type, keyOf(target)).object);
  }

  private async write(
    target: ObjectTarget,
    scale: UntypedObject,
    request: DoorRequest,
    resourceVersion: string | undefined,
  ): Promise<Answer> {
    const replicas = (scale.spec as { replicas?: unknown } | undefined)?.replicas ?? 0;
    if (!Number.isSafeInteger(replicas) || (replicas as number) < 0) throw badReplicas(target, replicas);
    const precondition = resourceVersion ? { metadata: { resourceVersion } } : {};
    const body = { ...replicasPatch(target.served, replicas as number), ...precondition };
    const options = writeOptions(request, request.method === 'PUT' ? 'UpdateOptions' : 'PatchOptions');
    const written = await this.server.patch(target.served.type, keyOf(target), { type: 'merge', body }, options);
    return valueAnswer(200, scaleOf(target.served, written), request.representation);
  }
}

/** The scale after a patch. Throws Invalid for operations that do not fit it. */
function patched(before: Scale, patch: Patch): UntypedObject {
  let wanted: unknown = structuredClone(before);
  if (patch.type !== 'json') wanted = mergePatch(wanted, patch.body);
  else if (applyPatch(wanted, patch.body as Operation[]).some((error) => error !== null)) wanted = undefined;
  if (isObject(wanted) && isObject(wanted.metadata)) return wanted as unknown as UntypedObject;
  throw new StatusError('Invalid', 'the server rejected our request due to an error in our request', {});
}

function badReplicas(target: ObjectTarget, replicas: unknown): StatusError {
  const message = `Invalid value: ${JSON.stringify(replicas)}: must be greater than or equal to 0`;
  return new StatusError('Invalid', `Scale.autoscaling "${target.name}" is invalid: spec.replicas: ${message}`, {
    name: target.name,
    group: 'autoscaling',
    kind: 'Scale',
    causes: [{ reason: 'FieldValueInvalid', message, field: 'spec.replicas' }],
  });
}
