import { describe, expect, it } from '@jest/globals';
import { decodeProtobuf } from './decode.js';

/** Bodies as kubectl 1.35.8 sent them, by the command that made it send them. */
const RECORDED = {
  'create ns rec1': 'azhzAAoPCgJ2MRIJTmFtZXNwYWNlEhwKFAoEcmVjMRIAGgAiACoAMgA4AEIAEgAaAgoAGgAiAA==',
  'create secret generic rs --from-literal=a=b':
    'azhzAAoMCgJ2MRIGU2VjcmV0Eh4KEgoCcnMSABoAIgAqADIAOABCABIGCgFhEgFiGgAaACIA',
  'create cm rc --from-literal=k=v': 'azhzAAoPCgJ2MRIJQ29uZmlnTWFwEhwKEgoCcmMSABoAIgAqADIAOABCABIGCgFrEgF2GgAiAA==',
  'create sa rsa': 'azhzAAoUCgJ2MRIOU2VydmljZUFjY291bnQSFQoTCgNyc2ESABoAIgAqADIAOABCABoAIgA=',
  'create service clusterip rsvc --tcp=80:8080':
    'azhzAAoNCgJ2MRIHU2VydmljZRJsCiEKBHJzdmMSABoAIgAqADIAOABCAFoLCgNhcHASBHJzdmMSQwobCgc4MC04MDgwEgNUQ1AYUCIHCAAQkD8aACgAEgsKA2FwcBIEcnN2YxoAIglDbHVzdGVySVA6AEIAUgBaAGAAaAAaAgoAGgAiAA==',
  'auth can-i create agents':
    'azhzAAoyChdhdXRob3JpemF0aW9uLms4cy5pby92MRIXU2VsZlN1YmplY3RBY2Nlc3NSZXZpZXcSTAoQCgASABoAIgAqADIAOABCABIuCiwKB2RlZmF1bHQSBmNyZWF0ZRoLZXhhbXBsZS5jb20iACoGYWdlbnRzMgA6ABoICAASABoAIAAaACIA',
  'auth can-i get /healthz':
    'azhzAAoyChdhdXRob3JpemF0aW9uLms4cy5pby92MRIXU2VsZlN1YmplY3RBY2Nlc3NSZXZpZXcSLwoQCgASABoAIgAqADIAOABCABIREg8KCC9oZWFsdGh6EgNnZXQaCAgAEgAaACAAGgAiAA==',
  'auth whoami':
    'azhzAAotChhhdXRoZW50aWNhdGlvbi5rOHMuaW8vdjESEVNlbGZTdWJqZWN0UmV2aWV3EhoKEAoAEgAaACIAKgAyADgAQgASBgoECgASABoAIgA=',
  'auth can-i --list':
    'azhzAAoxChdhdXRob3JpemF0aW9uLms4cy5pby92MRIWU2VsZlN1YmplY3RSdWxlc1JldmlldxIjChAKABIAGgAiACoAMgA4AEIAEgkKB2RlZmF1bHQaBBgAIgAaACIA',
  'create quota foo': 'azhzAAoTCgJ2MRINUmVzb3VyY2VRdW90YRIZChMKA2ZvbxIAGgAiACoAMgA4AEIAEgAaABoAIgA=',
} as const;

const decode = (command: keyof typeof RECORDED) => decodeProtobuf(Buffer.from(RECORDED[command], 'base64'));

describe('a protobuf body', () => {
  it('of a namespace becomes its JSON', () => {
    expect(decode('create ns rec1')).toMatchObject({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'rec1' } });
  });

  it('of a secret carries its data as base64', () => {
    expect(decode('create secret generic rs --from-literal=a=b')).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'rs' },
      data: { a: 'Yg==' },
    });
  });

  it('of a config map carries its data as text', () => {
    expect(decode('create cm rc --from-literal=k=v')).toMatchObject({ metadata: { name: 'rc' }, data: { k: 'v' } });
  });

  it('of a service account has nothing but its name', () => {
    expect(decode('create sa rsa')).toEqual({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'rsa' } });
  });

  it('of a service keeps ports, their targets and the selector', () => {
    expect(decode('create service clusterip rsvc --tcp=80:8080')).toMatchObject({
      metadata: { name: 'rsvc', labels: { app: 'rsvc' } },
      spec: {
        ports: [{ name: '80-8080', protocol: 'TCP', port: 80, targetPort: 8080 }],
        selector: { app: 'rsvc' },
        type: 'ClusterIP',
      },
    });
  });

  it('of a review keeps the question', () => {
    expect(decode('auth can-i create agents').spec).toEqual({
      resourceAttributes: { namespace: 'default', verb: 'create', group: 'example.com', resource: 'agents' },
    });
    expect(decode('auth can-i get /healthz').spec).toEqual({
      nonResourceAttributes: { path: '/healthz', verb: 'get' },
    });
    expect(decode('auth can-i --list').spec).toEqual({ namespace: 'default' });
    expect(decode('auth whoami')).toMatchObject({ kind: 'SelfSubjectReview' });
  });

  it('of a kind without a table is refused by name', () => {
    expect(() => decode('create quota foo')).toThrow('no protobuf form is known for v1 ResourceQuota');
  });

  it('that is cut or no protobuf at all is an error, not garbage', () => {
    const whole = Buffer.from(RECORDED['create ns rec1'], 'base64');
    expect(() => decodeProtobuf(whole.subarray(0, whole.length - 5))).toThrow();
    expect(() => decodeProtobuf(Buffer.from('{"kind":"Namespace"}'))).toThrow('does not start with');
    expect(() => decodeProtobuf(Buffer.alloc(0))).toThrow();
  });

  it('keeps a map key that could be mistaken for a prototype', () => {
    // ConfigMap { data: { "__proto__": "x" } } inside runtime.Unknown { typeMeta, raw }.
    const entry = [0x0a, 9, ...Buffer.from('__proto__'), 0x12, 1, 0x78];
    const raw = [0x12, entry.length, ...entry];
    const typeMeta = [0x0a, 2, ...Buffer.from('v1'), 0x12, 9, ...Buffer.from('ConfigMap')];
    const body = Buffer.from([...Buffer.from('k8s\0'), 0x0a, typeMeta.length, ...typeMeta, 0x12, raw.length, ...raw]);
    const data = decodeProtobuf(body).data as object;
    expect(Object.keys(data)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
  });
});
