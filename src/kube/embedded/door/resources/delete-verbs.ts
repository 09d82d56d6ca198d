import type { EmbeddedApiServer } from '../../embedded-api-server.js';
import { type Answer, valueAnswer } from '../http/answer.js';
import type { DoorRequest } from '../http/door-request.js';
import { deleteOptions } from './delete-options.js';
import { selectors } from './list-options.js';
import type { ObjectAnswers } from './object-answer.js';
import type { ReadVerbs } from './read-verbs.js';
import { keyOf, type ObjectTarget, type ResourceTarget } from './resource-target.js';

/** DELETE of objects and of collections. */
export class DeleteVerbs {
  constructor(
    private readonly server: EmbeddedApiServer,
    private readonly reads: ReadVerbs,
    private readonly answers: ObjectAnswers,
  ) {}

  async delete(target: ObjectTarget, request: DoorRequest): Promise<Answer> {
    const { served } = target;
    const options = await deleteOptions(request);
    const { gone, stored } = await this.server.deleteStored(served.type, keyOf(target), options);
    if (!gone) return this.answers.object(200, served, stored.object, request, stored.json);
    const { group, plural } = served.type;
    const { uid } = stored.object.metadata;
    const details = { name: target.name, ...(group ? { group } : {}), kind: plural, uid };
    return valueAnswer(200, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details });
  }

  async deleteCollection(target: ResourceTarget, request: DoorRequest): Promise<Answer> {
    const options = await deleteOptions(request);
    const select = selectors(request.query, target.namespace);
    const deleted = await this.server.deleteCollection(target.served.type, select, options);
    return this.reads.answerList(target, deleted, request);
  }
}
