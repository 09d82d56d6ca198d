import type { UntypedObject } from '../../../../kit/resource/object.js';
import type { ResourceType } from '../../../../kit/resource/resource.js';
import { badRequest } from '../../errors/refusals.js';
import { isObject } from '../../json/json.js';
import { AUTHENTICATED, type Rights } from '../rights/rights.js';
import type { Caller } from '../tokens/caller.js';
import type { CallerGate } from '../tokens/caller-gate.js';
import { API_AUDIENCE } from '../tokens/service-account-tokens.js';
import { checkAccessQuestion } from './access-question.js';

type Spec = Record<string, unknown>;

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** What those may ask who may do nothing else. */
const OWN_REVIEWS = [
  {
    verbs: ['create'],
    apiGroups: ['authorization.k8s.io'],
    resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
  },
  { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
];
/** What those may read who are somebody: discovery and health. */
const OPEN_PATHS = [
  ...['/api', '/api/*', '/apis', '/apis/*', '/openapi', '/openapi/*', '/version', '/version/'],
  ...['/healthz', '/livez', '/readyz'],
];
const covers = (open: string, path: string) =>
  open.endsWith('*') ? path.startsWith(open.slice(0, -1)) : path === open;

/** Answers who somebody is and what they may do. Nothing of it is stored. */
export class ReviewDesk {
  constructor(
    private readonly gate: Pick<CallerGate, 'holder'>,
    private readonly rights: Rights,
  ) {}

  /** The review with its status. Throws Invalid or BadRequest for a question that asks nothing. */
  async answer(type: ResourceType, review: UntypedObject, caller: Caller): Promise<UntypedObject> {
    const spec: Spec = isObject(review.spec) ? review.spec : {};
    const status = await this.status(type, review, spec, caller);
    const { namespace } = review.metadata;
    const { kind, apiVersion } = review;
    const metadata = (namespace === undefined ? {} : { namespace }) as UntypedObject['metadata'];
    const asked = type.kind === 'SelfSubjectReview' ? {} : { spec };
    return { kind, apiVersion, metadata, ...asked, status } as UntypedObject;
  }

  private async status(type: ResourceType, review: UntypedObject, spec: Spec, caller: Caller): Promise<object> {
    switch (type.kind) {
      case 'TokenReview':
        return this.tokenStatus(spec);
      case 'SelfSubjectReview':
        return { userInfo: caller };
      case 'SelfSubjectRulesReview':
        return (await this.rights.mayEverything(caller)) ? EVERYTHING : NOTHING;
      case 'SelfSubjectAccessReview':
        checkAccessQuestion(type, review);
        return { allowed: await this.mayDo(caller, spec) };
      default:
        checkAccessQuestion(type, review);
        return { allowed: await this.mayDo({ username: String(spec.user ?? ''), groups: texts(spec.groups) }, spec) };
    }
  }

  private async mayDo(who: Caller, spec: Spec): Promise<boolean> {
    if (await this.rights.mayEverything(who)) return true;
    if (!who.groups.includes(AUTHENTICATED)) return false;
    const { resourceAttributes: what, nonResourceAttributes: path } = spec;
    if (isObject(path)) return path.verb === 'get' && OPEN_PATHS.some((open) => covers(open, String(path.path)));
    if (!isObject(what) || what.verb !== 'create') return false;
    return OWN_REVIEWS.some(
      ({ apiGroups, resources }) =>
        apiGroups.includes(String(what.group)) && resources.includes(String(what.resource)) && !what.subresource,
    );
  }

  private async tokenStatus({ token, audiences }: Spec): Promise<object> {
    if (typeof token !== 'string' || token === '') {
      throw badRequest('token is required for TokenReview in authentication');
    }
    const wanted = texts(audiences);
    const found = await this.gate.holder(token, wanted.length > 0 ? wanted : [API_AUDIENCE]);
    if (!found) return { user: {}, error: 'invalid bearer token' };
    return { authenticated: true, user: found.caller, audiences: found.audiences };
  }
}

const EVERYTHING = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  incomplete: false,
};
const NOTHING = {
  resourceRules: OWN_REVIEWS,
  nonResourceRules: [{ verbs: ['get'], nonResourceURLs: OPEN_PATHS }],
  incomplete: false,
};
