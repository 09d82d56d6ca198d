import type { KubeObject, ObjectKey, UntypedObject } from '../../kit/resource/object.js';
import type { ResourceType } from '../../kit/resource/resource.js';
import { resourcePath } from '../api-server/paths.js';
import { type KubeStatus, STATUS_CODES, StatusError, type StatusReason } from '../api-server/status.js';
import { type ExchangeRequest, HttpExchange, readBody, readLines } from './http-exchange.js';
import type { Table } from './table.js';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

export interface Selection {
  namespace?: string;
  name?: string;
  labelSelector?: string;
  fieldSelector?: string;
}

export interface WatchLine {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: UntypedObject;
}

/**
 * A Kubernetes client light enough for a command line: no dependency, starts in milliseconds, can ask for Tables.
 * The runtime itself uses the `ApiServer` port instead. Refusals are `StatusError`.
 */
export class KubeClient {
  constructor(private readonly exchange: HttpExchange) {}

  get connection() {
    return this.exchange.connection;
  }

  get<T extends KubeObject = UntypedObject>(type: ResourceType, key: ObjectKey): Promise<T> {
    return this.json<T>({ method: 'GET', path: resourcePath(type, key) });
  }

  /** All objects selected, page by page behind the scenes. */
  async list(type: ResourceType, selection: Selection = {}): Promise<UntypedObject[]> {
    const items: UntypedObject[] = [];
    let next: string | undefined;
    do {
      const query = { ...selectors(selection), limit: '500', continue: next };
      const path = resourcePath(type, { namespace: selection.namespace }) + search(query);
      const page = await this.json<{ items: UntypedObject[]; metadata?: { continue?: string } }>({
        method: 'GET',
        path,
      });
      const identity = { apiVersion: type.group ? `${type.group}/${type.version}` : type.version, kind: type.kind };
      items.push(...page.items.map((item) => ({ ...identity, ...item })));
      next = page.metadata?.continue || undefined;
    } while (next);
    return items;
  }

  /** What the server would print: one object or many, with the columns of the kind. */
  table(type: ResourceType, selection: Selection = {}): Promise<Table> {
    const path = resourcePath(type, selection) + search(selectors(selection));
    return this.json<Table>({ method: 'GET', path, accept: TABLE });
  }

  create<T extends KubeObject>(type: ResourceType, object: T): Promise<T> {
    const path = resourcePath(type, { namespace: object.metadata.namespace }) + search({ fieldManager: 'ark-cli' });
    return this.json<T>({ method: 'POST', path, body: JSON.stringify(object) });
  }

  mergePatch(type: ResourceType, key: ObjectKey, patch: Record<string, unknown>): Promise<UntypedObject> {
    return this.json({
      method: 'PATCH',
      path: resourcePath(type, key) + search({ fieldManager: 'ark-cli' }),
      body: JSON.stringify(patch),
      contentType: 'application/merge-patch+json',
    });
  }

  /** Server-side apply; fields of other managers are taken over only with `force`. */
  apply(
    type: ResourceType,
    object: KubeObject,
    options: { force?: boolean; dryRun?: boolean } = {},
  ): Promise<UntypedObject> {
    const query = {
      fieldManager: 'ark-cli',
      fieldValidation: 'Strict',
      force: options.force ? 'true' : 'false',
      dryRun: options.dryRun ? 'All' : undefined,
    };
    return this.json({
      method: 'PATCH',
      path: resourcePath(type, object.metadata) + search(query),
      body: JSON.stringify(object),
      contentType: 'application/apply-patch+yaml',
    });
  }

  async delete(type: ResourceType, key: ObjectKey): Promise<void> {
    const body = JSON.stringify({ kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' });
    await this.json({ method: 'DELETE', path: resourcePath(type, key), body });
  }

  /** One watch request; ends when the server ends it. Error lines (410 and the like) are thrown. */
  async *watch(
    type: ResourceType,
    selection: Selection & { resourceVersion?: string; signal: AbortSignal },
  ): AsyncGenerator<WatchLine> {
    const query = { ...selectors(selection), watch: 'true', resourceVersion: selection.resourceVersion };
    const path = resourcePath(type, { namespace: selection.namespace }) + search(query);
    const response = await this.exchange.send({ method: 'GET', path, signal: selection.signal });
    if (response.statusCode !== 200) throw refusal(response.statusCode ?? 0, await readBody(response));
    for await (const line of readLines(response)) {
      if (!line.trim()) continue;
      const event = JSON.parse(line) as WatchLine;
      if (event.type === 'ERROR') throw refusal(0, JSON.stringify(event.object));
      yield event;
    }
  }

  /** Any path as JSON. Errors: `StatusError`. */
  async json<T = UntypedObject>(request: ExchangeRequest): Promise<T> {
    const response = await this.exchange.send(request);
    const body = await readBody(response);
    const code = response.statusCode ?? 0;
    if (code >= 400 || code < 200) throw refusal(code, body);
    return JSON.parse(body) as T;
  }

  close(): void {
    this.exchange.close();
  }
}

const selectors = (selection: Selection) => ({
  labelSelector: selection.labelSelector,
  fieldSelector: selection.fieldSelector,
});

function search(query: Record<string, string | undefined>): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length > 0 ? `?${new URLSearchParams(given)}` : '';
}

function refusal(code: number, body: string): StatusError {
  let status: Partial<KubeStatus> = {};
  try {
    status = JSON.parse(body) as Partial<KubeStatus>;
  } catch {
    // A proxy in between answers with HTML; the code says enough.
  }
  const actual = status.code ?? code;
  const byCode = Object.entries(STATUS_CODES).find(([, value]) => value === actual)?.[0] as StatusReason | undefined;
  const reason = status.reason && status.reason in STATUS_CODES ? status.reason : (byCode ?? 'InternalError');
  return new StatusError(reason, status.message ?? `The API server answered ${actual}.`, status.details, actual);
}
