import { describe, expect, it } from '@jest/globals';
import { readSettings } from './read-settings.js';

const laptop = { serviceAccountMounted: () => false, podNamespace: () => undefined };
const pod = { serviceAccountMounted: () => true, podNamespace: () => 'agents' };

describe('settings', () => {
  it('have defaults for a laptop', () => {
    expect(readSettings({}, {}, laptop)).toMatchObject({
      dataDir: '.ark',
      host: '127.0.0.1',
      port: 8080,
      apiServerPort: 6443,
      pluginPath: [],
      kubernetes: 'embedded',
      namespace: 'default',
      maxConcurrentQueries: 256,
      modelProbeTimeoutMs: 60_000,
      logLevel: 'info',
      authMode: [],
    });
  });

  it('use the cluster where a service account is mounted, unless told otherwise', () => {
    expect(readSettings({}, {}, pod).kubernetes).toBe('in-cluster');
    expect(readSettings({ ARK_KUBERNETES: 'embedded' }, {}, pod).kubernetes).toBe('embedded');
  });

  it('take the namespace of the pod in a cluster, unless told otherwise', () => {
    expect(readSettings({}, {}, pod).namespace).toBe('agents');
    expect(readSettings({ ARK_NAMESPACE: 'ark' }, {}, pod).namespace).toBe('ark');
    expect(readSettings({ ARK_KUBERNETES: 'embedded' }, {}, pod).namespace).toBe('default');
  });

  it('prefer the command line to the environment', () => {
    expect(readSettings({ ARK_PORT: '1' }, { port: 0 }, laptop).port).toBe(0);
    expect(readSettings({ ARK_PORT: '1' }, {}, laptop).port).toBe(1);
  });

  it('refuse an unknown value and list the valid ones', () => {
    expect(() => readSettings({ ARK_KUBERNETES: 'k3s' }, {}, laptop)).toThrow(
      'ARK_KUBERNETES is "k3s"; valid: embedded, in-cluster, kubeconfig.',
    );
    expect(() => readSettings({ ARK_PORT: '80a' }, {}, laptop)).toThrow('valid: a whole number from 0 to 65535');
    expect(() => readSettings({ ARK_LOG_LEVEL: 'loud' }, {}, laptop)).toThrow('valid: debug, info, warn, error');
    expect(() => readSettings({ ARK_AUTH_MODE: 'sso' }, {}, laptop)).toThrow('valid: none, token');
  });

  it('know keys of the database by their characters, not by what stands around them', () => {
    const [one, other] = ['a'.repeat(32), 'b'.repeat(32)];
    const { databaseKeys } = readSettings({ ARK_DATABASE_KEYS: `${one}, ${other},\n` }, {}, laptop);
    expect(databaseKeys).toEqual([one, other]);
    expect(() => readSettings({ ARK_DATABASE_KEYS: `  ${'c'.repeat(31)}` }, {}, laptop)).toThrow('too short');
  });

  it('refuse a misspelt name and list the valid ones', () => {
    expect(() => readSettings({ ARK_DATADIR: 'x' }, {}, laptop)).toThrow(/Unknown setting ARK_DATADIR .*ARK_DATA_DIR/);
  });

  it('leave alone what belongs to tests, to the command line and to Kubernetes', () => {
    const env = {
      ARK_TEST_KUBECONFIG: 'x',
      ARK_INVOKED_AS: 'fark',
      ARK_SERVICE_HOST: '10.0.0.1',
      ARK_PORT: 'tcp://10.0.0.1:80',
      ARK_PORT_80_TCP_ADDR: '10.0.0.1',
      ARK_DEV_PORT: 'tcp://10.0.0.2:80',
    };
    expect(readSettings(env, {}, laptop).port).toBe(8080);
  });

  it('do not open a door to the network without a word about authentication', () => {
    expect(() => readSettings({ ARK_HOST: '0.0.0.0' }, {}, laptop)).toThrow('set ARK_AUTH_MODE=none');
    expect(readSettings({ ARK_HOST: '0.0.0.0', ARK_AUTH_MODE: 'none' }, {}, laptop).host).toBe('0.0.0.0');
    expect(readSettings({ ARK_HOST: '::1' }, {}, laptop).host).toBe('::1');
  });

  it('want an issuer and an audience where tokens of an issuer are accepted', () => {
    const env = { ARK_AUTH_MODE: 'token,oidc', ARK_OIDC_ISSUER: 'https://id.example.com' };
    expect(() => readSettings(env, {}, laptop)).toThrow('ARK_OIDC_AUDIENCE');
    const whole = { ...env, ARK_OIDC_AUDIENCE: 'ark', ARK_OIDC_ROLES: 'ops=admin, a=b=user@team-a' };
    expect(readSettings(whole, {}, laptop)).toMatchObject({
      authMode: ['token', 'oidc'],
      oidcRoles: [
        ['ops', 'admin'],
        ['a=b', 'user@team-a'],
      ],
    });
    expect(() => readSettings({ ...whole, ARK_OIDC_ROLES: 'ops=king' }, {}, laptop)).toThrow('holds "ops=king"');
    expect(() => readSettings({ ...whole, ARK_OIDC_ISSUER: 'http://id.example.com' }, {}, laptop)).toThrow('https');
  });

  it('take the database under its common name too, and never repeat a password', () => {
    const url = 'postgres://ark:hunter2@db:5432/ark';
    expect(readSettings({ DATABASE_URL: url }, {}, laptop).databaseUrl).toBe(url);
    expect(readSettings({ DATABASE_URL: 'mysql://x', ARK_DATABASE_URL: url }, {}, laptop).databaseUrl).toBe(url);
    expect(readSettings({}, {}, laptop).databaseUrl).toBeUndefined();
    expect(() => readSettings({ DATABASE_URL: 'mysql://ark:hunter2@db/ark' }, {}, laptop)).toThrow(
      /^ARK_DATABASE_URL is not a PostgreSQL URL; valid: postgres:\/\/user:password@host:5432\/database\.$/,
    );
  });

  it('take several plugin folders', () => {
    expect(readSettings({ ARK_PLUGIN_PATH: '/a:@acme/tools:' }, {}, laptop).pluginPath).toEqual(['/a', '@acme/tools']);
  });
});

describe('acting in the name of callers', () => {
  it('wants a cluster, and callers that are known', () => {
    const env = { ARK_IMPERSONATION: 'on', ARK_KUBERNETES: 'kubeconfig' };
    expect(() => readSettings(env, {}, laptop)).toThrow('ARK_IMPERSONATION is "on"');
    expect(() => readSettings({ ...env, ARK_KUBERNETES: 'embedded', ARK_AUTH_MODE: 'token' }, {}, laptop)).toThrow(
      'that needs a cluster',
    );
    expect(readSettings({ ...env, ARK_AUTH_MODE: 'token' }, {}, laptop).impersonation).toBe('on');
  });
});
