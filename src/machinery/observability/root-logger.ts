import type { Logger } from '../../kit/index.js';

/** The process's logger as an injection token. */
export abstract class RootLogger implements Logger {
  abstract debug(facts: object, sentence: string): void;
  abstract info(facts: object, sentence: string): void;
  abstract warn(facts: object, sentence: string): void;
  abstract error(facts: object, sentence: string): void;
  abstract child(facts: object): Logger;
}
