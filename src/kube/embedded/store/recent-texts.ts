/** What a text belongs to. */
export interface TextOwner {
  /** Characters of its text. */
  readonly characters: number;
  forgetText(): void;
}

/** Enough for the changes that watches resume from, or for a list of some ten thousand objects. */
const DEFAULT_CHARACTERS = 16 * 1024 * 1024;

/**
 * The JSON texts that were made last. A text is about as big as its object, and most objects are read by nobody once
 * they are settled: keeping every text would double the memory of a full store.
 */
export class RecentTexts {
  private readonly owners = new Set<TextOwner>();
  private characters = 0;

  constructor(private readonly limit = DEFAULT_CHARACTERS) {}

  keep(owner: TextOwner): void {
    this.owners.add(owner);
    this.characters += owner.characters;
    for (const oldest of this.owners) {
      if (this.characters <= this.limit || oldest === owner) return;
      this.forget(oldest);
    }
  }

  /** To be called for an object that another version has replaced. */
  forget(owner: TextOwner): void {
    if (!this.owners.delete(owner)) return;
    this.characters -= owner.characters;
    owner.forgetText();
  }
}
