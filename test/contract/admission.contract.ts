import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  apiVersionOf,
  type ObjectKey,
  type ResourceType,
  resourceType,
  type UntypedObject,
} from '../../src/kit/index.js';
import type { ApiServer } from '../../src/kube/api-server/api-server.js';
import { EmbeddedApiServer } from '../../src/kube/embedded/embedded-api-server.js';
import { RemoteApiServer } from '../../src/kube/remote/remote-api-server.js';
import { loadResources, type Resources } from '../../src/resources/find-resources.js';
import { eventually } from '../harness/eventually.js';
import { type Fixture, readFixture, readFixtures } from '../harness/fixtures.js';
import { refusal } from './api-server/court.js';

const CRD: ResourceType = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  namespaced: false,
};
const CORE = { group: '', version: 'v1' };
const NAMESPACE: ResourceType = { ...CORE, kind: 'Namespace', plural: 'namespaces', namespaced: false };

/** An API server that knows Ark's kinds, and one namespace of it. */
class Bench {
  readonly namespace = `manifests-${randomBytes(4).toString('hex')}`;

  constructor(
    readonly server: ApiServer,
    private readonly resources: Resources,
  ) {}

  async furnish(): Promise<void> {
    await this.server.create(NAMESPACE, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.namespace } });
    for (const object of readFixture('test/fixtures/manifests/surroundings.yaml').objects) await this.create(object);
  }

  type(object: UntypedObject): ResourceType {
    const types = this.resources.classes.map(resourceType);
    const found = types.find((type) => type.kind === object.kind && apiVersionOf(type) === object.apiVersion);
    if (!found) throw new Error(`no class describes ${object.apiVersion} ${object.kind}`);
    return found;
  }

  create(object: UntypedObject, onWarning?: (text: string) => void): Promise<UntypedObject> {
    const type = this.type(object);
    const namespace = type.namespaced ? { namespace: this.namespace } : {};
    const placed = { ...object, metadata: { ...object.metadata, ...namespace } };
    return this.server.create(type, placed, { fieldValidation: 'Strict', onWarning });
  }

  key(object: UntypedObject): ObjectKey {
    return { ...(this.type(object).namespaced ? { namespace: this.namespace } : {}), name: object.metadata.name };
  }

  /** Creates the only object of a fixture, hands it to the case, and removes it. */
  async with(fixture: Fixture, use: (stored: UntypedObject) => void): Promise<void> {
    const object = fixture.objects[0]!;
    const stored = await this.create(object);
    await this.server.delete(this.type(object), this.key(object));
    use(stored);
  }
}

/** The documentation names secrets' namespace by the object's own; manifests here live in a namespace of the run. */
const said = (text: string, bench: Bench) => text.replaceAll('default/', `${bench.namespace}/`);

describe('manifests at the embedded API server', () => {
  let bench: Bench;
  let server: EmbeddedApiServer;
  beforeAll(async () => {
    const resources = await loadResources();
    server = await EmbeddedApiServer.open({ dataDir: ':memory:', ...resources });
    bench = new Bench(server, resources);
    await bench.furnish();
  });
  afterAll(() => server.close());

  it('from the documents are admitted as they are written', async () => {
    for (const name of ['echo-agent', 'message-counter-agent']) {
      await bench.create(manifest('Agent', name, { executionEngine: { name: 'a2a' } }));
    }
    const uids = new Map<string, string>();
    for (const fixture of readFixtures('mission')) {
      const [object] = fixture.objects as [UntypedObject];
      // An owner's uid is known only once it is stored; the documents leave it out.
      for (const owner of object.metadata.ownerReferences ?? []) owner.uid = uids.get(owner.name)!;
      const stored = await bench.server.apply(bench.type(object), placed(object, bench), { fieldManager: 'kubectl' });
      uids.set(stored.metadata.name, stored.metadata.uid!);
      expect(stored).toMatchObject({ kind: object.kind, spec: object.spec });
    }
    expect(uids.size).toBe(9);
  });

  it('written for other releases are stored in the canonical form', async () => {
    const a1 = { type: 'agent', name: 'a1' };
    const config = { openai: { baseUrl: { value: 'https://api.example.com' }, apiKey: { value: 'k' } } };
    const cases: [kind: string, given: Record<string, unknown>, stored: Record<string, unknown>][] = [
      [
        'Query',
        { targets: [a1], input: 'hi' },
        { target: a1, targets: [a1], type: 'user', ttl: '720h', timeout: '5m' },
      ],
      ['Query', { target: [a1], input: 'hi' }, { target: a1 }],
      ['Model', { type: 'openai', model: { value: 'g' }, config }, { provider: 'openai', type: 'completions' }],
      [
        'Team',
        { strategy: 'round-robin', maxTurns: 4, members: [a1] },
        { strategy: 'sequential', loops: true, maxTurns: 4 },
      ],
      ['Agent', {}, { modelRef: { name: 'default' } }],
    ];
    for (const [kind, given, stored] of cases) {
      const fixture = { name: kind, notes: {}, objects: [manifest(kind, 'canonical', given)] };
      await bench.with(fixture, (object) => expect(object.spec).toMatchObject(stored));
    }
  });

  it('with an old spelling are answered with a warning', async () => {
    const warnings: string[] = [];
    const spec = {
      strategy: 'graph',
      members: [
        { type: 'agent', name: 'a1' },
        { type: 'agent', name: 'a2' },
      ],
      graph: { edges: [{ from: 'a1', to: 'a2' }] },
    };
    await bench.create(manifest('Team', 'warned', spec), (text) => warnings.push(text));
    expect(warnings).toEqual(expect.arrayContaining([expect.stringContaining('"graph" is deprecated')]));
  });

  it.each(readFixtures('manifests/valid'))('that are minimal are admitted: $name', (fixture) =>
    bench.with(fixture, (stored) => expect(stored.metadata.uid).toBeDefined()),
  );

  it.each(readFixtures('manifests/accepted'))('that only look wrong are admitted: $name', (fixture) =>
    bench.with(fixture, (stored) => expect(stored.metadata.uid).toBeDefined()),
  );

  it.each(readFixtures('manifests/invalid'))('that are wrong are refused: $name', async ({ notes, objects }) => {
    const refused = await refusal(bench.create(objects[0]!));
    expect({ code: refused.code, message: refused.message }).toEqual({
      code: Number(notes.code),
      message: expect.stringContaining(said(notes.text!, bench)),
    });
  });
});

it('every kind is found once, and so are its rules', async () => {
  const { classes, customResources, admissions } = await loadResources();
  const kinds = classes.map((found) => resourceType(found).kind);
  expect(new Set(kinds).size).toBe(kinds.length);
  expect(customResources).toHaveLength(13);
  expect(kinds).toEqual(expect.arrayContaining(['Agent', 'ArkConfig', 'Secret', 'Lease']));
  const ruled = admissions.map(({ type }) => type.kind).sort();
  expect(ruled).toEqual([
    'A2AServer',
    'Agent',
    'ArkConfig',
    'Evaluation',
    'Evaluator',
    'ExecutionEngine',
    'MCPServer',
    'Model',
    'Query',
    'Team',
    'Tool',
  ]);
});

const controlPlane = process.env.ARK_TEST_CONTROL_PLANE;

(controlPlane ? describe : describe.skip)('manifests at a real API server without admission', () => {
  let bench: Bench;
  let server: RemoteApiServer;
  beforeAll(async () => {
    const resources = await loadResources();
    server = await RemoteApiServer.connect({ mode: 'kubeconfig', path: join(controlPlane!, 'admin.kubeconfig') });
    for (const definition of resources.customResources) {
      await server.apply(CRD, definition, { fieldManager: 'contract', force: true });
    }
    for (const definition of resources.customResources) await eventually(() => established(server, definition));
    bench = new Bench(server, resources);
    await eventually(() => bench.furnish().then(() => true));
  });
  afterAll(() => server.close());

  it.each([...readFixtures('manifests/valid'), ...readFixtures('manifests/accepted')])(
    'that are good are stored: $name',
    (fixture) => bench.with(fixture, (stored) => expect(stored.metadata.uid).toBeDefined()),
  );

  it.each(readFixtures('manifests/invalid').filter(({ notes }) => notes.judge === 'schema'))(
    'that one object alone shows to be wrong are refused: $name',
    async ({ notes, objects }) => {
      const refused = await refusal(bench.create(objects[0]!));
      expect({ code: refused.code, message: refused.message }).toEqual({
        code: 422,
        message: expect.stringContaining(notes.text!),
      });
    },
  );
});

async function established(server: ApiServer, definition: UntypedObject): Promise<boolean> {
  const seen = await server.get(CRD, { name: definition.metadata.name });
  const { conditions } = seen.status as { conditions?: { type: string; status: string }[] };
  return conditions?.some((condition) => condition.type === 'Established' && condition.status === 'True') ?? false;
}

function manifest(kind: string, name: string, spec: Record<string, unknown>): UntypedObject {
  return { apiVersion: 'ark.mckinsey.com/v1alpha1', kind, metadata: { name }, spec };
}

const placed = (object: UntypedObject, bench: Bench): UntypedObject => ({
  ...object,
  metadata: { ...object.metadata, namespace: bench.namespace },
});
