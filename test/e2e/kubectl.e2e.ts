import { spawn } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { kubectls } from '../harness/embedded-door.js';
import { eventually } from '../harness/eventually.js';
import { type KubectlServer, startKubectlServer } from '../harness/kubectl-server.js';
import { agent, yaml } from '../harness/manifests.js';
import { onRealApiServer } from '../harness/real-cluster.js';
import { ROBOTS, robot } from '../harness/robots.js';
import type { CommandResult } from '../harness/runtime.js';

const found = kubectls();
const AGENT = { apiVersion: 'ark.mckinsey.com/v1alpha1', kind: 'Agent' };

interface Seen {
  metadata: { uid: string; managedFields?: { manager: string; fieldsV1: object }[] };
  spec?: Record<string, unknown>;
  data?: Record<string, unknown>;
}

if (found.length === 0) {
  describe('kubectl', () => {
    it.skip('is not installed: set KUBEBUILDER_ASSETS to a folder with kubectl, or put it on PATH', () => {});
  });
}

describe.each(found)('with %s,', (file) => {
  let door: KubectlServer;

  const kubectl = (args: string, input?: string, env?: NodeJS.ProcessEnv) =>
    door.kubectl(file, words(args), { input, env });
  const ok = async (args: string, input?: string, env?: NodeJS.ProcessEnv) => {
    const result = await kubectl(args, input, env);
    if (result.code !== 0) throw new Error(`kubectl ${args} ended with ${result.code}: ${result.stderr}`);
    return result.stdout;
  };
  const read = async (args: string) => JSON.parse(await ok(`get ${args} -o json`)) as Seen;

  /** A kubeconfig with a certificate or a token of its own would win over the flag `--token`. */
  const withToken = async (token: string, args: string) => {
    const text = await ok('config view --raw --minify --flatten -o json');
    const config = JSON.parse(text) as { users: { user: object }[] };
    const bare = join(door.dataDir, 'bare.kubeconfig');
    await writeFile(
      bare,
      JSON.stringify({ ...config, users: config.users.map((each) => ({ ...each, user: { token } })) }),
    );
    return kubectl(args, undefined, { KUBECONFIG: bare });
  };

  beforeAll(async () => {
    door = await startKubectlServer();
    await ok('apply -f -', yaml(ROBOTS));
    await ok('wait --for=condition=Established crd/robots.example.com --timeout=60s');
  });
  afterAll(() => door?.close());

  it('a manifest is applied, applied again without a change, and changed', async () => {
    const manifest = (color: string) => yaml(robot('applied', { color, arms: 2 }));
    expect(await ok('apply -f -', manifest('red'))).toBe('robot.example.com/applied created\n');
    expect(await ok('apply -f -', manifest('red'))).toBe('robot.example.com/applied unchanged\n');
    expect(await ok('apply -f -', manifest('blue'))).toBe('robot.example.com/applied configured\n');
    expect(await ok('apply -f -', yaml(robot('applied', { color: 'blue' })))).toContain('configured');
    const { spec } = await read('robot applied');
    expect(spec).toEqual({ color: 'blue', replicas: 1 });
    expect(await ok('apply --dry-run=server -f -', manifest('green'))).toContain('configured (server dry run)');
    expect(await ok('get robot applied -o jsonpath={.spec.color}')).toBe('blue');
  });

  it('a built-in object is applied again with a strategic merge patch', async () => {
    const manifest = (data: Record<string, string>) =>
      yaml({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied' }, data });
    await ok('apply -f -', manifest({ a: '1', b: '2' }));
    expect(await ok('apply -f -', manifest({ a: '1', c: '3' }))).toBe('configmap/applied configured\n');
    expect((await read('configmap applied')).data).toEqual({ a: '1', c: '3' });
    await ok(`patch configmap applied -p {"data":{"a":"9"}}`);
    expect(await ok('get cm applied -o jsonpath={.data.a}')).toBe('9');
  });

  it('a port that is applied no longer is gone', async () => {
    const ports = [
      { name: 'a', port: 80 },
      { name: 'b', port: 81 },
    ];
    const manifest = (kept: object[]) =>
      yaml({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'ports' }, spec: { ports: kept } });
    await ok('apply -f -', manifest(ports));
    expect(await ok('apply -f -', manifest(ports))).toBe('service/ports unchanged\n');
    expect(await ok('apply -f -', manifest(ports.slice(1)))).toBe('service/ports configured\n');
    expect(await ok('get service ports -o jsonpath={.spec.ports[*].name}')).toBe('b');
  });

  it('a list of objects of any kinds is one manifest', async () => {
    const items = (color: string, extra = {}) => [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'listed', creationTimestamp: null }, data: { color } },
      robot('listed', { color, ...extra }),
      { ...agent('listed', { modelRef: { name: 'm' } }), ...AGENT },
    ];
    const list = (...args: Parameters<typeof items>) => yaml({ apiVersion: 'v1', kind: 'List', items: items(...args) });
    const each = (word: string) =>
      `configmap/listed ${word}\nrobot.example.com/listed ${word}\nagent.ark.mckinsey.com/listed ${word}\n`;
    expect(await ok('create -f -', list('red'))).toBe(each('created'));
    expect((await kubectl('diff -f -', list('blue'))).stdout).toContain('+  color: blue');
    expect(await ok('apply --server-side --force-conflicts -f -', list('blue'))).toBe(each('serverside-applied'));
    expect(await ok('replace -f -', list('green'))).toBe(each('replaced'));
    const wrong = await kubectl('apply -f -', list('red', { wings: 2 }));
    expect(wrong.stderr).toContain('unknown field "wings" in com.example.v1.Robot.spec');
    expect(await ok('apply -f -', list('red'))).toBe(each('configured'));
    expect((await ok('delete -f -', list('red'))).split('"listed"')).toHaveLength(4);
  });

  it('apply --prune removes what is no longer applied, of the kinds it is told or of a set', async () => {
    const labels = { pruned: 'yes' };
    const list = (...names: string[]) =>
      yaml({ apiVersion: 'v1', kind: 'List', items: names.map((name) => robot(name, { color: 'red' }, { labels })) });
    await ok('apply -f -', list('pruned-1', 'pruned-2'));
    const allow = '--prune-allowlist=example.com/v1/Robot --prune-allowlist=core/v1/ConfigMap';
    const told = await ok(`apply --prune -l pruned=yes ${allow} -f -`, list('pruned-1'));
    expect(told).toBe('robot.example.com/pruned-1 unchanged\nrobot.example.com/pruned-2 pruned\n');

    const set = 'apply --prune --applyset=robots -n default -f -';
    const env = { KUBECTL_APPLYSET: 'true' };
    await ok(set, list('set-1', 'set-2'), env);
    expect(await ok(set, list('set-2'), env)).toContain('robot.example.com/set-1 pruned');
    expect(await ok('get robots -l pruned=yes -o name')).toBe('robot.example.com/pruned-1\nrobot.example.com/set-2\n');
  });

  it('two managers of one field conflict until one of them forces', async () => {
    const manifest = (color: string) => yaml(robot('shared', { color }));
    expect(await ok('apply --server-side --field-manager=one -f -', manifest('red'))).toContain('serverside-applied');
    const conflict = await kubectl('apply --server-side --field-manager=two -f -', manifest('blue'));
    expect(conflict.code).not.toBe(0);
    expect(conflict.stderr).toContain('conflict with "one"');
    expect(conflict.stderr).toContain('.spec.color');
    await ok('apply --server-side --field-manager=two --force-conflicts -f -', manifest('blue'));
    const { metadata, spec } = await read('robot shared --show-managed-fields');
    expect(spec).toMatchObject({ color: 'blue' });
    const owners = metadata.managedFields ?? [];
    expect(owners.filter(({ fieldsV1 }) => JSON.stringify(fieldsV1).includes('f:color')).map((o) => o.manager)).toEqual(
      ['two'],
    );
  });

  it('an object that was applied by the client can be applied by the server', async () => {
    await ok('apply -f -', yaml(robot('migrated', { color: 'red', arms: 1 })));
    await ok('apply --server-side -f -', yaml(robot('migrated', { color: 'red' })));
    expect((await read('robot migrated')).spec).toEqual({ color: 'red', replicas: 1 });
  });

  it('get prints the columns of the kind and takes every form of output', async () => {
    await ok('apply -f -', yaml(robot('seen', { color: 'red', arms: 2 }, { labels: { season: 'summer' } })));
    expect(await ok('get robots seen')).toMatch(/^NAME +COLOR +READY +AGE\nseen +red +\d+s\n$/);
    expect(await ok('get rb seen -o wide')).toMatch(/^NAME +COLOR +READY +ARMS +AGE\nseen +red +2 +\d+s\n$/);
    expect(await ok('get robot seen -o name')).toBe('robot.example.com/seen\n');
    expect(await ok('get robot seen -o yaml')).toContain('color: red');
    expect(await ok('get robots -l season=summer -o jsonpath={.items[*].metadata.name}')).toBe('seen');
    expect(await ok('get robots -l season!=summer,season -o name')).toBe('');
    expect(await ok('get robots --field-selector metadata.name=seen -o name')).toBe('robot.example.com/seen\n');
    expect(await ok('get robots -A')).toMatch(/^NAMESPACE +NAME +COLOR/);
    expect(await ok('get toys seen --no-headers').catch(String)).toContain('seen');
    expect(await ok('get robots --sort-by=.metadata.name -o name')).toContain('seen');
    expect(await ok('get robots --chunk-size=1 -o name')).toContain('seen');
    expect(await ok('get ns default')).toMatch(/^NAME +STATUS +AGE\ndefault +Active/);
    expect((await kubectl('get robot absent')).stderr).toBe(
      'Error from server (NotFound): robots.example.com "absent" not found\n',
    );
    expect((await kubectl('get unicorns')).stderr).toContain(`the server doesn't have a resource type "unicorns"`);
  });

  it('get -w prints changes as they happen', async () => {
    const env = { ...process.env, KUBECONFIG: door.kubeconfig, HOME: door.dataDir };
    const watcher = spawn(file, ['get', 'robots', '-w', '--field-selector', 'metadata.name=watched'], { env });
    let output = '';
    watcher.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    try {
      await eventually(async () => {
        await ok('apply -f -', yaml(robot('watched', { color: 'red' })));
        return output.includes('red');
      });
      await ok('apply -f -', yaml(robot('watched', { color: 'green' })));
      await eventually(() => expect(output).toMatch(/^NAME +COLOR.*\nwatched +red.*\nwatched +green/));
    } finally {
      watcher.kill();
    }
  });

  it('describe shows the object and its events', async () => {
    await ok('apply -f -', yaml(robot('described', { color: 'red' })));
    const { metadata } = await read('robot described');
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'described.1', namespace: 'default' },
      involvedObject: { ...robot('described', {}), namespace: 'default', name: 'described', uid: metadata.uid },
      reason: 'Painted',
      message: 'The paint is dry',
      type: 'Normal',
      count: 1,
      firstTimestamp: new Date().toISOString().replace(/\.\d+/, ''),
      lastTimestamp: new Date().toISOString().replace(/\.\d+/, ''),
      source: { component: 'painter' },
    };
    const { metadata: _, spec: __, ...involvedObject } = event.involvedObject;
    await ok('create -f -', yaml({ ...event, involvedObject }));
    const text = await ok('describe robot described');
    expect(text).toMatch(/Color: +red/);
    expect(text).toMatch(/Normal +Painted +\d+s +painter +The paint is dry/);
    expect(await ok('get events --field-selector reason=Painted')).toMatch(/Painted +robot\/described +The paint/);
  });

  it('wait sees conditions, fields and deletions', async () => {
    await ok('apply -f -', yaml(robot('waited', { color: 'red' })));
    const waiting = Promise.all([
      ok('wait robot/waited --for=condition=Ready --timeout=60s'),
      ok('wait robot/waited --for=jsonpath={.status.replicas}=3 --timeout=60s'),
    ]);
    const status = { replicas: 3, conditions: [{ type: 'Ready', status: 'True' }] };
    await ok(`patch robot waited --subresource=status --type=merge -p ${JSON.stringify({ status })}`);
    expect((await waiting).join('')).toBe('robot.example.com/waited condition met\n'.repeat(2));
    const gone = ok('wait robot/waited --for=delete --timeout=60s');
    await ok('delete robot waited --wait=false');
    await gone;
  });

  it('patch, label, annotate, edit and scale change what they say', async () => {
    await ok('apply -f -', yaml(robot('changed', { color: 'red' })));
    await ok(`patch robot changed --type=merge -p {"spec":{"arms":3}}`);
    await ok(`patch robot changed --type=json -p [{"op":"replace","path":"/spec/color","value":"blue"}]`);
    await ok('label robot changed team=y');
    await ok('annotate robot changed note=hello');
    expect(await ok('scale robot changed --replicas=5')).toBe('robot.example.com/changed scaled\n');
    const editor = join(door.dataDir, 'editor.sh');
    await writeFile(editor, '#!/bin/sh\nsed -i "s/arms: 3/arms: 4/" "$1"\n');
    await chmod(editor, 0o755);
    expect(await ok('edit robot changed', undefined, { KUBE_EDITOR: editor })).toContain('edited');
    const { metadata, spec } = await read('robot changed');
    expect(spec).toEqual({ color: 'blue', arms: 4, replicas: 5 });
    expect(metadata).toMatchObject({ labels: { team: 'y' }, annotations: { note: 'hello' } });
    expect((await kubectl('scale robot changed --replicas=1 --current-replicas=2')).stderr).toContain(
      'Expected replicas',
    );
    const strategic = await kubectl(`patch robot changed -p {"spec":{"arms":1}}`);
    expect(strategic.stderr).toContain('application/merge-patch+json');
  });

  it('delete waits for finalizers and takes dependents along', async () => {
    await ok('apply -f -', yaml(robot('held', { color: 'red' }, { finalizers: ['example.com/hold'] })));
    await ok('delete robot held --wait=false');
    expect((await read('robot held')).metadata).toHaveProperty('deletionTimestamp');
    await ok(`patch robot held --type=merge -p {"metadata":{"finalizers":null}}`);
    await eventually(async () => expect((await kubectl('get robot held')).stderr).toContain('NotFound'));

    for (const cascade of ['background', 'foreground', 'orphan']) {
      await ok('apply -f -', yaml(robot('owner', { color: 'red' })));
      const { uid } = (await read('robot owner')).metadata;
      const owner = { apiVersion: 'example.com/v1', kind: 'Robot', name: 'owner', uid, blockOwnerDeletion: true };
      await ok('apply -f -', yaml(robot(`child-${cascade}`, { color: 'red' }, { ownerReferences: [owner] })));
      await ok(`delete robot owner --cascade=${cascade} --timeout=60s`);
      if (cascade === 'orphan') {
        expect((await read('robot child-orphan')).metadata).not.toHaveProperty('ownerReferences');
      } else {
        // A controller manager looks for new kinds every half minute; what they own is garbage only then.
        await eventually(async () => expect((await kubectl(`get robot child-${cascade}`)).code).toBe(1));
      }
    }
    await ok('apply -f -', yaml(robot('many-1', { color: 'red' }, { labels: { many: 'yes' } })));
    expect(await ok('delete robots -l many=yes')).toContain('"many-1" deleted');
  });

  it('diff shows what an apply would change and changes nothing', async () => {
    await ok('apply -f -', yaml(robot('differs', { color: 'red' })));
    const diff = await kubectl('diff -f -', yaml(robot('differs', { color: 'blue' })));
    expect(diff.code).toBe(1);
    expect(diff.stdout).toContain('-  color: red');
    expect(diff.stdout).toContain('+  color: blue');
    expect(await ok('get robot differs -o jsonpath={.spec.color}')).toBe('red');
  });

  it('explain and api-resources know every kind', async () => {
    expect(await ok('explain robot.spec')).toMatch(/color\s+<string> -required-/);
    expect(await ok('explain agent.spec --recursive')).toMatch(/modelRef\s+<Object>/);
    expect(await ok('explain robot.metadata.ownerReferences.uid')).toContain('UID of the referent');
    expect(await ok('explain configmap.data')).toContain('<map[string]string>');
    const resources = await ok('api-resources');
    expect(resources).toMatch(/robots +rb +example\.com\/v1 +true +Robot/);
    expect(resources).toMatch(/customresourcedefinitions +crd,crds +apiextensions\.k8s\.io\/v1 +false/);
    expect(await ok('api-versions')).toContain('ark.mckinsey.com/v1alpha1\n');
  });

  it('create makes namespaces, secrets, config maps, service accounts and services', async () => {
    await ok('create namespace made');
    await ok('create secret generic made -n made --from-literal=key=value');
    await ok('create configmap made -n made --from-literal=key=value');
    await ok('create serviceaccount made -n made');
    await ok('create service clusterip made -n made --tcp=80:8080');
    expect(await ok('get secret made -n made')).toMatch(/NAME +TYPE +DATA +AGE\nmade +Opaque +1 /);
    expect(await ok('get configmap made -n made')).toMatch(/NAME +DATA +AGE\nmade +1 /);
    expect(await ok('get service made -n made')).toMatch(/PORT\(S\).*\nmade +ClusterIP .* 80\/TCP/);
    expect(await ok('get secret made -n made -o jsonpath={.data.key}')).toBe('dmFsdWU=');
    const twice = await kubectl('create namespace made');
    expect(twice.stderr).toContain('namespaces "made" already exists');
    await ok('delete namespace made --timeout=60s');
    expect((await kubectl('get secret made -n made')).stderr).toContain('NotFound');
  });

  it('auth tells who the caller is and that it may do everything', async () => {
    expect(await ok('auth can-i create robots')).toBe('yes\n');
    expect(await ok('auth can-i --list')).toMatch(/\*\.\* +\[\] +\[\] +\[\*\]/);
    expect(await ok('auth whoami')).toMatch(onRealApiServer ? /Username +admin/ : /Username +nest-ark-admin/);
    expect((await withToken('wrong', 'get ns')).stderr).toContain('You must be logged in to the server');
  });

  it('create token makes a token that proves who the account is, until the account is deleted', async () => {
    await ok('create serviceaccount robots');
    const token = (await ok('create token robots --duration=20m')).trim();
    const whoami = () => withToken(token, 'auth whoami');
    expect((await whoami()).stdout).toMatch(/Username +system:serviceaccount:default:robots\n/);
    expect((await kubectl('create token robots --duration=1m')).stderr).toContain('less than 10 minutes');
    expect((await kubectl('create token nobody')).stderr).toContain('serviceaccounts "nobody" not found');
    await ok('delete serviceaccount robots');
    await eventually(async () => expect((await whoami()).stderr).toContain('You must be logged in'));
  });

  it('get --raw / lists the paths there are', async () => {
    const { paths } = JSON.parse(await ok('get --raw /')) as { paths: string[] };
    const there = ['/api', '/api/v1', '/apis', '/apis/example.com', '/apis/example.com/v1', '/openapi/v3', '/version'];
    expect(paths).toEqual(expect.arrayContaining(there));
  });

  it('an invalid manifest is refused with field and reason', async () => {
    const enumerated = await kubectl('apply -f -', yaml(robot('bad', { color: 'pink', arms: 9 })));
    expect(enumerated.stderr).toContain('The Robot "bad" is invalid');
    expect(enumerated.stderr).toContain('spec.color: Unsupported value: "pink"');
    expect(enumerated.stderr).toContain('spec.arms');
    const missing = await kubectl('apply -f -', yaml(robot('bad', {})));
    expect(missing.stderr).toContain('spec.color: Required value');
    const unknown = await kubectl('apply -f -', yaml(robot('bad', { color: 'red', wings: 2 })));
    expect(unknown.stderr).toContain('unknown field "spec.wings"');
    const warned = await kubectl('apply --validate=warn -f -', yaml(robot('warned', { color: 'red', wings: 2 })));
    expect(warned.stderr).toContain('Warning: unknown field "spec.wings"');
    const agentResult: CommandResult = await kubectl(
      'apply -f -',
      yaml({ ...agent('bad', { modelRef: 7 }), ...AGENT }),
    );
    expect(agentResult.stderr).toContain('spec.modelRef');
  });

  it('a definition that goes takes its objects and its name along', async () => {
    const text = JSON.stringify(ROBOTS).replaceAll('robot', 'toad').replaceAll('Robot', 'Toad').replace('"rb"', '"td"');
    await ok('apply -f -', text);
    await ok('wait --for=condition=Established crd/toads.example.com --timeout=60s');
    await ok('apply -f -', JSON.stringify({ ...robot('one', { color: 'red' }), kind: 'Toad' }));
    expect(await ok('get toads -o name')).toBe('toad.example.com/one\n');
    await ok('delete crd toads.example.com --timeout=60s');
    expect((await kubectl('get toads')).code).toBe(1);
    expect(await ok('get --raw /apis/example.com/v1')).not.toContain('toads');
  });
});

/** Splits a command line at spaces; no argument of these tests has one inside. */
function words(text: string): string[] {
  return text.split(' ').filter(Boolean);
}
