import { expect } from '@jest/globals';
import type { Call } from '../../../src/kube/remote/http-channel.js';
import { eventually } from '../../harness/eventually.js';
import { type Court, underEveryJudge } from './court.js';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

interface Table {
  kind: string;
  apiVersion: string;
  metadata: { resourceVersion: string };
  columnDefinitions: { name: string; type: string; format: string; priority: number; description: string }[];
  rows: { cells: unknown[]; object: { kind: string; metadata: { name: string } } }[];
}

async function json<T>(
  court: Court,
  call: Omit<Call, 'verb'> & { verb?: Call['verb'] },
): Promise<{ code: number; body: T; type: string }> {
  const answer = await court.http.raw({ verb: 'GET', ...call });
  return { code: answer.code, body: JSON.parse(answer.text) as T, type: String(answer.headers['content-type']) };
}

underEveryJudge(
  'Over HTTP',
  (court) => {
    const widgets = () => `/apis/${court.group}/v1/namespaces/${court.namespace}/widgets`;

    court.it('a list is a table when asked for', async () => {
      const { metadata } = await court.create(court.name(), { size: 7 });
      const status = {
        ...(await court.read(metadata.name)),
        status: { conditions: [{ type: 'Ready', status: 'True' }] },
      };
      await court.server.update(court.type, status, { subresource: 'status' });
      const query = { fieldSelector: `metadata.name=${metadata.name}` };
      const { body } = await json<Table>(court, { path: widgets(), query, accept: TABLE });
      expect(body).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
      expect(body.columnDefinitions.map(({ name, type, format, priority }) => [name, type, format, priority])).toEqual([
        ['Name', 'string', 'name', 0],
        ['Size', 'integer', '', 0],
        ['Ready', 'string', '', 0],
        ['Colour', 'string', '', 1],
        ['Age', 'date', '', 0],
      ]);
      expect(body.columnDefinitions[1]?.description).toBe('How big');
      const [row] = body.rows;
      expect(row?.cells.slice(0, 4)).toEqual([metadata.name, 7, 'True', 'red']);
      expect(row?.cells[4]).toMatch(/^\d+[sm]$/);
      expect(row?.object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: metadata.name } });
    });

    court.it('a cell without a value is null', async () => {
      const { metadata } = await court.create();
      const { body } = await json<Table>(court, { path: `${widgets()}/${metadata.name}`, accept: TABLE });
      expect(body.rows[0]?.cells[2]).toBeNull();
    });

    court.it('discovery names the kind, its verbs and its status', async () => {
      const { body } = await json<{ resources: Record<string, unknown>[] }>(court, { path: `/apis/${court.group}/v1` });
      const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
      expect(body.resources).toContainEqual(
        expect.objectContaining({
          name: 'widgets',
          singularName: 'widget',
          namespaced: true,
          kind: 'Widget',
          verbs: expect.arrayContaining(verbs),
        }),
      );
      expect(body.resources).toContainEqual(
        expect.objectContaining({ name: 'widgets/status', kind: 'Widget', verbs: ['get', 'patch', 'update'] }),
      );
    });

    court.it('aggregated discovery says it under its own content type', async () => {
      await eventually(async () => {
        const { body, type } = await json<{ items: { metadata: { name: string } }[] }>(court, {
          path: '/apis',
          accept: AGGREGATED,
        });
        expect(type).toContain('as=APIGroupDiscoveryList');
        expect(body.items.map(({ metadata }) => metadata.name)).toContain(court.group);
      });
    });

    court.it('OpenAPI v3 describes the kind and says that fields are validated by the server', async () => {
      const url = await eventually(async () => {
        const { body } = await json<{ paths: Record<string, { serverRelativeURL: string }> }>(court, {
          path: '/openapi/v3',
        });
        return body.paths[`apis/${court.group}/v1`]?.serverRelativeURL ?? null;
      });
      const { body } = await json<{
        components: { schemas: Record<string, Record<string, unknown>> };
        paths: Record<string, { patch?: Record<string, unknown> & { parameters?: { name: string }[] } }>;
      }>(court, { path: url });
      const schema = Object.values(body.components.schemas).find((each) =>
        JSON.stringify(each['x-kubernetes-group-version-kind'] ?? '').includes('"Widget"'),
      );
      expect(schema?.properties).toHaveProperty('spec.properties.colour.enum', ['red', 'green', 'blue']);
      const { patch } = body.paths[`/apis/${court.group}/v1/namespaces/{namespace}/widgets/{name}`] ?? {};
      expect(patch).toMatchObject({ 'x-kubernetes-group-version-kind': { kind: 'Widget' } });
      expect(patch?.parameters?.map(({ name }) => name)).toContain('fieldValidation');
    });

    court.it('OpenAPI v2 describes the kind as JSON and as the protobuf of kubectl', async () => {
      const kind = { group: court.group, version: 'v1', kind: 'Widget' };
      const read = async () => {
        const { body } = await json<{
          definitions: Record<string, Record<string, unknown>>;
          paths: Record<string, { patch?: Record<string, unknown> & { consumes?: string[] } }>;
        }>(court, { path: '/openapi/v2' });
        return body;
      };
      const { definitions, paths } = await eventually(async () => {
        const body = await read();
        return Object.values(body.definitions).some((each) => JSON.stringify(each).includes(court.group)) ? body : null;
      });
      const schema = Object.values(definitions).find((each) => {
        const [first] = (each['x-kubernetes-group-version-kind'] ?? []) as (typeof kind)[];
        return first?.group === kind.group && first.kind === kind.kind;
      });
      expect(schema?.properties).toHaveProperty('spec.properties.colour.enum', ['red', 'green', 'blue']);
      expect(schema?.properties).toHaveProperty(
        'metadata.$ref',
        expect.stringMatching(/^#\/definitions\/.*ObjectMeta/),
      );
      const { patch } = paths[`/apis/${court.group}/v1/namespaces/{namespace}/widgets/{name}`] ?? {};
      expect(patch).toMatchObject({ 'x-kubernetes-group-version-kind': kind });
      expect(patch?.consumes).toContain('application/merge-patch+json');

      const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
      const { code, headers } = await court.http.raw({ verb: 'GET', path: '/openapi/v2', accept });
      expect(code).toBe(200);
      expect(headers['content-type']).toBe('application/com.github.proto-openapi.spec.v2.v1.0+protobuf');
      expect(headers.etag).toMatch(/^"[0-9A-F]+"$/);
    });

    court.it('an administrator may do everything', async () => {
      const { code, body } = await json<{ status: { allowed: boolean } }>(court, {
        verb: 'POST',
        path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          spec: {
            resourceAttributes: { group: court.group, resource: 'widgets', verb: 'delete', namespace: 'default' },
          },
        },
      });
      expect(code).toBe(201);
      expect(body.status.allowed).toBe(true);
    });

    court.it('a stranger without a token is turned away', async () => {
      const answer = await fetchAsStranger(court);
      expect([401, 403]).toContain(answer);
    });

    court.it('a refusal is a Status object', async () => {
      const { code, body } = await json<Record<string, unknown>>(court, { path: `${widgets()}/nobody` });
      expect(code).toBe(404);
      expect(body).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: `widgets.${court.group} "nobody" not found`,
        reason: 'NotFound',
        details: { name: 'nobody', group: court.group, kind: 'widgets' },
        code: 404,
      });
    });

    court.it('a deletion answers with a Status that names what went', async () => {
      const { metadata } = await court.create();
      const { code, body } = await json(court, { verb: 'DELETE', path: `${widgets()}/${metadata.name}` });
      expect(code).toBe(200);
      expect(body).toMatchObject({
        kind: 'Status',
        status: 'Success',
        details: { name: metadata.name, group: court.group, kind: 'widgets', uid: metadata.uid },
      });
    });

    court.it('a new object answers 201, an applied one 201 and then 200', async () => {
      const wish = court.widget(court.name());
      const made = await court.http.raw({ verb: 'POST', path: widgets(), body: wish });
      expect(made.code).toBe(201);
      const apply = (name: string) =>
        court.http.raw({
          verb: 'PATCH',
          path: `${widgets()}/${name}`,
          query: { fieldManager: 'alice' },
          contentType: 'application/apply-patch+yaml',
          body: court.widget(name),
        });
      const name = court.name();
      expect((await apply(name)).code).toBe(201);
      expect((await apply(name)).code).toBe(200);
    });

    court.it('a collection goes at once, as far as it is selected', async () => {
      const run = court.name('sweep');
      const wish = court.widget(run);
      wish.metadata.labels = { run };
      await court.server.create(court.type, wish);
      const kept = await court.create();
      const query = { labelSelector: `run=${run}` };
      expect((await court.http.raw({ verb: 'DELETE', path: widgets(), query })).code).toBe(200);
      await court.gone(run);
      expect(await court.read(kept.metadata.name)).toEqual(kept);
    });

    court.it('a watch may begin with the present objects and says when they end', async () => {
      const { metadata } = await court.create();
      const answer = await court.http.raw({
        verb: 'GET',
        path: widgets(),
        query: {
          watch: true,
          sendInitialEvents: true,
          allowWatchBookmarks: true,
          resourceVersionMatch: 'NotOlderThan',
          timeoutSeconds: 2,
          fieldSelector: `metadata.name=${metadata.name}`,
        },
      });
      type Event = { type: string; object: { metadata: { annotations?: Record<string, string>; name: string } } };
      const events = answer.text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Event);
      expect(events[0]).toMatchObject({ type: 'ADDED', object: { metadata: { name: metadata.name } } });
      expect(events[1]).toMatchObject({
        type: 'BOOKMARK',
        object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } },
      });
    });

    court.it('a deletion says once what becomes of dependents', async () => {
      const { metadata } = await court.create();
      const query = { propagationPolicy: 'Orphan', orphanDependents: 'true' };
      const path = `${widgets()}/${metadata.name}`;
      const { code, body } = await json<{ message: string }>(court, { verb: 'DELETE', path, query });
      expect(code).toBe(422);
      expect(body.message).toContain('orphanDependents and deletionPropagation cannot be both set');
    });

    court.it('a refusal carries the warnings, too', async () => {
      const body = { ...court.widget(court.name()), spec: { size: 0, wings: 2 } };
      const { code, headers } = await court.http.raw({ verb: 'POST', path: widgets(), body });
      expect(code).toBe(422);
      expect(String(headers.warning)).toContain('unknown field \\"spec.wings\\"');
    });

    court.it('an unknown media type is refused', async () => {
      const answer = await court.http.raw({ verb: 'POST', path: widgets(), contentType: 'text/plain', body: 'x' });
      expect(answer.code).toBe(415);
    });

    court.it('the server says its version', async () => {
      const { body } = await json<Record<string, string>>(court, { path: '/version' });
      expect(body.gitVersion).toMatch(/^v\d+\.\d+\.\d+/);
      expect(body.major).toBe('1');
    });
  },
  (judge) => judge.overHttp,
);

/** The code that a client without credentials gets. */
async function fetchAsStranger(court: Court): Promise<number> {
  const { Agent } = await import('undici');
  const url = new URL(court.http.address);
  const agent = new Agent({ connect: { rejectUnauthorized: false } });
  const path = `/apis/${court.group}/v1/widgets`;
  const answer = await agent.request({ origin: url.origin, path, method: 'GET' });
  await answer.body.dump();
  await agent.close();
  return answer.statusCode;
}
