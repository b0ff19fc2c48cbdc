import type { ChatOutcome } from "@hermes/protocol";

/** Why there is no whole answer. */
export function explainOutcome(outcome: Exclude<ChatOutcome, "finished">): string {
  switch (outcome) {
    case "interrupted":
      return "The answer was interrupted.";
    case "failed":
      return "The agent failed. `hermes timeline` says more; /retry lets it try again.";
    case "dropped":
      return "The message was dropped before it was answered.";
  }
}
