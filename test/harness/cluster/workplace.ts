import { expect } from '@jest/globals';
import { eventually } from '../eventually.js';
import type { AuditedCluster } from './audited-cluster.js';
import type { RunningPod } from './pod.js';

/** What comes over the wire; expectations say what it must be. */
export type Json = Record<string, ReturnType<typeof JSON.parse>>;

/** A namespace that a pod of the chart works for, and the pod. */
export class Workplace {
  constructor(
    private readonly cluster: AuditedCluster,
    readonly namespace: string,
    private readonly pod: RunningPod,
    /** Opens the doors of the pod. */
    private readonly token: string,
  ) {}

  /** Makes or changes objects, in this namespace. */
  apply(...objects: { metadata: object }[]): Promise<void> {
    const { namespace } = this;
    return this.cluster.apply(...objects.map((object) => ({ ...object, metadata: { ...object.metadata, namespace } })));
  }

  /** kubectl as the administrator, in this namespace. */
  kubectl(...args: string[]): Promise<string> {
    return this.cluster.kubectl([...args, '-n', this.namespace]);
  }

  get<T = Json>(...what: string[]): Promise<T> {
    return this.cluster.get<T>(...what, '-n', this.namespace);
  }

  async isGone(kind: string, name: string): Promise<void> {
    await eventually(() => expect(this.get(kind, name)).rejects.toThrow('NotFound'));
  }

  /** Waits for a Query. */
  async isIn(phase: string, query: string): Promise<void> {
    await eventually(async () => expect((await this.get('query', query)).status).toMatchObject({ phase }));
  }

  /** Waits for a condition of an object. */
  async is(type: string, kind: string, name: string): Promise<void> {
    const held = expect.arrayContaining([expect.objectContaining({ type, status: 'True' })]);
    await eventually(async () => expect((await this.get(kind, name)).status).toMatchObject({ conditions: held }));
  }

  /** A JSON-RPC call of an agent at the gateway. */
  async rpc(agent: string, method: string, params: Json): Promise<Json> {
    const answer = await this.post(`/ns/${this.namespace}/agent/${agent}/`, { jsonrpc: '2.0', id: 1, method, params });
    return (await answer.json()) as Json;
  }

  post(path: string, body: object): Promise<Response> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${this.token}` };
    return fetch(`${this.pod.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }
}
