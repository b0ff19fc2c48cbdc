/** What was entered before, as one goes back and forth in it. */
export class InputHistory {
  readonly #maxEntries: number;
  #entries: string[];
  /** What was being written when one went back, and how far one is. */
  #place: { readonly draft: string; readonly index: number } | undefined;

  constructor(entries: readonly string[], maxEntries: number) {
    this.#maxEntries = maxEntries;
    this.#entries = entries.slice(-maxEntries);
  }

  get entries(): readonly string[] {
    return this.#entries;
  }

  /** Something was entered. The same twice in a row is kept once. */
  add(text: string): void {
    this.#place = undefined;
    if (text.trim() === "" || this.#entries.at(-1) === text) return;
    this.#entries = [...this.#entries, text].slice(-this.#maxEntries);
  }

  /** The entry before; undefined where there is none. */
  back(draft: string): string | undefined {
    const index = (this.#place?.index ?? this.#entries.length) - 1;
    const entry = this.#entries[index];
    if (entry !== undefined) this.#place = { draft: this.#place?.draft ?? draft, index };
    return entry;
  }

  /** The entry behind, at last what was being written; undefined where one is there already. */
  forth(): string | undefined {
    if (this.#place === undefined) return undefined;
    const { draft, index } = this.#place;
    const entry = this.#entries[index + 1];
    this.#place = entry === undefined ? undefined : { draft, index: index + 1 };
    return entry ?? draft;
  }

  /** What is shown was changed: it is a draft of its own now. */
  leave(): void {
    this.#place = undefined;
  }
}
