import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.js';
import { OidcIssuer } from '../../harness/oidc-issuer.js';
import { temporaryFolder } from '../../harness/temporary-folder.js';
import { ADMIN_TOKEN, GuardedApplication } from './guarded-application.js';

describe('a token of an OpenID Connect issuer', () => {
  const folder = temporaryFolder({ keep: 'block' });
  let issuer: OidcIssuer;
  let house: GuardedApplication;
  beforeAll(async () => {
    issuer = await OidcIssuer.start();
    house = await GuardedApplication.start(
      folder(),
      { authMode: 'oidc' },
      {
        ARK_OIDC_ISSUER: issuer.url,
        ARK_OIDC_AUDIENCE: 'ark',
        ARK_OIDC_ROLES: 'team-a-devs=user@team-a,platform=reader',
      },
    );
  });
  afterAll(async () => {
    await house?.stop();
    await issuer?.stop();
  });

  const get = async (url: string, token: string) => {
    const { status, body } = await house.request({ method: 'GET', url }, `Bearer ${token}`);
    return { status, said: body };
  };
  const seconds = (from: number) => Math.floor(Date.now() / 1000) + from;

  it('gives the roles that the settings give to its claim, and no others', async () => {
    const dev = await issuer.token({ groups: ['team-a-devs', 'others'] });
    expect((await get('/messages?namespace=team-a', dev)).status).toBe(200);
    expect((await get('/messages', dev)).said).toContain('oidc:ana may not read');
    expect((await get('/messages', await issuer.token({ groups: 'x platform' }))).status).toBe(200);
    expect((await get('/messages', await issuer.token({}))).status).toBe(403);
  });

  it('is refused when it is old, made for others, made by others, or unsigned', async () => {
    const groups = ['platform'];
    expect((await get('/messages', await issuer.token({ groups, exp: seconds(-60) }))).said).toContain('expired');
    expect((await get('/messages', await issuer.token({ groups, aud: 'other' }))).said).toContain('aud');
    expect((await get('/messages', await issuer.token({ groups, nbf: seconds(90) }))).said).toContain('nbf');
    expect((await get('/messages', await issuer.token({ groups, iss: 'https://other' }))).status).toBe(401);
    const [, claims] = (await issuer.token({ groups })).split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${claims}.`;
    expect((await get('/messages', unsigned)).status).toBe(401);
  });

  it('may come from a clock that is a little ahead or behind', async () => {
    const groups = ['platform'];
    expect((await get('/messages', await issuer.token({ groups, exp: seconds(-5) }))).status).toBe(200);
    expect((await get('/messages', await issuer.token({ groups, nbf: seconds(10) }))).status).toBe(200);
  });

  it('is accepted after the issuer has rotated its keys, and tokens of the old key are not', async () => {
    const old = await issuer.token({ groups: ['platform'], jti: 'old' });
    await issuer.rotate();
    await eventually(
      async () => {
        const fresh = await issuer.token({ groups: ['platform'] });
        expect((await get('/messages', fresh)).status).toBe(200);
      },
      // Each refusal counts towards the limit of wrong credentials.
      { every: 1_500 },
    );
    expect((await get('/messages', old)).status).toBe(401);
    const reads = issuer.reads;
    for (let round = 0; round < 5; round += 1) await get('/messages', await issuer.token({ jti: `${round}` }));
    expect(issuer.reads).toBe(reads);
  });

  it('locks nobody out while its issuer has not shown its new key yet', async () => {
    await issuer.rotate({ publish: false });
    const early = await Promise.all(
      Array.from({ length: 40 }, async (_, i) => issuer.token({ groups: ['platform'], jti: `early-${i}` })),
    );
    for (const token of early) expect((await get('/messages', token)).status).toBe(401);
    issuer.publish();
    await eventually(async () => {
      const seen = await get('/messages', await issuer.token({ groups: ['platform'] }));
      expect(seen.status).not.toBe(429);
      expect(seen.status).toBe(200);
    });
  });

  it('is the only way in, besides the admin token, where the mode names nothing else', async () => {
    const made = await house.request({ method: 'POST', url: '/v1/api-keys' }, `Bearer ${ADMIN_TOKEN}`, {
      name: 'x',
      roles: ['admin'],
    });
    const { public_key, secret_key } = JSON.parse(made.body) as { public_key: string; secret_key: string };
    const { status, said } = await get('/messages', `${public_key}.${secret_key}`);
    expect(status).toBe(401);
    expect(said).toContain('API keys are not accepted here');
  });
});

describe('an issuer that is away', () => {
  const folder = temporaryFolder();

  it('is no reason to call a token wrong', async () => {
    const issuer = await OidcIssuer.start();
    const token = await issuer.token({});
    const env = { ARK_OIDC_ISSUER: issuer.url, ARK_OIDC_AUDIENCE: 'ark' };
    await issuer.stop();
    const house = await GuardedApplication.start(folder(), { authMode: 'oidc' }, env);
    try {
      const { status } = await house.request({ method: 'GET', url: '/agents' }, `Bearer ${token}`);
      expect(status).toBe(503);
    } finally {
      await house.stop();
    }
  });
});
