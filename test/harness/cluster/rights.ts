import { readFileSync } from 'node:fs';

/** One rule of a Role or ClusterRole. */
export interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

interface AuditEvent {
  verb: string;
  requestURI: string;
  user: { username: string };
  /** Who it was done as, with rights of their own. */
  impersonatedUser?: object;
  objectRef?: { apiGroup?: string; resource?: string; subresource?: string; namespace?: string };
  responseStatus?: { code?: number };
}

/** What somebody may do or did, e.g. `patch queries.ark.mckinsey.com/status`. */
export type Right = string;

const rightOf = (verb: string, resource: string, group = ''): Right => {
  const [plural, subresource] = resource.split('/');
  return `${verb} ${plural}${group && `.${group}`}${subresource ? `/${subresource}` : ''}`;
};

/** Every right that rules give, one by one. */
export const rightsIn = (rules: Rule[]): Right[] =>
  rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((name) => verbs.map((verb) => rightOf(verb, name, group)))),
  );

/** What the audit log of an API server says about one user. */
export class AuditLog {
  constructor(
    private readonly file: string,
    private readonly user: string,
  ) {}

  /** Rights that were used, in one namespace or anywhere. */
  used(namespace?: string): Set<Right> {
    const rights = this.events().flatMap(({ verb, objectRef, responseStatus }) => {
      const { resource, subresource, apiGroup } = objectRef ?? {};
      if (!resource || (namespace !== undefined && objectRef?.namespace !== namespace)) return [];
      const name = subresource ? `${resource}/${subresource}` : resource;
      // An apply that makes an object is a patch that needs the right to create.
      const made = verb === 'patch' && responseStatus?.code === 201 ? ['create'] : [];
      return [verb, ...made].map((each) => rightOf(each, name, apiGroup));
    });
    return new Set(rights);
  }

  /** Requests that were refused for want of a right. */
  refused(): string[] {
    const refusals = this.events().filter(({ responseStatus }) => responseStatus?.code === 403);
    return [...new Set(refusals.map(({ verb, requestURI }) => `${verb} ${requestURI}`))];
  }

  private events(): AuditEvent[] {
    const lines = readFileSync(this.file, 'utf8').split('\n').slice(0, -1);
    return lines
      .map((line) => JSON.parse(line) as AuditEvent)
      .filter(({ user, impersonatedUser }) => user.username === this.user && !impersonatedUser);
  }
}
