import { keyText, type ObjectKey } from '../../kit/index.js';
import type { Query } from '../../resources/query/query.resource.js';
import { orderedUuid } from '../ordered-uuid.js';

/** No uid of an API server looks like this, so that whoever sees one knows that no object stands behind it. */
const PREFIX = 'passing-';

export const passingUid = (): string => `${PREFIX}${orderedUuid()}`;

export const isPassingUid = (uid: string | undefined): boolean => uid?.startsWith(PREFIX) ?? false;

/** Whether a Query is in no API server: it can be read in this process only, and while it is worked on. */
export const isPassing = ({ metadata }: Query): boolean => isPassingUid(metadata.uid);

/** Queries that this process works on and no API server knows. */
export class PassingQueries {
  private readonly queries = new Map<string, Query>();

  put(query: Query): void {
    this.queries.set(keyText(query.metadata), query);
  }

  get(key: ObjectKey): Query | undefined {
    return this.queries.size === 0 ? undefined : this.queries.get(keyText(key));
  }

  remove(key: ObjectKey): void {
    this.queries.delete(keyText(key));
  }
}
