import type { ServerResponse } from 'node:http';
import { StatusError } from '../../../api-server/status.js';
import type { Catalogue, ServedKind } from '../../catalogue.js';
import type { EmbeddedApiServer } from '../../embedded-api-server.js';
import { unknownResource } from '../../errors/refusals.js';
import { decodeObject } from '../content/decode-object.js';
import { type Answer, valueAnswer } from '../http/answer.js';
import type { DoorRequest } from '../http/door-request.js';
import type { ResourcePath } from '../http/resource-path.js';
import type { ReviewDesk } from '../reviews/review-desk.js';
import { reviewKind } from '../reviews/review-kinds.js';
import { Tables } from '../table/tables.js';
import type { Caller } from '../tokens/caller.js';
import { WatchVerb } from '../watch/watch-verb.js';
import { DeleteVerbs } from './delete-verbs.js';
import { ObjectAnswers } from './object-answer.js';
import { inNamespaceOf } from './object-identity.js';
import { ReadVerbs } from './read-verbs.js';
import type { ObjectTarget, ResourceTarget } from './resource-target.js';
import { ScaleVerbs } from './scale-verbs.js';
import { WriteVerbs } from './write-verbs.js';

/** Finds the verb for a request about objects and lets it answer. */
export class ResourceRoutes {
  private readonly reads: ReadVerbs;
  private readonly writes: WriteVerbs;
  private readonly deletes: DeleteVerbs;
  private readonly scales: ScaleVerbs;
  private readonly watches: WatchVerb;

  constructor(
    server: EmbeddedApiServer,
    private readonly catalogue: Catalogue,
    private readonly desk: ReviewDesk,
  ) {
    const answers = new ObjectAnswers(new Tables());
    this.reads = new ReadVerbs(server, answers);
    this.writes = new WriteVerbs(server, answers);
    this.deletes = new DeleteVerbs(server, this.reads, answers);
    this.scales = new ScaleVerbs(server, answers);
    this.watches = new WatchVerb(server, answers.tables);
  }

  /** The answer, or undefined when a watch answered by itself. */
  async handle(
    path: ResourcePath,
    caller: Caller,
    request: DoorRequest,
    response: ServerResponse,
  ): Promise<Answer | undefined> {
    const served = this.catalogue.find(path.group, path.version, path.plural);
    if (!served) throw unknownResource();
    const target = targetOf(served, path);
    // A form that cannot be given is refused before anything is done.
    const { method } = request;
    void request.representation;
    if (reviewKind(path.group, path.version, path.plural)) return this.review(target, caller, request);
    if (target.name === undefined) return this.onCollection(target, method, request, response);
    return target.subresource === 'scale'
      ? this.onScale(target as ObjectTarget, method, request)
      : this.onObject(target as ObjectTarget, method, request);
  }

  private async onCollection(
    target: ResourceTarget,
    method: string,
    request: DoorRequest,
    response: ServerResponse,
  ): Promise<Answer | undefined> {
    const { served } = target;
    const everywhere = served.type.namespaced && target.namespace === undefined;
    if (method === 'GET' || method === 'HEAD') {
      allow(served, 'list');
      if (!request.query.flag('watch')) return this.reads.list(target, request);
      await this.watches.watch(target, request, response);
      return undefined;
    }
    if (method === 'POST' && !everywhere) {
      allow(served, 'create');
      return this.writes.create(target, request);
    }
    if (method === 'DELETE' && !everywhere) {
      allow(served, 'deletecollection');
      return this.deletes.deleteCollection(target, request);
    }
    throw notAllowed();
  }

  private async review(target: ResourceTarget, caller: Caller, request: DoorRequest): Promise<Answer> {
    const { type } = target.served;
    if (request.method !== 'POST' || target.name !== undefined) throw notAllowed();
    const { object } = decodeObject(await request.body(), request.contentType, type);
    const asked = inNamespaceOf(target, object);
    return valueAnswer(201, await this.desk.answer(type, asked, caller), request.representation);
  }

  private async onObject(target: ObjectTarget, method: string, request: DoorRequest): Promise<Answer> {
    const { served } = target;
    switch (method) {
      case 'GET':
      case 'HEAD':
        return this.reads.get(target, request);
      case 'PUT':
        allow(served, 'update');
        return this.writes.update(target, request);
      case 'PATCH':
        allow(served, 'patch');
        return this.writes.patch(target, request);
      case 'DELETE':
        if (target.subresource) throw notAllowed();
        allow(served, 'delete');
        return this.deletes.delete(target, request);
      default:
        throw notAllowed();
    }
  }

  private async onScale(target: ObjectTarget, method: string, request: DoorRequest): Promise<Answer> {
    if (method === 'GET' || method === 'HEAD') return this.scales.get(target, request);
    if (method === 'PUT') return this.scales.update(target, request);
    if (method === 'PATCH') return this.scales.patch(target, request);
    throw notAllowed();
  }
}

/** Checks that the path fits the scope and the subresources of its kind. Throws NotFound. */
function targetOf(served: ServedKind, path: ResourcePath): ResourceTarget {
  const { namespaced } = served.type;
  const { namespace, name, subresource } = path;
  const scopeFits = namespaced ? namespace !== undefined || name === undefined : namespace === undefined;
  const known = { status: served.statusSubresource, scale: served.scale !== undefined };
  const subresourceFits = subresource === undefined || known[subresource as keyof typeof known] === true;
  if (!scopeFits || !subresourceFits || namespace === '' || name === '') throw unknownResource();
  return { served, namespace, name, subresource: subresource as ResourceTarget['subresource'] };
}

function allow(served: ServedKind, verb: string): void {
  if (!served.verbs.includes(verb)) throw notAllowed();
}

function notAllowed(): StatusError {
  return new StatusError('MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}
