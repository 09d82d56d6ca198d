import type { KubeObject, ObjectKey, ResourceType, UntypedObject } from '../../../kit/index.js';
import { ApiServer, type ObjectList, type WatchEvent } from '../../../kube/api-server/api-server.js';

export interface RecordedCall {
  verb: string;
  plural: string;
  object?: UntypedObject;
  key?: ObjectKey;
  body?: unknown;
  options?: unknown;
}

/** An API server that writes down what it is asked and answers with what it was given. */
export class RecordingServer extends ApiServer {
  as(): this {
    return this;
  }

  readonly calls: RecordedCall[] = [];
  /** Thrown by the next calls, one each. */
  readonly refusals: Error[] = [];
  lists: UntypedObject[] = [];

  get<T extends KubeObject>(type: ResourceType, key: ObjectKey): Promise<T> {
    return this.record({ verb: 'get', plural: type.plural, key });
  }

  async list<T extends KubeObject>(type: ResourceType, options?: unknown): Promise<ObjectList<T>> {
    await this.record({ verb: 'list', plural: type.plural, options });
    return { items: this.lists as unknown as T[], metadata: { resourceVersion: '1' } };
  }

  // biome-ignore lint/correctness/useYield: nothing ever happens on this server.
  async *watch<T extends KubeObject>(): AsyncIterable<WatchEvent<T>> {
    await Promise.resolve();
  }

  create<T extends KubeObject>(type: ResourceType, object: T, options?: unknown): Promise<T> {
    return this.record({ verb: 'create', plural: type.plural, object: object as unknown as UntypedObject, options });
  }

  update<T extends KubeObject>(type: ResourceType, object: T, options?: unknown): Promise<T> {
    return this.record({ verb: 'update', plural: type.plural, object: object as unknown as UntypedObject, options });
  }

  patch<T extends KubeObject>(type: ResourceType, key: ObjectKey, patch: { body: unknown }): Promise<T> {
    return this.record({ verb: 'patch', plural: type.plural, key, body: patch.body });
  }

  apply<T extends KubeObject>(type: ResourceType, object: T, options: unknown): Promise<T> {
    return this.record({ verb: 'apply', plural: type.plural, object: object as unknown as UntypedObject, options });
  }

  async delete(type: ResourceType, key: ObjectKey, options?: unknown): Promise<void> {
    await this.record({ verb: 'delete', plural: type.plural, key, options });
  }

  private async record<T>(call: RecordedCall): Promise<T> {
    await Promise.resolve();
    this.calls.push(call);
    const refusal = this.refusals.shift();
    if (refusal) throw refusal;
    return call.object as T;
  }
}

/** A logger that keeps its sentences. */
export class RecordingLogger {
  readonly lines: { level: string; facts: object; sentence: string }[] = [];
  debug = (facts: object, sentence: string) => void this.lines.push({ level: 'debug', facts, sentence });
  info = (facts: object, sentence: string) => void this.lines.push({ level: 'info', facts, sentence });
  warn = (facts: object, sentence: string) => void this.lines.push({ level: 'warn', facts, sentence });
  error = (facts: object, sentence: string) => void this.lines.push({ level: 'error', facts, sentence });
  child = () => this;
}
