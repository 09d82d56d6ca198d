import { keyText, type ObjectKey } from '../../kit/index.js';

/**
 * Names that servers have chosen for their agents. Two servers may look for a name at the same moment, before the cache
 * shows what either has written.
 */
export class HeldNames {
  private readonly holders = new Map<string, string>();

  isFree(key: ObjectKey, uid: string): boolean {
    return (this.holders.get(keyText(key)) ?? uid) === uid;
  }

  /** From now on the server holds these names and no others. */
  hold(uid: string, keys: readonly ObjectKey[]): void {
    this.forget(uid);
    for (const key of keys) this.holders.set(keyText(key), uid);
  }

  forget(uid: string): void {
    for (const [name, holder] of this.holders) {
      if (holder === uid) this.holders.delete(name);
    }
  }
}
