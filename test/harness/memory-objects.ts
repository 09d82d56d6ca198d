import {
  type KubeObject,
  type ListFilter,
  type ObjectKey,
  type ResourceClass,
  resourceType,
} from '../../src/kit/index.js';
import { Objects } from '../../src/runtime/objects.js';

type Written = Omit<KubeObject, 'metadata'> & { metadata: Partial<KubeObject['metadata']> & { name: string } };

/** Objects of a test, found by kind, namespace and name. The namespace of an object without one is `default`. */
export class MemoryObjects extends Objects {
  private readonly objects = new Map<string, KubeObject>();

  put(...objects: (Written & Record<string, unknown>)[]): this {
    for (const object of objects) {
      const { name, namespace = 'default', uid = `uid-${name}` } = object.metadata;
      const stored = { ...object, metadata: { ...object.metadata, name, namespace, uid } };
      this.objects.set(`${object.kind}/${namespace}/${name}`, stored);
    }
    return this;
  }

  override async seenBy(): Promise<Objects> {
    return this;
  }

  override async get<T extends KubeObject>(kind: ResourceClass<T>, key: ObjectKey): Promise<T | undefined> {
    return this.objects.get(`${resourceType(kind).kind}/${key.namespace}/${key.name}`) as T | undefined;
  }

  override seldom<T extends KubeObject>(kind: ResourceClass<T>, key: ObjectKey): Promise<T | undefined> {
    return this.get(kind, key);
  }

  override async list<T extends KubeObject>(kind: ResourceClass<T>, { namespace }: ListFilter): Promise<T[]> {
    const prefix = `${resourceType(kind).kind}/${namespace ?? ''}`;
    return [...this.objects].filter(([key]) => key.startsWith(prefix)).map(([, object]) => object as T);
  }
}
