import { expect } from '@jest/globals';
import type { UntypedObject } from '../../../src/kit/resource/object.js';
import type { ResourceType } from '../../../src/kit/resource/resource.js';
import { eventually } from '../../harness/eventually.js';
import { type Court, refusal, underEveryJudge } from './court.js';
import { SECRET, SERVICE_ACCOUNT } from './widget.js';

const review = (group: string, kind: string, namespaced = false): ResourceType => ({
  group: `${group}.k8s.io`,
  version: 'v1',
  kind,
  plural: `${kind.toLowerCase()}s`,
  namespaced,
});
const TOKEN_REVIEW = review('authentication', 'TokenReview');
const ACCESS = review('authorization', 'SubjectAccessReview');
const LOCAL_ACCESS = review('authorization', 'LocalSubjectAccessReview', true);
const OWN_ACCESS = review('authorization', 'SelfSubjectAccessReview');
const OWN_RULES = review('authorization', 'SelfSubjectRulesReview');
const WHO_AM_I = review('authentication', 'SelfSubjectReview');

interface Status {
  authenticated?: boolean;
  user?: { username?: string; uid?: string; groups?: string[]; extra?: Record<string, string[]> };
  audiences?: string[];
  error?: string;
  allowed?: boolean;
  userInfo?: { username: string; groups: string[] };
  resourceRules?: { verbs: string[]; resources: string[] }[];
}

type Metadata = Partial<UntypedObject['metadata']>;
const MASTERS = ['system:masters'];

underEveryJudge(
  'Reviews',
  (court) => {
    const ask = async (type: ResourceType, spec: object, metadata: Metadata = {}, server = court.server) => {
      const object = { apiVersion: `${type.group}/v1`, kind: type.kind, metadata, spec } as unknown as UntypedObject;
      return ((await server.create(type, object)) as { status?: Status }).status ?? {};
    };
    const deletes = { group: court.group, resource: 'widgets', verb: 'delete', namespace: court.namespace };

    court.it('tell whose a token is, and for whom it is good', async () => {
      const { name, uid } = await account(court);
      const { token } = await tokenOf(court, name);
      const status = await ask(TOKEN_REVIEW, { token });
      expect(status).toMatchObject({
        authenticated: true,
        user: {
          username: `system:serviceaccount:${court.namespace}:${name}`,
          uid,
          groups: ['system:serviceaccounts', `system:serviceaccounts:${court.namespace}`, 'system:authenticated'],
        },
        audiences: [expect.stringMatching(/^https:/)],
      });
      expect(status.user?.extra?.['authentication.kubernetes.io/credential-id']?.[0]).toMatch(/^JTI=/);
    });

    court.it('know a token only for those it was made for', async () => {
      const { name } = await account(court);
      const { token } = await tokenOf(court, name, { audiences: ['vault', 'bank'] });
      expect(await ask(TOKEN_REVIEW, { token })).toMatchObject({
        user: {},
        error: expect.stringContaining('invalid bearer token'),
      });
      const status = await ask(TOKEN_REVIEW, { token, audiences: ['bank', 'elsewhere'] });
      expect(status).toMatchObject({ authenticated: true, audiences: ['bank'] });
    });

    court.it('know no token of an account that is gone, and nobody’s words', async () => {
      const { name } = await account(court);
      const { token } = await tokenOf(court, name);
      await court.server.delete(SERVICE_ACCOUNT, court.key(name));
      for (const words of [token, 'nonsense', 'a.b.c']) {
        const status = await ask(TOKEN_REVIEW, { token: words });
        expect(status.authenticated ?? false).toBe(false);
        expect(status.error).toContain('invalid bearer token');
      }
      const error = await refusal(ask(TOKEN_REVIEW, {}));
      expect(error).toMatchObject({ code: 400, message: 'token is required for TokenReview in authentication' });
    });

    court.it('let a token that is bound to a Secret end with it', async () => {
      const { name } = await account(court);
      const secret = court.name('secret');
      const { namespace } = court;
      const made = { apiVersion: 'v1', kind: 'Secret', metadata: { name: secret, namespace } };
      const { uid } = (await court.server.create<UntypedObject>(SECRET, made)).metadata;
      const to = (more: object) => ({ boundObjectRef: { kind: 'Secret', apiVersion: 'v1', name: secret, ...more } });
      const { token } = await tokenOf(court, name, to({ uid }));
      expect(await ask(TOKEN_REVIEW, { token })).toMatchObject({ authenticated: true });
      const otherUid = await tokenOf(court, name, to({ uid: 'other' }));
      expect(otherUid).toMatchObject({
        code: 409,
        message: expect.stringContaining('Operation cannot be fulfilled on Secret'),
      });
      expect(await tokenOf(court, name, to({ name: 'absent' }))).toMatchObject({
        code: 404,
        message: 'secrets "absent" not found',
      });
      await court.server.delete(SECRET, court.key(secret));
      // A cluster remembers for ten seconds whose a token was.
      await eventually(async () => !(await ask(TOKEN_REVIEW, { token })).authenticated, { within: 30_000 });
    });

    const bindsToPod = async () => {
      const { name } = await account(court);
      return tokenOf(court, name, { boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'nobody' } });
    };
    court.onlyReal('tokens bound to a Pod or Node', {
      real: async () => expect(await bindsToPod()).toMatchObject({ code: 404, message: 'pods "nobody" not found' }),
      embedded: async () =>
        expect(await bindsToPod()).toMatchObject({ code: 422, message: expect.stringContaining('to a Secret only') }),
    });

    court.it('say what others may do, and what nobody may', async () => {
      expect(await ask(ACCESS, { user: 'ana', groups: MASTERS, resourceAttributes: deletes })).toEqual({
        allowed: true,
      });
      expect(await ask(ACCESS, { groups: MASTERS, nonResourceAttributes: { path: '/secret', verb: 'put' } })).toEqual({
        allowed: true,
      });
      expect((await ask(ACCESS, { user: 'nobody', resourceAttributes: deletes })).allowed).toBe(false);
      const ghost = `system:serviceaccount:${court.namespace}:ghost`;
      expect((await ask(ACCESS, { user: ghost, resourceAttributes: deletes })).allowed).toBe(false);
    });

    court.it('let everybody who is somebody look around and ask about themselves', async () => {
      const bob = { user: 'bob', groups: ['system:authenticated'] };
      const may = async (more: object) => (await ask(ACCESS, { ...bob, ...more })).allowed;
      const path = (to: string, verb = 'get') => ({ nonResourceAttributes: { path: to, verb } });
      const own = (verb: string) => ({
        resourceAttributes: { verb, group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews' },
      });
      for (const allowed of [path('/api'), path('/apis/apps'), path('/readyz'), path('/version'), own('create')]) {
        expect([allowed, await may(allowed)]).toEqual([allowed, true]);
      }
      const refused = [path('/logs'), path('/api', 'post'), own('list'), { resourceAttributes: deletes }];
      for (const each of refused) expect([each, await may(each)]).toEqual([each, false]);
      expect((await ask(ACCESS, { user: 'bob', ...path('/api') })).allowed).toBe(false);
    });

    court.it('say it of one namespace, too', async () => {
      const here = { namespace: court.namespace };
      const asked = { user: 'ana', groups: MASTERS, resourceAttributes: deletes };
      expect(await ask(LOCAL_ACCESS, asked, here)).toEqual({ allowed: true });
      expect((await ask(LOCAL_ACCESS, { ...asked, groups: [] }, here)).allowed).toBe(false);
      const elsewhere = { ...asked, resourceAttributes: { ...deletes, namespace: 'elsewhere' } };
      expect((await refusal(ask(LOCAL_ACCESS, elsewhere, here))).message).toContain('must match metadata.namespace');
      const path = { user: 'ana', nonResourceAttributes: { path: '/', verb: 'get' } };
      expect((await refusal(ask(LOCAL_ACCESS, path, here))).message).toContain('disallowed on this kind of request');
    });

    court.it('want to be asked something, about somebody', async () => {
      const empty = await refusal(ask(ACCESS, {}));
      expect(empty).toMatchObject({ code: 422, statusReason: 'Invalid' });
      expect(empty.statusDetails?.causes?.map(({ field }) => field)).toEqual(['spec.resourceAttributes', 'spec.user']);
      expect(empty.message).toContain('spec.user: Invalid value: "": at least one of user or group must be specified');
      const both = { resourceAttributes: deletes, nonResourceAttributes: { path: '/', verb: 'get' } };
      const error = await refusal(ask(OWN_ACCESS, both));
      expect(error.message).toContain('spec.nonResourceAttributes: Invalid value: {"Path":"/","Verb":"get"}: ');
      expect(error.message).toContain('cannot be specified in combination with resourceAttributes');
      const named = await refusal(ask(ACCESS, { user: 'ana', resourceAttributes: deletes }, { name: 'mine' }));
      expect(named.message).toContain('must be empty');
    });

    court.it('speak of whom a request is made in the name of', async () => {
      const ana = court.http.as({ user: 'ana', groups: MASTERS });
      expect((await ask(WHO_AM_I, {}, {}, ana)).userInfo).toEqual({
        username: 'ana',
        groups: [...MASTERS, 'system:authenticated'],
      });
      expect(await ask(OWN_ACCESS, { resourceAttributes: deletes }, {}, ana)).toEqual({ allowed: true });
      const bob = court.http.as({ user: 'bob' });
      expect((await ask(WHO_AM_I, {}, {}, bob)).userInfo).toEqual({
        username: 'bob',
        groups: ['system:authenticated'],
      });
      expect((await ask(OWN_ACCESS, { resourceAttributes: deletes }, {}, bob)).allowed).toBe(false);
      const { resourceRules = [] } = await ask(OWN_RULES, { namespace: court.namespace }, {}, bob);
      expect(resourceRules.length).toBeGreaterThan(0);
      expect(new Set(resourceRules.flatMap(({ verbs }) => verbs))).toEqual(new Set(['create']));
    });

    court.it('agree with what happens then', async () => {
      const { metadata } = await court.create();
      const ana = court.http.as({ user: 'ana', groups: MASTERS });
      expect((await ana.get(court.type, metadata)).metadata.uid).toBe(metadata.uid);
      const bob = court.http.as({ user: 'bob' });
      const about = `resource "widgets" in API group "${court.group}" in the namespace "${court.namespace}"`;
      const forbidden = async (request: Promise<unknown>, verb: string, name = ` "${metadata.name}"`) => {
        const error = await refusal(request);
        expect(error).toMatchObject({ code: 403, statusReason: 'Forbidden' });
        const said = `widgets.${court.group}${name} is forbidden: User "bob" cannot ${verb} ${about}`;
        expect(error.message).toContain(said);
      };
      await forbidden(bob.get(court.type, metadata), 'get');
      await forbidden(bob.list(court.type, { namespace: court.namespace }), 'list', '');
      await forbidden(bob.create(court.type, court.widget('bobs')), 'create', '');
      await forbidden(bob.delete(court.type, metadata), 'delete');
      const patch = { type: 'merge' as const, body: { metadata: { labels: { a: 'b' } } } };
      await forbidden(bob.patch(court.type, metadata, patch), 'patch');
      const ofAccount = await bob.raw({
        verb: 'POST',
        path: `/api/v1/namespaces/${court.namespace}/serviceaccounts/default/token`,
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} },
      });
      expect(ofAccount.code).toBe(403);
      expect(ofAccount.text).toContain('cannot create resource \\"serviceaccounts/token\\"');
    });
  },
  (judge) => judge.overHttp,
);

async function account(court: Court): Promise<{ name: string; uid: string }> {
  const metadata = { name: court.name('robot'), namespace: court.namespace };
  const wish: UntypedObject = { apiVersion: 'v1', kind: 'ServiceAccount', metadata };
  const made = await court.server.create(SERVICE_ACCOUNT, wish);
  return { name: made.metadata.name, uid: made.metadata.uid ?? '' };
}

/** The token, or the code and the words of the refusal. */
async function tokenOf(
  court: Court,
  name: string,
  spec: object = {},
): Promise<{ token: string; code: number; message?: string }> {
  const path = `/api/v1/namespaces/${court.namespace}/serviceaccounts/${name}/token`;
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec };
  const { code, text } = await court.http.raw({ verb: 'POST', path, body });
  const { status, message } = JSON.parse(text) as { status: { token: string }; message?: string };
  return { token: status.token, code, message };
}
