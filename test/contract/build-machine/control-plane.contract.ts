import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../harness/runtime.js';

const PLANE = ['etcd', 'kube-apiserver', 'kube-controller-manager'];
const BUILT = [...PLANE, 'kubectl', 'helm', 'kubeconform'];

/** What the build machine runs, with an `npm` that tells what it was given, and a Go that builds nothing. */
describe('the build machine', () => {
  let folder: string;
  let version: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ark-build-machine-'));
    version = /^KV=\$\{KV:-(.*)\}$/m.exec(await readFile('test/cluster/build-control-plane.sh', 'utf8'))![1]!;
    await program('bin/npm', `echo "npm $* with control plane '\${KUBEBUILDER_ASSETS:-none}'"`);
    await program('bin/go', 'echo "no way to the module proxy" >&2; exit 1');
    await program('bin/apt-get', 'exit 1');
    await program('bin/kubectl', 'true');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const program = async (path: string, script: string) => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, path), 0o755);
  };
  const cached = () => join('cache/nest-ark/control-plane', version);
  const build = (env: Record<string, string> = {}) =>
    run('bash', ['.ci/run'], {
      env: {
        PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
        XDG_CACHE_HOME: join(folder, 'cache'),
        KUBEBUILDER_ASSETS: '',
        ARK_TEST_KUBECONFIG: '',
        ARK_CI_WITHOUT_CLUSTER: '',
        ...env,
      },
    });

  it('checks everything with the control plane that it built before', async () => {
    for (const name of BUILT) await program(join(cached(), name), 'true');
    const { code, stdout } = await build();
    expect(stdout).toBe(`npm run --silent verify with control plane '${join(folder, cached())}'\n`);
    expect(code).toBe(0);
  });

  it('goes on without tools that it could not build, which their tests tell of', async () => {
    for (const name of PLANE) await program(join(cached(), name), 'true');
    const { code, stdout, stderr } = await build();
    expect(stderr).toContain('could not be built completely');
    expect(stdout).toContain('npm run --silent verify with control plane');
    expect(code).toBe(0);
  });

  it('fails when no real API server can judge, and says what is missing and what to do', async () => {
    await program(join(cached(), 'etcd'), 'true');
    const { code, stdout, stderr } = await build();
    expect(stdout).toBe('0 passed, 1 failed\n');
    expect(stderr).toContain(`${cached()} lacks kube-apiserver kube-controller-manager. Install Go`);
    expect(stderr).toContain('ARK_CI_WITHOUT_CLUSTER=1');
    expect(code).toBe(1);
  });

  it('fails when the folder it was given is not a control plane', async () => {
    const { code, stdout, stderr } = await build({ KUBEBUILDER_ASSETS: join(folder, 'nowhere') });
    expect(stdout).toBe('0 passed, 1 failed\n');
    expect(stderr).toContain('nowhere lacks etcd kube-apiserver kube-controller-manager.');
    expect(code).toBe(1);
  });

  it('goes on with the embedded API server alone where it is told to', async () => {
    const { code, stdout, stderr } = await build({ ARK_CI_WITHOUT_CLUSTER: '1' });
    expect(stderr).toContain('only the embedded API server judges');
    expect(stdout).toBe("npm run --silent verify with control plane 'none'\n");
    expect(code).toBe(0);
  });

  it('ends as the check of everything ends', async () => {
    await program('bin/npm', 'exit 7');
    expect((await build({ ARK_CI_WITHOUT_CLUSTER: '1' })).code).toBe(7);
  });
});
