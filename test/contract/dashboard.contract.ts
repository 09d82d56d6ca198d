import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { request } from 'undici';
import { DashboardController } from '../../src/dashboard/dashboard.controller.js';
import { DashboardFiles } from '../../src/dashboard/dashboard-files.js';
import { pathAtHost } from '../../src/dashboard/dashboard-path.js';
import { Metrics, noMetrics } from '../../src/kit/index.js';
import { silentLogger } from '../../src/kit/testing/index.js';
import { ProblemFilter } from '../../src/machinery/errors/problem.filter.js';
import { createHttpApplication } from '../../src/machinery/http/http-application.js';
import { BugReports } from '../../src/machinery/observability/bug-reports.js';
import { HealthController } from '../../src/machinery/observability/health.controller.js';
import { HealthChecks } from '../../src/machinery/observability/health-checks.js';
import { RootLogger } from '../../src/machinery/observability/root-logger.js';
import { Tracing } from '../../src/machinery/observability/tracing/tracing.js';
import { Settings } from '../../src/machinery/settings/settings.js';
import { rawExchange } from '../harness/raw-http.js';
import { temporaryFolder } from '../harness/temporary-folder.js';

class Doors {}

async function start(dashboard?: string): Promise<NestFastifyApplication> {
  const providers = [
    { provide: Settings, useValue: { dashboard } },
    { provide: RootLogger, useValue: silentLogger },
    { provide: Metrics, useValue: noMetrics },
    { provide: Tracing, useValue: new Tracing() },
    BugReports,
    DashboardFiles,
    HealthChecks,
    ProblemFilter,
  ];
  const controllers = [DashboardController, HealthController];
  const app = await createHttpApplication({ module: Doors, controllers, providers }, silentLogger, {
    pathOf: pathAtHost,
  });
  try {
    await app.listen(0, '127.0.0.1');
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}

const INDEX = '<!doctype html><title>a page</title>';

describe('the dashboard', () => {
  const folder = temporaryFolder();
  let app: NestFastifyApplication | undefined;
  let page = '';
  beforeEach(() => {
    const outside = folder();
    page = join(outside, 'page');
    mkdirSync(join(page, 'assets'), { recursive: true });
    mkdirSync(join(page, 'agents'));
    writeFileSync(join(outside, 'secret.txt'), 'secret');
    writeFileSync(join(page, 'index.html'), INDEX);
    writeFileSync(join(page, 'about.html'), 'about');
    writeFileSync(join(page, 'agents', 'index.html'), 'agents');
    writeFileSync(join(page, 'assets', 'app.js'), 'go()');
    writeFileSync(join(page, 'assets', 'logo.svg'), '<svg/>');
    writeFileSync(join(page, '.env'), 'secret');
    symlinkSync(join(outside, 'secret.txt'), join(page, 'assets', 'link.txt'));
  });
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  const at = async (path: string, host = 'dashboard.localhost:8080', headers: Record<string, string> = {}) => {
    const answer = await request(`${await app?.getUrl()}${path}`, { headers: { host, ...headers } });
    return { code: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  };

  it('is the page in a folder, at the hosts that are called so', async () => {
    app = await start(page);
    expect(await at('/')).toMatchObject({
      code: 200,
      text: INDEX,
      headers: { 'content-type': 'text/html; charset=utf-8', 'x-content-type-options': 'nosniff' },
    });
    const type = async (path: string) => (await at(path)).headers['content-type'];
    expect(await type('/assets/app.js?v=1')).toBe('text/javascript; charset=utf-8');
    expect(await type('/assets/logo.svg')).toBe('image/svg+xml');
    expect((await at('/', 'Dashboard.127.0.0.1.nip.io')).text).toBe(INDEX);
  });

  it('answers at other hosts as if it were not there', async () => {
    app = await start(page);
    for (const host of ['api.localhost', 'gateway.localhost', 'localhost:8080', 'mydashboard.localhost', 'dashboard']) {
      expect(await at('/livez', host)).toMatchObject({ code: 200, text: expect.not.stringContaining('page') });
      for (const path of ['/assets/app.js', '/.dashboard', '/.dashboard/assets/app.js', '/%2edashboard/about']) {
        expect([path, (await at(path, host)).code]).toEqual([path, 404]);
      }
    }
    expect((await at('/livez')).text).toBe(INDEX);
  });

  it('shows the page at every place inside it, and no file where one is missing', async () => {
    app = await start(page);
    for (const place of ['/queries/default/hello', '/agents/gpt-4.1', '/readyz', '/assets']) {
      expect(await at(place)).toMatchObject({ code: 200, text: INDEX });
    }
    expect((await at('/about')).text).toBe('about');
    expect((await at('/agents/')).text).toBe('agents');
    expect(await at('/assets/gone.js')).toMatchObject({
      code: 404,
      headers: { 'content-type': expect.stringContaining('application/problem+json') },
      text: expect.stringContaining('"instance":"/assets/gone.js"'),
    });
  });

  it('is sent again only when it changed', async () => {
    app = await start(page);
    const { headers } = await at('/assets/app.js');
    expect(headers['cache-control']).toBe('no-cache');
    const known = { 'if-none-match': String(headers.etag) };
    expect(await at('/assets/app.js', undefined, known)).toMatchObject({ code: 304, text: '' });
    writeFileSync(join(page, 'assets', 'app.js'), 'go(again)');
    expect(await at('/assets/app.js', undefined, known)).toMatchObject({ code: 200, text: 'go(again)' });
  });

  it('gives out nothing beside the folder, and nothing hidden', async () => {
    app = await start(page);
    const url = await app.getUrl();
    const tricks = [
      '/../secret.txt',
      '/assets/../../secret.txt',
      '/%2e%2e/secret.txt',
      '/..%2fsecret.txt',
      '/..%5csecret.txt',
      '/%252e%252e/secret.txt',
      '/assets/link.txt',
      '/.env',
      '/assets%00/../.env',
      '/%c0%ae%c0%ae/secret.txt',
      'http://evil.example.com/../secret.txt',
      '//../secret.txt',
      '/./.env',
    ];
    for (const path of tricks) {
      const host = 'Host: dashboard.localhost';
      const said = await rawExchange(url, `GET ${path} HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`);
      expect(`${path}: ${said}`).toMatch(/: HTTP\/1\.1 4\d\d /);
      expect(`${path}: ${said}`).not.toContain('\nsecret');
    }
  });

  it('says what to set where there is none, and leaves other hosts alone', async () => {
    app = await start();
    const answer = await at('/');
    expect(answer.code).toBe(404);
    expect(JSON.parse(answer.text)).toMatchObject({
      status: 404,
      reason: 'NotFound',
      instance: '/',
      detail: expect.stringContaining('ARK_DASHBOARD'),
    });
    expect((await at('/livez', 'api.localhost')).code).toBe(200);
  });

  it('stops a start with a folder that holds no page', async () => {
    await expect(start(join(page, 'assets'))).rejects.toThrow('there is no index.html in it');
    await expect(start(join(page, 'nowhere'))).rejects.toThrow('ARK_DASHBOARD is');
  });
});
