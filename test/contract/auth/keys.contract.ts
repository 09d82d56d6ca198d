import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { DeclaredRoutes } from '../../../src/auth/declared-routes.js';
import { Metrics, noMetrics } from '../../../src/kit/index.js';
import { silentLogger } from '../../../src/kit/testing/index.js';
import { ProblemFilter } from '../../../src/machinery/errors/problem.filter.js';
import { createHttpApplication } from '../../../src/machinery/http/http-application.js';
import { OpenToAll } from '../../../src/machinery/http/route-access.js';
import { BugReports } from '../../../src/machinery/observability/bug-reports.js';
import { RootLogger } from '../../../src/machinery/observability/root-logger.js';
import { Tracing } from '../../../src/machinery/observability/tracing/tracing.js';
import { eventually } from '../../harness/eventually.js';
import { postgresPrograms, startPostgres } from '../../harness/postgres.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';
import { ADMIN_TOKEN, GuardedApplication } from './guarded-application.js';

const MESSAGES = { method: 'GET', url: '/messages' };
const KEYS = { method: 'POST', url: '/v1/api-keys' };
const ADMIN = `Bearer ${ADMIN_TOKEN}`;

interface ShownKey {
  public_key: string;
  secret_key: string;
  last_used_at: string | null;
  is_active: boolean;
}

describe('an API key', () => {
  const folder = temporaryFolder({ keep: 'block' });
  let house: GuardedApplication;
  beforeAll(async () => {
    house = await GuardedApplication.start(folder(), { authMode: 'token' });
  });
  afterAll(() => house?.stop());

  const make = async (wanted: object) => {
    const { status, body } = await house.request(KEYS, ADMIN, { name: 'ci', roles: ['reader'], ...wanted });
    return { status, key: JSON.parse(body) as ShownKey & { detail?: string } };
  };
  const detail = async (authorization?: string) =>
    (JSON.parse((await house.request(MESSAGES, authorization)).body) as { error: { message: string } }).error.message;

  it('is shown once, opens doors as bearer token or as Ark’s pair of keys, and is listed without its secret', async () => {
    const { status, key } = await make({ expires_at: null });
    expect(status).toBe(201);
    const whole = `${key.public_key}.${key.secret_key}`;
    const pair = Buffer.from(`${key.public_key}:${key.secret_key}`).toString('base64');
    expect((await house.request(MESSAGES, `Bearer ${whole}`)).status).toBe(200);
    expect((await house.request(MESSAGES, `Basic ${pair}`)).status).toBe(200);
    const list = await house.request({ method: 'GET', url: '/v1/api-keys' }, ADMIN);
    expect(list.body).not.toContain(key.secret_key);
    const shown = (JSON.parse(list.body) as { items: ShownKey[] }).items.find(
      ({ public_key }) => public_key === key.public_key,
    );
    expect(shown).toMatchObject({ name: 'ci', roles: ['reader'], created_by: 'admin', is_active: true });
    expect(Date.parse(shown?.last_used_at ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });

  it('leaves no trace of its secret in the data folder', async () => {
    const { key } = await make({});
    const secret = key.secret_key.slice('sk-ark-'.length);
    for (const file of readdirSync(folder())) {
      expect(readFileSync(join(folder(), file)).includes(secret)).toBe(false);
    }
  });

  it('opens nothing once it is revoked', async () => {
    const { key } = await make({});
    const header = `Bearer ${key.public_key}.${key.secret_key}`;
    expect((await house.request(MESSAGES, header)).status).toBe(200);
    const revoke = { method: 'DELETE', url: `/v1/api-keys/${key.public_key}` };
    expect((await house.request(revoke, ADMIN)).status).toBe(204);
    expect(await detail(header)).toContain('was revoked');
    expect((await house.request(revoke, ADMIN)).status).toBe(404);
  });

  it('opens nothing after its time', async () => {
    const { key } = await make({ expires_at: new Date(Date.now() + 1_000).toISOString() });
    const header = `Bearer ${key.public_key}.${key.secret_key}`;
    expect((await house.request(MESSAGES, header)).status).toBe(200);
    await eventually(async () => expect(await detail(header)).toContain('expired at'));
  });

  it('needs a right secret, whoever its public part belongs to', async () => {
    const [one, other] = [await make({}), await make({})];
    const header = `Bearer ${one.key.public_key}.${other.key.secret_key}`;
    expect(await detail(header)).toBe('the API key is unknown or wrong');
  });

  it('is refused where what it may do, its name or its time is not valid', async () => {
    for (const wrong of [{ roles: [] }, { roles: ['king'] }, { roles: ['user@Team A'] }, { name: '' }]) {
      expect((await make(wrong)).status).toBe(422);
    }
    expect((await make({ expires_at: '2020-01-01T00:00:00Z' })).key.detail).toContain('which is over');
    expect((await make({ roles: ['user@a@b'] })).key.detail).toContain('valid: reader, user, editor, admin');
  });

  it('says what is wrong with the credentials of a request', async () => {
    expect(await detail()).toContain('no credentials');
    expect(await detail('Bearer')).toContain('empty');
    expect(await detail('Digest x')).toContain('Bearer or Basic');
    expect(await detail('Bearer pk-ark-short')).toContain('malformed');
    expect(await detail('Bearer anything')).toContain('does not accept the token');
  });
});

(postgresPrograms() ? describe : describe.skip)('an API key of replicas that share a PostgreSQL', () => {
  const folders = [temporaryFolder(), temporaryFolder()];

  it('opens the doors of all of them, and of none some seconds after it was revoked at one', async () => {
    const database = await startPostgres();
    const houses: GuardedApplication[] = [];
    try {
      for (const folder of folders) {
        const env = { ARK_DATABASE_URL: database.url };
        houses.push(await GuardedApplication.start(folder(), { authMode: 'token' }, env));
      }
      const [one, other] = houses as [GuardedApplication, GuardedApplication];
      const [key, kept] = [await one.key('reader'), await one.key('reader')];
      for (const house of houses) expect((await house.request(MESSAGES, key)).status).toBe(200);
      const url = `/v1/api-keys/${key.replace('Bearer ', '').split('.')[0]}`;
      expect((await one.request({ method: 'DELETE', url }, ADMIN)).status).toBe(204);
      expect((await one.request(MESSAGES, key)).status).toBe(401);
      // What the other one knew before holds for five seconds.
      const end = Date.now() + 5_000;
      let lastOpen = 0;
      await eventually(
        async () => {
          const asked = Date.now();
          const { status } = await other.request(MESSAGES, key);
          if (status !== 401) lastOpen = asked;
          expect(status).toBe(401);
        },
        { within: 30_000, every: 200 },
      );
      expect(lastOpen).toBeLessThanOrEqual(end);
      expect((await other.request(MESSAGES, kept)).status).toBe(200);
    } finally {
      for (const house of houses) await house.stop();
      await database.stop();
    }
  });
});

describe('guessing', () => {
  const folder = temporaryFolder();

  const guess = async (house: GuardedApplication, times: number, from: Record<string, string> = {}) => {
    const statuses: number[] = [];
    for (let count = 0; count < times; count += 1) {
      statuses.push(await status(house, `Bearer guess-${count}`, from));
    }
    return statuses;
  };
  const status = async (house: GuardedApplication, authorization: string, from: Record<string, string> = {}) =>
    (await house.app.inject({ url: '/messages', headers: { authorization, ...from } })).statusCode;

  it('is slowed down, and those of the same address who are right are let in all the same', async () => {
    const house = await GuardedApplication.start(folder(), { authMode: 'token' });
    try {
      const [key, revoked] = [await house.key('reader'), await house.key('reader')];
      const url = `/v1/api-keys/${revoked.replace('Bearer ', '').split('.')[0]}`;
      expect((await house.request({ method: 'DELETE', url }, ADMIN)).status).toBe(204);
      expect(new Set(await guess(house, 30))).toEqual(new Set([401]));
      const refused = await house.request(MESSAGES, 'Bearer guess-again');
      expect(refused.status).toBe(429);
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      // Neither has been seen at this route before.
      expect(await status(house, key)).toBe(200);
      expect(await status(house, ADMIN.toLowerCase().replace('bearer', 'BEARER'))).toBe(200);
      for (const wrong of [revoked, `${key}x`, 'Bearer eyJhbGciOiJub25lIn0.e30.'])
        expect(await status(house, wrong)).not.toBe(200);
      const crowd = [...Array(300).keys()].map((i) => status(house, `Bearer crowd-${i}`));
      expect(new Set(await Promise.all(crowd))).toEqual(new Set([429]));
      expect(await status(house, await house.key('reader'))).toBe(200);
    } finally {
      await house.stop();
    }
  });

  it('counts for the address that a trusted proxy names, and for no other that a stranger makes up', async () => {
    const env = { ARK_TRUSTED_PROXIES: '127.0.0.0/8, 10.0.0.0/8' };
    const behind = (addresses: string) => ({ 'x-forwarded-for': addresses });
    const house = await GuardedApplication.start(folder(), { authMode: 'token' }, env);
    try {
      expect((await guess(house, 31, behind('198.51.100.7'))).at(-1)).toBe(429);
      expect(await guess(house, 1, behind('203.0.113.9'))).toEqual([401]);
      // The last address that no trusted proxy has is the client's; what stands before it, the client wrote.
      expect(await guess(house, 1, behind('203.0.113.1, 198.51.100.7, 10.1.2.3'))).toEqual([429]);
    } finally {
      await house.stop();
    }
  });

  it('counts for the connection where no proxy is trusted', async () => {
    const house = await GuardedApplication.start(folder(), { authMode: 'token' });
    try {
      for (let i = 0; i < 30; i += 1) await guess(house, 1, { 'x-forwarded-for': `198.51.100.${i}` });
      expect(await guess(house, 1, { 'x-forwarded-for': '203.0.113.9' })).toEqual([429]);
      const wrong = { ARK_TRUSTED_PROXIES: '10.0.0.0/33' };
      await expect(GuardedApplication.start(folder(), { authMode: 'token' }, wrong)).rejects.toThrow('like 10.0.0.0/8');
    } finally {
      await house.stop();
    }
  });
});

describe('a route that does not declare who may use it', () => {
  @Controller('careless')
  class CarelessController {
    @Get('open')
    @OpenToAll()
    open(): string {
      return 'x';
    }

    @Get()
    forgotten(): string {
      return 'x';
    }
  }
  class Careless {}

  it('stops the start', async () => {
    const providers = [
      { provide: RootLogger, useValue: silentLogger },
      { provide: Metrics, useValue: noMetrics },
      { provide: Tracing, useValue: new Tracing() },
      BugReports,
      ProblemFilter,
      DeclaredRoutes,
    ];
    const app = await createHttpApplication(
      { module: Careless, controllers: [CarelessController], providers },
      silentLogger,
    );
    await expect(app.init()).rejects.toThrow('CarelessController.forgotten must declare who may use the route');
    await app.close().catch(() => {});
  });
});
