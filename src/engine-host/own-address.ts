/** Where this process is reached from outside; known once it listens. */
export abstract class OwnAddress {
  /** `http://host:port` without a slash at the end. Before the process listens: an empty text. */
  abstract baseUrl(): string;
}
