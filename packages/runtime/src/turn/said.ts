import { emptyReasoningFilter, endReasoning, filterReasoning, type AgentEvent } from "@hermes/core";

/** What an agent says in one turn, for the history: like what is shown, without its reasoning. */
export class Said {
  #text = "";
  #filter = emptyReasoningFilter;

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
