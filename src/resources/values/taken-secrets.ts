import type { KubeObject, ObjectKey, ResourceClass } from '../../kit/index.js';
import type { ValueLookup } from './value-lookup.js';

/**
 * Reads for one call that remember what was taken out of Secrets, so that whoever makes the call can keep it out of what
 * is said about it. It lives as long as the call.
 */
export class TakenSecrets implements ValueLookup {
  private readonly found = new Set<string>();

  constructor(private readonly lookup: ValueLookup) {}

  get<T extends KubeObject>(kind: ResourceClass<T>, key: ObjectKey): T | undefined | Promise<T | undefined> {
    return this.lookup.get(kind, key);
  }

  taken(text: string): void {
    this.found.add(text);
  }

  /** Secret: never log them. */
  get texts(): string[] {
    return [...this.found];
  }
}
