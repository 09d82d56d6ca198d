import {
  type EgressRules,
  errorText,
  keyText,
  type MemoryBackends,
  type MemoryClient,
  type ObjectKey,
  resourceType,
  unavailable,
} from '../../kit/index.js';
import type { ResourceCache } from '../../kube/cache/resource-cache.js';
import { Memory } from '../../resources/memory/memory.resource.js';
import type { Query } from '../../resources/query/query.resource.js';
import { resolveHeaders } from '../../resources/values/resolve-headers.js';
import { resolveValue } from '../../resources/values/resolve-value.js';
import { TakenSecrets } from '../../resources/values/taken-secrets.js';
import type { Messages } from '../../storage/messages.js';
import { SqlMemory } from '../../storage/sql-memory.js';
import type { Objects } from '../objects.js';

/** A Memory of this name serves the Queries of its namespace that name none. */
const DEFAULT = 'default';

/** Where the conversation of a Query is kept. */
export class Memories {
  constructor(
    private readonly messages: Messages,
    private readonly cache: ResourceCache,
    private readonly objects: Objects,
    private readonly backends: MemoryBackends,
    private readonly egress: EgressRules,
  ) {}

  /**
   * The Memory that the Query names, else the Memory `default` of its namespace, else the built-in one.
   *
   * @throws `NotFound` and `Unavailable` naming the Query and the Memory
   */
  async of(query: Query): Promise<MemoryClient> {
    return this.find(query, await this.objects.seenBy(query));
  }

  /** The same for what this process does by itself, after the Query is gone and with its service account maybe too. */
  ownOf(query: Query): Promise<MemoryClient> {
    return this.find(query, this.objects);
  }

  private async find(query: Query, objects: Objects): Promise<MemoryClient> {
    const namespace = query.metadata.namespace ?? '';
    const memory = await this.chosen(query, objects);
    if (!memory) {
      this.messages.prepare();
      return new SqlMemory(this.messages, namespace);
    }
    const key = keyText(memory.metadata);
    const who = `query '${namespace}/${query.metadata.name}': memory '${key}'`;
    const { phase, message } = memory.status ?? {};
    if (phase === 'error') throw unavailable(`${who} is not ready: ${message ?? 'its address cannot be resolved'}`);
    try {
      return await this.open(memory, query, objects);
    } catch (error) {
      throw unavailable(`${who} is not ready: ${errorText(error)}`, { cause: error });
    }
  }

  /** `<namespace>/<name>` of the Memory that a Query uses, as far as it exists; undefined for the built-in one. */
  nameFor({ metadata, spec }: Query): string | undefined {
    const namespace = metadata.namespace ?? '';
    const key = spec.memory
      ? { namespace: spec.memory.namespace || namespace, name: spec.memory.name }
      : { namespace, name: DEFAULT };
    const exists = this.cache.informer<Memory>(resourceType(Memory)).get(key) !== undefined;
    return spec.memory || exists ? keyText(key) : undefined;
  }

  private async chosen(query: Query, objects: Objects): Promise<Memory | undefined> {
    const namespace = query.metadata.namespace ?? '';
    const { memory: named } = query.spec;
    const memories = this.cache.informer<Memory>(resourceType(Memory));
    await memories.synced;
    const key: ObjectKey = named
      ? { namespace: named.namespace || namespace, name: named.name }
      : { namespace, name: DEFAULT };
    const known = memories.get(key);
    // Whether there is a default is no secret; what it says may be one.
    if (known ? objects === this.objects : !named) return known;
    return objects.need(Memory, key, `query '${namespace}/${query.metadata.name}', spec.memory`);
  }

  /** Addresses and keys are read afresh each time, so that a changed Secret works at once. */
  private async open({ metadata, spec }: Memory, query: Query, objects: Objects): Promise<MemoryClient> {
    const namespace = metadata.namespace ?? '';
    const taken = new TakenSecrets(objects);
    const address = await resolveValue(spec.address, namespace, taken, query);
    if (!address) throw unavailable('spec.address is empty');
    const headers = await resolveHeaders(spec.headers, namespace, taken, query);
    const { egress } = this;
    const { name } = metadata;
    const config = { name, namespace, address: address.replace(/\/+$/, ''), headers, secrets: taken.texts, egress };
    return this.backends.forAddress(address).open(config);
  }
}
