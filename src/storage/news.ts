import { Listeners } from './listeners.js';

/** Who hears every topic of one kind, for example `wanted`, and the rest of it. */
type Heard = (rest: string) => void;

/**
 * Tells the listeners of this process what was written: by this process, and, while `live`, by the others that share
 * the database. A topic is a kind and what it is about: `stream:<uid>`.
 */
export class News {
  /** Whether news of other processes arrive. While it is false, who wants to know must look. */
  private arriving = false;
  private readonly topics = new Listeners();
  private readonly kinds = new Map<string, Heard>();

  get live(): boolean {
    return this.arriving;
  }

  /** What was told in between is lost: everybody looks once when the news come again, and when they stop. */
  set live(live: boolean) {
    if (live === this.arriving) return;
    this.arriving = live;
    this.tellAll();
  }

  /** Calls back at each news of a topic, and when some may have been missed; returns the way to stop. */
  on(topic: string, heard: () => void): () => void {
    return this.topics.add(topic, heard);
  }

  /** Calls back with what follows the kind, for every topic of that kind. One listener per kind. */
  onKind(kind: string, heard: Heard): void {
    this.kinds.set(kind, heard);
  }

  tellAll(): void {
    this.topics.tellAll();
  }

  tell(topic: string): void {
    this.topics.tell(topic);
    const colon = topic.indexOf(':');
    this.kinds.get(topic.slice(0, colon))?.(topic.slice(colon + 1));
  }
}
