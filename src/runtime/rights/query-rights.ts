import { denied, errorText, keyText, type ResourceType, type UntypedObject, unavailable } from '../../kit/index.js';
import type { ApiServer } from '../../kube/api-server/api-server.js';
import { StatusError } from '../../kube/api-server/status.js';
import type { Query } from '../../resources/query/query.resource.js';
import { named } from '../../resources/values/resolve-parameters.js';
import { isInForce } from './author-policy.js';

/** How long a policy that was there is taken to be there. */
const KEEP_MS = 5_000;
/** API servers heed a new policy some moments after it was written; Queries of that time prove nothing. */
const TAKES_EFFECT_MS = 10_000;
const ACCOUNT_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

const admission = (kind: string, plural: string): ResourceType => ({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind,
  plural,
  namespaced: false,
});
const POLICY = admission('ValidatingAdmissionPolicy', 'validatingadmissionpolicies');
const BINDING = admission('ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings');

/**
 * Whose rights a Query has that names a service account: that account's, where the API server has held the Query to
 * the policy about its author. Refused everywhere else.
 */
export class QueryRights {
  private known?: { until: number; since: Promise<number> };

  /** @param policy the name of the ValidatingAdmissionPolicy and its binding; absent: no service account is honoured */
  constructor(
    private readonly server: ApiServer,
    private readonly policy?: string,
  ) {}

  /**
   * The API with the rights of the Query's service account.
   *
   * @throws `Denied` naming the Query and the next step; `Unavailable` when the policy cannot be read
   */
  async serverFor({ metadata, spec }: Query): Promise<ApiServer> {
    const account = spec.serviceAccount ?? '';
    const who = `query '${keyText(metadata)}', spec.serviceAccount '${account}'`;
    if (!this.policy) {
      throw denied(
        `${who}: nothing proves here that the author may use this service account. Remove it, or let the API server ` +
          'check authors (queryServiceAccounts.enabled of the chart, ARK_QUERY_AUTHOR_POLICY)',
      );
    }
    if (!ACCOUNT_NAME.test(account)) throw denied(`${who} is not the name of a service account`);
    const { policy } = this;
    const since = await named(who, () => this.inForceSince(policy));
    if (Date.parse(metadata.creationTimestamp ?? '') > since) {
      return this.server.as({ user: `system:serviceaccount:${metadata.namespace}:${account}` });
    }
    throw denied(`${who}: the Query is older than the check of authors by the policy '${this.policy}': create it anew`);
  }

  /** Milliseconds since 1970 after which every Query was held to the policy. Queries that ask at once share the answer. */
  private inForceSince(name: string): Promise<number> {
    if (this.known && this.known.until > Date.now()) return this.known.since;
    const since = this.read(name);
    const known = { until: Date.now() + KEEP_MS, since };
    this.known = known;
    since.catch(() => {
      if (this.known === known) this.known = undefined;
    });
    return since;
  }

  private async read(name: string): Promise<number> {
    const [policy, binding] = await Promise.all([this.get(POLICY, name), this.get(BINDING, name)]);
    if (!isInForce(policy, binding)) {
      throw denied(`the policy '${name}' does not hold authors to what this version expects: upgrade its chart`);
    }
    const begins = [policy, binding].map(({ metadata }) => Date.parse(metadata.creationTimestamp ?? ''));
    return Math.max(...begins) + TAKES_EFFECT_MS;
  }

  private async get(type: ResourceType, name: string): Promise<UntypedObject> {
    try {
      return await this.server.get(type, { name });
    } catch (error) {
      if (StatusError.is(error, 'NotFound')) {
        throw denied(`${type.kind} '${name}' does not exist, so nobody checks authors: install it with the chart`);
      }
      throw unavailable(`${type.kind} '${name}' cannot be read: ${errorText(error)}`, { cause: error });
    }
  }
}
