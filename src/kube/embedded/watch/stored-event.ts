import type { WatchEventType } from '../../api-server/api-server.js';
import type { StoredObject } from '../store/stored-object.js';

/** A watch event whose object is shared, with its JSON text, by all watchers. */
export interface StoredEvent {
  type: WatchEventType;
  stored: StoredObject;
}
