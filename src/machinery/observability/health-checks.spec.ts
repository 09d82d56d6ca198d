import { describe, expect, it } from '@jest/globals';
import { HealthController } from './health.controller.js';
import { HealthChecks } from './health-checks.js';

describe('health', () => {
  it('is ready when every check holds', async () => {
    const checks = new HealthChecks();
    checks.add('a', () => undefined);
    checks.add('b', async () => undefined);
    expect(await checks.report()).toEqual({ ok: true, checks: { a: 'ok', b: 'ok' } });
  });

  it('names what is wrong, also when a check throws', async () => {
    const checks = new HealthChecks();
    checks.add('store', () => 'the disk is full');
    checks.add('server', () => {
      throw new Error('refused');
    });
    expect(await checks.report()).toEqual({ ok: false, checks: { store: 'the disk is full', server: 'refused' } });
  });

  it('refuses a name twice', () => {
    const checks = new HealthChecks();
    checks.add('a', () => undefined);
    expect(() => checks.add('a', () => undefined)).toThrow('two health checks named a');
  });

  it('answers 503 while not ready and 200 after', async () => {
    const checks = new HealthChecks();
    let problem: string | undefined = 'starting';
    checks.add('a', () => problem);
    const codes: number[] = [];
    const controller = new HealthController(checks);
    await controller.ready({ status: (code) => codes.push(code) });
    problem = undefined;
    await controller.healthy({ status: (code) => codes.push(code) });
    expect(codes).toEqual([503, 200]);
  });
});
