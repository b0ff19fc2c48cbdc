import type { ChatOutcome, ProtocolEvent } from "@hermes/protocol";
import { CleanStream, cleanText } from "./clean-stream.ts";
import { isRetold, remainderBehind } from "./retelling.ts";

/** Writes one answer as it comes, as the Markdown it is: nothing that is written is ever taken back. */
export class Teller {
  readonly #write: (text: string) => void;
  readonly #clean = new CleanStream();
  readonly #parts: string[] = [];
  #written = "";
  #isRetold = false;
  #outcome: ChatOutcome | undefined;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  get outcome(): ChatOutcome | undefined {
    return this.#outcome;
  }

  /** Another process tells from here on: what it tells may have been told, and is written when it is over. */
  retell(): void {
    this.#isRetold = true;
  }

  apply(event: ProtocolEvent): void {
    if (event.type === "chat.done") this.#finish(event.outcome, event.text);
    else if (this.#isRetold) return;
    else if (event.type === "chat.delta") {
      this.#parts[event.part] = (this.#parts[event.part] ?? "") + event.delta;
      this.#put(this.#clean.push(event.delta));
    } else if (event.type === "chat.part") this.#rewrite(event.part, event.text);
  }

  #rewrite(part: number, text: string): void {
    const before = this.#parts[part] ?? "";
    this.#parts[part] = text;
    if (text.startsWith(before)) this.#put(this.#clean.push(text.slice(before.length)));
    else if (!before.startsWith(text)) this.#again(text);
  }

  #finish(outcome: ChatOutcome, text: string): void {
    if (this.#outcome !== undefined) return;
    this.#put(this.#clean.end());
    const whole = cleanText(text);
    const rest = remainderBehind(this.#written, whole);
    if (rest !== undefined) this.#put(rest);
    else if (!isRetold(this.#written, whole)) this.#again(whole);
    if (this.#written !== "" && !this.#written.endsWith("\n")) this.#put("\n");
    this.#outcome = outcome;
  }

  #again(text: string): void {
    this.#put(`\n\n${cleanText(text).replace(/^\n+/u, "")}`);
  }

  #put(text: string): void {
    if (text === "") return;
    this.#written += text;
    this.#write(text);
  }
}
