import type { ResourceType } from '../../../../kit/resource/resource.js';
import type { Catalogue, ServedKind, StructuralSchema } from '../../catalogue.js';

const text: StructuralSchema = { type: 'string' };
const texts: StructuralSchema = { type: 'array', items: text };
const object = (properties: Record<string, StructuralSchema>, description?: string): StructuralSchema => ({
  type: 'object',
  ...(description ? { description } : {}),
  properties,
});

const resourceAttributes = object({
  namespace: text,
  verb: text,
  group: text,
  version: text,
  resource: text,
  subresource: text,
  name: text,
});
const resourceRule = object({ verbs: texts, apiGroups: texts, resources: texts, resourceNames: texts });
const nonResourceRule = object({ verbs: texts, nonResourceURLs: texts });

const AUTHORIZATION = 'authorization.k8s.io';
const AUTHENTICATION = 'authentication.k8s.io';

const access = { resourceAttributes, nonResourceAttributes: object({ path: text, verb: text }) };
const extra: StructuralSchema = { type: 'object', additionalProperties: texts };
const subjectAccess = {
  spec: object({ ...access, user: text, groups: texts, uid: text, extra }),
  status: object({ allowed: { type: 'boolean' }, denied: { type: 'boolean' }, reason: text, evaluationError: text }),
};
const userInfo = object({ username: text, uid: text, groups: texts, extra });

/** Questions about who somebody is and what they may do. They are answered and never stored. */
export const REVIEW_KINDS: ServedKind[] = [
  review(AUTHORIZATION, 'SubjectAccessReview', 'Asks whether somebody may do one thing.', subjectAccess),
  review(
    AUTHORIZATION,
    'LocalSubjectAccessReview',
    'Asks whether somebody may do one thing in one namespace.',
    subjectAccess,
    true,
  ),
  review(AUTHENTICATION, 'TokenReview', 'Asks whose a token is.', {
    spec: object({ token: text, audiences: texts }),
    status: object({ authenticated: { type: 'boolean' }, user: userInfo, audiences: texts, error: text }),
  }),
  review(AUTHORIZATION, 'SelfSubjectAccessReview', 'Asks whether the caller may do one thing.', {
    spec: object(access),
    status: subjectAccess.status,
  }),
  review(AUTHORIZATION, 'SelfSubjectRulesReview', 'Asks for everything the caller may do in a namespace.', {
    spec: object({ namespace: text }),
    status: object({
      resourceRules: { type: 'array', items: resourceRule },
      nonResourceRules: { type: 'array', items: nonResourceRule },
      incomplete: { type: 'boolean' },
      evaluationError: text,
    }),
  }),
  review(AUTHENTICATION, 'SelfSubjectReview', 'Asks who the caller is.', {
    status: object({ userInfo }),
  }),
];

function review(
  group: string,
  kind: string,
  description: string,
  properties: Record<string, StructuralSchema>,
  namespaced = false,
): ServedKind {
  const singular = kind.toLowerCase();
  return {
    type: { group, version: 'v1', kind, plural: `${singular}s`, namespaced },
    singular,
    listKind: `${kind}List`,
    shortNames: [],
    categories: [],
    verbs: ['create'],
    statusSubresource: false,
    schema: object(properties, description),
    printerColumns: [],
    builtIn: true,
  };
}

/** The kinds of the store together with the reviews of the door. */
export class CatalogueWithReviews implements Catalogue {
  constructor(private readonly stored: Catalogue) {}

  kinds(): ServedKind[] {
    return [...this.stored.kinds(), ...REVIEW_KINDS];
  }

  find(group: string, version: string, plural: string): ServedKind | undefined {
    return this.stored.find(group, version, plural) ?? reviewKind(group, version, plural);
  }

  revision(): number {
    return this.stored.revision();
  }
}

export function reviewKind(group: string, version: string, plural: string): ServedKind | undefined {
  return REVIEW_KINDS.find(({ type }) => type.group === group && type.version === version && type.plural === plural);
}

type Place = Pick<ResourceType, 'group' | 'version' | 'plural'>;

/** Whether a kind is a question, which changes nothing. */
export const isReview = ({ group, version, plural }: Place): boolean =>
  reviewKind(group, version, plural) !== undefined;

/** Whether a kind is a question about oneself, which everybody may ask. */
export const isOwnReview = (place: Place): boolean => place.plural.startsWith('selfsubject') && isReview(place);
