import { apiVersionOf } from '../../../../kit/resource/resource.js';
import { StatusError } from '../../../api-server/status.js';
import type { EmbeddedApiServer } from '../../embedded-api-server.js';
import type { StoredList } from '../../reading/list.js';
import type { Answer } from '../http/answer.js';
import type { DoorRequest } from '../http/door-request.js';
import { listQuery } from './list-options.js';
import type { ObjectAnswers } from './object-answer.js';
import { keyOf, type ObjectTarget, type ResourceTarget } from './resource-target.js';

/** GET of one object and of lists. */
export class ReadVerbs {
  constructor(
    private readonly server: EmbeddedApiServer,
    private readonly answers: ObjectAnswers,
  ) {}

  get(target: ObjectTarget, request: DoorRequest): Answer {
    request.query.resourceVersion();
    const stored = this.server.getStored(target.served.type, keyOf(target));
    return this.answers.object(200, target.served, stored.object, request, stored.json);
  }

  list(target: ResourceTarget, request: DoorRequest): Answer {
    const { options, resourceVersion, match } = listQuery(request.query, target.namespace);
    if (resourceVersion && Number(resourceVersion) > this.server.version) throw this.fromTheFuture(resourceVersion);
    const list = this.page(target, options, match === 'Exact' ? resourceVersion : undefined);
    return this.answerList(target, list, request);
  }

  /** A list of objects as an answer, with the JSON texts that exist already. */
  answerList(target: ResourceTarget, list: StoredList, request: DoorRequest): Answer {
    const { served } = target;
    const { metadata } = list;
    const shown = { objects: list.items.map((item) => item.object), metadata };
    return this.answers.list(served, shown, request, () => {
      const head = JSON.stringify({ kind: served.listKind, apiVersion: apiVersionOf(served.type), metadata });
      return `${head.slice(0, -1)},"items":[${list.items.map((item) => item.json).join(',')}]}`;
    });
  }

  private page(
    target: ResourceTarget,
    options: Parameters<EmbeddedApiServer['listStored']>[1],
    exactly: string | undefined,
  ): StoredList {
    try {
      return this.server.listStored(target.served.type, options);
    } catch (error) {
      if (exactly === undefined || !StatusError.is(error, 'Expired')) throw error;
      throw new StatusError('Expired', `The resourceVersion for the provided list is too old: ${exactly}`);
    }
  }

  private fromTheFuture(asked: string): StatusError {
    const message = `Timeout: Too large resource version: ${asked}, current: ${this.server.version}`;
    return new StatusError('Timeout', message, {
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    });
  }
}
