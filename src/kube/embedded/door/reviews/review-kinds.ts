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

/** Questions a client may ask about itself. They are answered and never stored. */
export const REVIEW_KINDS: ServedKind[] = [
  review(AUTHORIZATION, 'SelfSubjectAccessReview', 'Asks whether the caller may do one thing.', {
    spec: object({ resourceAttributes, nonResourceAttributes: object({ path: text, verb: text }) }),
    status: object({ allowed: { type: 'boolean' }, denied: { type: 'boolean' }, reason: text, evaluationError: text }),
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
    status: object({ userInfo: object({ username: text, uid: text, groups: texts }) }),
  }),
];

function review(
  group: string,
  kind: string,
  description: string,
  properties: Record<string, StructuralSchema>,
): ServedKind {
  const singular = kind.toLowerCase();
  return {
    type: { group, version: 'v1', kind, plural: `${singular}s`, namespaced: false },
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
