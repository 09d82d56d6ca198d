import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { type CommandResult, type Endpoints, findKubectl, run } from '../harness/runtime.js';
import { temporaryFolder } from '../harness/temporary-folder.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

describeWithKubectl('npm run quickstart', () => {
  const freshFolder = temporaryFolder({ keep: 'block' });
  let folder: string;
  let result: CommandResult;
  let pid: number;
  const quickstart = () =>
    run('bash', ['scripts/quickstart.sh'], {
      env: { ARK_DATA_DIR: folder, ARK_PORT: '0', ARK_API_SERVER_PORT: '0', NO_COLOR: '1' },
    });

  beforeAll(async () => {
    folder = freshFolder();
    result = await quickstart();
    pid = (JSON.parse(await readFile(join(folder, 'endpoints.json'), 'utf8')) as Endpoints).pid;
  });
  afterAll(async () => {
    process.kill(pid, 'SIGTERM');
    await eventually(() => expect(() => process.kill(pid, 0)).toThrow());
  });

  it('prints the answer of an agent on standard output and how to go on beside it', () => {
    expect(result).toMatchObject({ code: 0, stdout: expect.stringMatching(/sunny/) });
    expect(result.stderr).toContain(`export KUBECONFIG=${join(folder, 'kubeconfig')}`);
    expect(result.stderr).toMatch(/npx ark query agent\/\S+ "/);
    expect(result.stderr).toContain(`kill ${pid}`);
  });

  it('leaves the runtime running for kubectl', async () => {
    const env = { KUBECONFIG: join(folder, 'kubeconfig'), HOME: folder };
    const agents = await run(findKubectl() ?? 'kubectl', ['get', 'agents', '-o', 'name'], { env });
    expect(agents).toMatchObject({ code: 0, stdout: expect.stringContaining('agent.ark.mckinsey.com/') });
  });

  it('uses the running one when it is called again', async () => {
    const again = await quickstart();
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/sunny/) });
    expect(again.stderr).toContain(`kill ${pid}`);
  });
});
