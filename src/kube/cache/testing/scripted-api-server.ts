import type { KubeObject, UntypedObject } from '../../../kit/resource/object.js';
import type { ResourceType } from '../../../kit/resource/resource.js';
import {
  ApiServer,
  type ListOptions,
  type ObjectList,
  type WatchEvent,
  type WatchOptions,
} from '../../api-server/api-server.js';
import { StatusError } from '../../api-server/status.js';

/** One watch that a spec plays the server of. */
export class ScriptedWatch {
  private readonly waiting: (WatchEvent | Error | 'end')[] = [];
  private wake?: () => void;

  constructor(readonly options: WatchOptions) {
    options.signal.addEventListener('abort', () => this.end());
  }

  send(type: WatchEvent['type'], object: UntypedObject): void {
    this.push({ type, object });
  }

  fail(error: Error): void {
    this.push(error);
  }

  end(): void {
    this.push('end');
  }

  private push(entry: WatchEvent | Error | 'end'): void {
    this.waiting.push(entry);
    this.wake?.();
  }

  async *events(): AsyncGenerator<WatchEvent> {
    for (;;) {
      const entry = this.waiting.shift();
      if (entry === 'end') return;
      if (entry instanceof Error) throw entry;
      if (entry) yield entry;
      else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
  }
}

/** An API server that only lists and watches, and does both as its spec says. */
export class ScriptedApiServer extends ApiServer {
  as(): this {
    return this;
  }

  readonly lists: ListOptions[] = [];
  readonly watches: ScriptedWatch[] = [];
  /** What a list answers; an error is thrown. */
  present: UntypedObject[] | Error = [];
  version = '1';
  /** Errors that the next watches begin with, one each. */
  readonly refusals: Error[] = [];

  async list<T extends KubeObject = UntypedObject>(
    _type: ResourceType,
    options: ListOptions = {},
  ): Promise<ObjectList<T>> {
    this.lists.push(options);
    if (this.present instanceof Error) throw this.present;
    const start = Number(options.continue ?? 0);
    const end = options.limit ? start + options.limit : this.present.length;
    const items = this.present.slice(start, end) as unknown as T[];
    const more = end < this.present.length ? { continue: String(end) } : {};
    return { items, metadata: { resourceVersion: this.version, ...more } };
  }

  async *watch<T extends KubeObject = UntypedObject>(
    _type: ResourceType,
    options: WatchOptions,
  ): AsyncGenerator<WatchEvent<T>> {
    const refusal = this.refusals.shift();
    const watch = new ScriptedWatch(options);
    this.watches.push(watch);
    if (refusal) throw refusal;
    yield* watch.events() as AsyncGenerator<WatchEvent<T>>;
  }

  get(): Promise<never> {
    return this.refuse();
  }
  create(): Promise<never> {
    return this.refuse();
  }
  update(): Promise<never> {
    return this.refuse();
  }
  patch(): Promise<never> {
    return this.refuse();
  }
  apply(): Promise<never> {
    return this.refuse();
  }
  delete(): Promise<never> {
    return this.refuse();
  }

  private refuse(): Promise<never> {
    return Promise.reject(new StatusError('MethodNotAllowed', 'this server only lists and watches'));
  }
}
