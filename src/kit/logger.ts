/** Structured log lines: facts first, then a sentence. The subset of pino that the house uses. */
export interface Logger {
  debug(facts: object, sentence: string): void;
  info(facts: object, sentence: string): void;
  warn(facts: object, sentence: string): void;
  error(facts: object, sentence: string): void;
  /** A logger that adds these facts to each of its lines. */
  child(facts: object): Logger;
}
