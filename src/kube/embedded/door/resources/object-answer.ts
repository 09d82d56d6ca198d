import type { UntypedObject } from '../../../../kit/resource/object.js';
import { StatusError } from '../../../api-server/status.js';
import type { ServedKind } from '../../catalogue.js';
import { type Representation } from '../http/accept.js';
import { type Answer, jsonAnswer, valueAnswer } from '../http/answer.js';
import type { DoorRequest } from '../http/door-request.js';
import { type IncludeObject, partialObject, type Tables } from '../table/tables.js';

/** A list as it is shown in another form than the whole objects. */
interface Shown {
  objects: UntypedObject[];
  metadata: object;
}

const INCLUDES: readonly IncludeObject[] = ['Metadata', 'None', 'Object'];

/** Gives objects and lists in the form a client asked for. */
export class ObjectAnswers {
  constructor(readonly tables: Tables) {}

  /** One object. */
  object(code: number, served: ServedKind, object: UntypedObject, request: DoorRequest, json?: string): Answer {
    const form = request.representation;
    if (form.as === 'object') {
      return json === undefined ? valueAnswer(code, object, form) : jsonAnswer(code, json, form);
    }
    if (form.as === 'PartialObjectMetadata') {
      return valueAnswer(code, partialObject(object, `meta.k8s.io/${form.version}`), form);
    }
    const metadata = { resourceVersion: object.metadata.resourceVersion };
    return valueAnswer(code, this.table(served, { objects: [object], metadata }, form, request), form);
  }

  /** A list; `json` makes the text of the whole objects. */
  list(served: ServedKind, shown: Shown, request: DoorRequest, json: () => string): Answer {
    const form = request.representation;
    if (form.as === 'object') return jsonAnswer(200, json(), form);
    if (form.as === 'Table') return valueAnswer(200, this.table(served, shown, form, request), form);
    const apiVersion = `meta.k8s.io/${form.version}`;
    const items = shown.objects.map((object) => partialObject(object, apiVersion));
    return valueAnswer(200, { kind: 'PartialObjectMetadataList', apiVersion, metadata: shown.metadata, items }, form);
  }

  private table(served: ServedKind, shown: Shown, form: Representation, request: DoorRequest): object {
    const options = { version: form.version, include: includeOf(request), headers: true, metadata: shown.metadata };
    return this.tables.of(served, shown.objects, options);
  }
}

/** How much of each object a table carries: the `includeObject` parameter, default the metadata. */
export function includeOf(request: DoorRequest): IncludeObject {
  const given = request.query.text('includeObject');
  if (given === undefined) return 'Metadata';
  const known = INCLUDES.find((include) => include === given);
  if (!known) {
    const reason = `includeObject: Invalid value: ${JSON.stringify(given)}: must be 'Metadata', 'Object', 'None', or empty`;
    throw new StatusError('BadRequest', `Unable to convert to Table as requested: ${reason}`);
  }
  return known;
}
