import type { Agent, AgentEvent, Turn } from "@hermes/core";
import { text } from "@hermes/core";

/** An agent with a story for each row of the crash table, chosen by what it is told. `effect` does something to the world. */
export function createStoryteller(effect: (name: string) => Promise<void>): Agent {
  return {
    features: { steer: false, undo: false, resume: "continue" },
    run: (turn) => tell(turn, effect),
  };
}

async function* tell(turn: Turn, effect: (name: string) => Promise<void>): AsyncGenerator<AgentEvent> {
  const [story = "", name = ""] = turn.input[0].text.split(" ");
  const shown = turn.resume?.after === "crash" ? turn.resume.shown : "";
  switch (story) {
    case "segments":
      for (const part of ["one", "two"]) {
        if (shown.includes(`${part} ${name}`)) continue;
        yield text(`${part} ${name}`);
        yield { type: "segment-end" };
        await pause(60);
      }
      return;
    case "grow":
      for (const piece of ["It ", "grows ", "and ", "grows ", name]) {
        yield text(piece);
        await pause(40);
      }
      return;
    case "steps":
      if (turn.resume?.state === undefined) {
        if (!shown.includes("looked")) yield text(`looked ${name}`);
        yield { type: "tool-start", callId: "look", title: "Look", effect: "repeatable" };
        await pause(20);
        yield { type: "tool-end", callId: "look", outcome: "done" };
        yield { type: "checkpoint", transcript: [{ looked: name }], state: "looked" };
      }
      await pause(20);
      yield text(`found ${name}`);
      return;
    case "pay":
      if (turn.resume?.state === undefined) {
        yield { type: "tool-start", callId: "pay", title: "Pay", effect: "once" };
        await effect(`paid ${name}`);
        yield { type: "tool-end", callId: "pay", outcome: "done" };
        yield { type: "checkpoint", transcript: [{ paid: name }], state: "paid" };
      }
      yield text(`receipt ${name}`);
      return;
    case "ask": {
      const question = {
        key: "tea",
        kind: "choice",
        prompt: `Tea, ${name}?`,
        options: [
          { id: "yes", label: "Yes" },
          { id: "no", label: "No" },
        ],
        expiresAfterMs: 3_600_000,
        onExpiry: "",
      } as const;
      const answer = await turn.ask(question);
      yield text(`tea: ${"by" in answer ? (answer.option ?? "") : "expired"} ${name}`);
      return;
    }
    default:
      yield text(`echo: ${turn.input[0].text}`);
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
