import { emptyReasoningFilter, endReasoning, filterReasoning, type AgentEvent } from "@hermes/core";

/** What an agent says in one turn, for the history: like what is shown, without its reasoning. */
export class Said {
  #text: string;
  #filter = emptyReasoningFilter;

  /** `before`: what was said in an earlier run. */
  constructor(before = "") {
    this.#text = before === "" ? "" : `${before}\n\n`;
  }

  /** What is said so far, for a checkpoint. */
  get soFar(): string {
    return this.#text.trim();
  }

  hear(event: AgentEvent): void {
    if (event.type === "text-delta") {
      const { state, text } = filterReasoning(this.#filter, event.text);
      this.#filter = state;
      this.#text += text;
    } else if (event.type === "segment-end" && this.#text !== "") this.#text += "\n\n";
  }

  /** All of it. Nothing more is heard. */
  end(): string {
    return (this.#text + endReasoning(this.#filter).text).trim();
  }
}
