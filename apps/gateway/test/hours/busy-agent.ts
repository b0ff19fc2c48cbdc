import type { Agent, AgentEvent, Clock, Question, Turn } from "@hermes/core";

/** How an agent of these hours may be asked to answer: the first word of a message. */
export const manners = [
  [8, "short"],
  [6, "streams"],
  [3, "works"],
  [3, "asks"],
  [2, "once"],
  [1, "fails"],
  [1, "waits"],
  [1, "deaf"],
] as const;

/** An agent that answers at once, at length, with tools, with questions, not at all, or hears nothing of being stopped. */
export function busyAgent(clock: Clock): Agent {
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      clock.wakeAt(clock.now() + ms, resolve);
    });
  return {
    features: { steer: true, undo: false, resume: "replay" },
    run: (turn) => answer(turn, turn.input[0].text.split(" ")[0] ?? "", pause),
  };
}

async function* answer(turn: Turn, manner: string, pause: (ms: number) => Promise<void>): AsyncGenerator<AgentEvent> {
  switch (manner) {
    case "streams":
      return yield* stream(turn, pause);
    case "works":
    case "once":
      return yield* work(turn, manner === "once" ? "once" : "repeatable", pause);
    case "asks":
      yield { type: "text-delta", text: `Answered: ${JSON.stringify(await turn.ask(question))}` };
      return;
    case "fails":
      throw new Error("This agent has failed");
    case "waits":
      return await new Promise<void>((resolve) => turn.signal.addEventListener("abort", () => resolve(), { once: true }));
    case "deaf":
      return await new Promise<never>(() => undefined);
    default:
      yield { type: "text-delta", text: `echo: ${turn.input.map(({ text }) => text).join("\n")}` };
  }
}

async function* stream(turn: Turn, pause: (ms: number) => Promise<void>): AsyncGenerator<AgentEvent> {
  for (let piece = 0; piece < 10; piece += 1) {
    for (const { text } of await turn.takeSteering()) yield { type: "text-delta", text: `(heard: ${text}) ` };
    yield { type: "text-delta", text: `piece ${piece} of what is said at some length. ` };
    await pause(500);
  }
}

async function* work(
  turn: Turn,
  effect: "once" | "repeatable",
  pause: (ms: number) => Promise<void>,
): AsyncGenerator<AgentEvent> {
  await turn.history();
  yield { type: "text-delta", text: "I look that up.\n\n" };
  yield { type: "tool-start", callId: turn.id, title: "look", effect };
  await pause(1500);
  yield { type: "tool-end", callId: turn.id, outcome: "done" };
  yield { type: "checkpoint", transcript: [turn.id] };
  yield { type: "segment-end" };
  yield { type: "text-delta", text: "There it is." };
}

const question: Question = {
  key: "which",
  kind: "choice",
  prompt: "Which one?",
  options: [
    { id: "yes", label: "yes" },
    { id: "no", label: "no" },
  ],
  expiresAfterMs: 90_000,
  onExpiry: "Nobody said.",
};
