import { StatusError } from '../../../api-server/status.js';
import type { EmbeddedApiServer } from '../../embedded-api-server.js';
import type { StoredList } from '../../reading/list.js';
import { type Answer, valueAnswer } from '../http/answer.js';
import type { DoorRequest } from '../http/door-request.js';
import { deleteOptions } from './delete-options.js';
import { selectors } from './list-options.js';
import type { ObjectAnswers } from './object-answer.js';
import type { ReadVerbs } from './read-verbs.js';
import { keyOf, type ObjectTarget, type ResourceTarget } from './resource-target.js';

/** How many objects of a collection go at the same time; their commits are grouped by the store. */
const AT_ONCE = 64;

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
    const { type } = target.served;
    const options = await deleteOptions(request);
    const list = this.server.listStored(type, selectors(request.query, target.namespace));
    for (let from = 0; from < list.items.length; from += AT_ONCE) {
      await Promise.all(list.items.slice(from, from + AT_ONCE).map((item) => this.deleteOne(target, item, options)));
    }
    return this.reads.answerList(target, list, request);
  }

  private async deleteOne(
    target: ResourceTarget,
    item: StoredList['items'][number],
    options: Awaited<ReturnType<typeof deleteOptions>>,
  ): Promise<void> {
    const { name, namespace, uid } = item.object.metadata;
    try {
      const preconditions = { ...options.preconditions, ...(uid ? { uid } : {}) };
      await this.server.delete(target.served.type, { name, namespace }, { ...options, preconditions });
    } catch (error) {
      // Somebody else was faster: gone, or replaced by a new object that this request never saw.
      if (!StatusError.is(error, 'NotFound', 'Conflict')) throw error;
    }
  }
}
