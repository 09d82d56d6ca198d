/** Why a run pauses: everything it could do without a person is done, and journalled. */
export abstract class PersonNeeded extends Error {
  /** Where the run belongs, for an asker who named no conversation. */
  conversationId = '';

  /** @param taskId of the A2A task that stands for the question */
  constructor(readonly taskId: string) {
    super('the run waits for a person');
    this.name = new.target.name;
  }

  /** The question in words. */
  abstract get text(): string;

  /** What the A2A task tells beside the words: every value is a text. */
  abstract metadata(conversationId: string): Record<string, string>;
}
