import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { resource, yaml } from '../harness/manifests.js';
import { Runtime } from '../harness/runtime.js';
import { ScriptedA2aServer } from '../harness/scripted-a2a-server.js';
import { describeWithKubectl } from '../harness/with-kubectl.js';

const ALWAYS = ['a2a-server-address', 'a2a-server-name', 'a2a-server-skills', 'a2a-streaming-supported'];

describeWithKubectl('the card of an A2A server', () => {
  let runtime: Runtime;
  let server: ScriptedA2aServer;
  let card: (url: string) => object;
  beforeAll(async () => {
    runtime = await Runtime.start({ env: { ARK_A2A_TRACK_MESSAGES: 'off' } });
  });
  afterAll(() => runtime?.dispose());
  beforeEach(async () => {
    card = old;
    server = await ScriptedA2aServer.listen((url) => card(url));
    await at({ value: server.url });
  });
  afterEach(async () => {
    await runtime.kubectlOk(['delete', 'a2aserver', 'weather']);
    await eventually(async () => expect(await agents()).toBe(''));
    await server?.close();
  });

  const common = { name: 'Vane', description: 'Knows the wind', version: '1', skills: [] };
  const old = (url: string) => ({ ...common, url, protocolVersion: '0.3.0', capabilities: {} });
  const current = (protocolBinding: string) => (url: string) => ({
    ...common,
    capabilities: { pushNotifications: true },
    supportedInterfaces: [{ url: `${url}/new`, protocolBinding, protocolVersion: '1.0' }],
  });
  const get = (object: string, path: string) =>
    runtime.kubectlOk(['get', ...object.split(' '), '-o', `jsonpath=${path}`]);
  const at = (address: object) => {
    const spec = { address, pollInterval: '1s' };
    return runtime.kubectlOk(['apply', '-f', '-'], yaml(resource('A2AServer', 'weather', spec, 'v1prealpha1')));
  };
  const agents = () => get('agents -l a2a/server=weather', '{.items[*].metadata.name}');
  const ready = (path: string) => get('a2aserver weather', `{.status.conditions[?(@.type=='Ready')].${path}}`);

  it('takes off the Agent what it says no longer, and leaves what people wrote there', async () => {
    const annotations = async () =>
      Object.keys(JSON.parse(await get('agent vane', '{.metadata.annotations}')) as object)
        .map((key) => key.replace('ark.mckinsey.com/', ''))
        .toSorted();
    card = current('JSONRPC');
    await eventually(async () =>
      expect(await annotations()).toEqual(['a2a-push-supported', ALWAYS[0], 'a2a-server-endpoint', ...ALWAYS.slice(1)]),
    );
    await runtime.kubectlOk(['annotate', 'agent', 'vane', 'ark.mckinsey.com/note=mine', 'example.com/team=sea']);
    card = old;
    await eventually(async () => expect(await annotations()).toEqual([...ALWAYS, 'example.com/team', 'note']));
  });

  it('leads to an agent whose plain answers leave no A2ATask where none is wanted, and whose tasks do', async () => {
    const parts = [{ kind: 'text', text: 'a northerly' }];
    const message = { kind: 'message', role: 'agent', messageId: 'm', parts };
    const task = { kind: 'task', id: 'north', contextId: 'c', status: { state: 'completed', message } };
    await eventually(async () =>
      expect(await get('agent vane', "{.status.conditions[?(@.type=='Available')].status}")).toBe('True'),
    );
    for (const [result, records] of [
      [message, ''],
      [task, 'a2a-task-north'],
    ] as const) {
      server.onCall = (call) => call.result(result);
      expect(await runtime.ark(['agent', 'vane', 'Which wind?'])).toMatchObject({ code: 0, stdout: 'a northerly\n' });
      expect(await get('a2atasks', '{.items[*].metadata.name}')).toBe(records);
    }
  });

  it.each<[string, (url: string) => object, string]>([
    ['offers what nobody here speaks', current('GRPC'), 'the card offers GRPC of 1.0; spoken here is JSONRPC of 1.0'],
    ['has a url that is a number', (url) => ({ ...old(url), url: 42 }), 'url must be a text and is 42'],
    [
      'has capabilities that are a text',
      (url) => ({ ...old(url), capabilities: 'yes' }),
      'capabilities must be an object and is "yes"',
    ],
  ])('is refused when it %s, and the Agent of the last one stays', async (_, wrong, said) => {
    await eventually(async () => expect(await agents()).toBe('vane'));
    card = wrong;
    await eventually(async () => expect(await ready('reason')).toBe('DiscoveryFailed'));
    expect(await ready('message')).toContain(said);
    expect(await ready('status')).toBe('False');
    expect(await agents()).toBe('vane');
    expect(await runtime.ark(['a2a', 'inspect', server.url])).toMatchObject({ code: 1 });
  });

  it.each([
    ['ConfigMap', 'configMapKeyRef', '/?key=…'],
    // Of an address that is a secret no more than the host.
    ['Secret', 'secretKeyRef', ''],
  ])('is found at the address in a %s, of which no key is shown', async (kind, reference, shown) => {
    const hold = (url: string) => {
      const data = kind === 'Secret' ? { stringData: { url } } : { data: { url } };
      return runtime.kubectlOk(
        ['apply', '-f', '-'],
        yaml({ apiVersion: 'v1', kind, metadata: { name: 'where' }, ...data }),
      );
    };
    await hold(`${server.url}/?key=hunter22`);
    await at({ valueFrom: { [reference]: { name: 'where', key: 'url' } } });
    await eventually(async () =>
      expect(await get('a2aserver weather', '{.status.lastResolvedAddress}')).toBe(`${server.url}${shown}`),
    );
    await eventually(async () => expect(await ready('status')).toBe('True'));
    const parts = [{ kind: 'text', text: 'a southerly' }];
    server.onCall = (call) => call.result({ kind: 'message', role: 'agent', messageId: 'm', parts });
    expect(await runtime.ark(['agent', 'vane', 'Which wind?'])).toMatchObject({ code: 0, stdout: 'a southerly\n' });
    await hold(server.url.replace('//', '//user:hunter22@'));
    await eventually(async () => expect(await ready('reason')).toBe('AddressResolutionFailed'));
    expect(await ready('message')).toContain('holds a user or a password');
    expect(await runtime.kubectlOk(['get', 'a2aservers,agents,events', '-o', 'json'])).not.toContain('hunter22');
  });

  it('may lack a url, and the bad ones of a list do not keep the good ones away: both is said', async () => {
    const { url: _url, ...homeless } = old('');
    card = () => homeless;
    const found = 'Successfully discovered agent; ';
    await eventually(async () =>
      expect(await ready('message')).toBe(
        `${found}the card of 'Vane' has no url, so that it is called at the address of its server`,
      ),
    );
    card = (url) => [old(url), { ...homeless, name: 'Lost' }];
    await eventually(async () =>
      expect(await ready('message')).toBe(`${found}agent 2 of the list ('Lost'): the card of 'Lost' has no url`),
    );
    expect(await ready('status')).toBe('True');
    expect(await agents()).toBe('weather-vane');
  });
});
