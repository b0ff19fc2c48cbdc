import { expect, it } from "vitest";
import { createMemoryStore } from "@hermes/runtime";
import { brokenPromises, simulate, type SimulationPlan } from "@hermes/runtime/testing";

const plain = { style: "edit", tells: "not at all", resume: "replay", unknown: "repeat-marked" } as const;
const hangs = { do: "fault", fault: { on: "send", failure: { kind: "unavailable" }, hangs: true } } as const;
const forbids = { do: "fault", fault: { on: "send", failure: { kind: "forbidden" } } } as const;
const restart = { do: "restart" } as const;
const advance = (ms: number) => ({ do: "advance", ms }) as const;
const crash = (write: number, after: boolean) => ({ do: "crash", write, after }) as const;
const say = (how: Extract<SimulationPlan["steps"][number], { do: "say" }>["how"], chat = 0) =>
  ({ do: "say", chat, how }) as const;

/** Lives in which a promise was broken once. */
const lives: readonly (readonly [string, SimulationPlan])[] = [
  [
    "what was complete and not yet shown at a crash is known to the agent that goes on behind it",
    { ...plain, resume: "continue", steps: [hangs, say("steps"), crash(7, true), advance(2000), restart] },
  ],
  [
    "what was said while a question waited is not said again when its answer comes after a restart",
    { ...plain, steps: [say("asks-on"), advance(2000), restart] },
  ],
  [
    "two questions at once are not asked twice",
    { ...plain, style: "live", steps: [crash(3, true), say("asks-twice"), { do: "refuse", writes: false }] },
  ],
  [
    "what must not happen twice does not, though its agent starts over and made a checkpoint behind it",
    { ...plain, style: "final", steps: [say("once-kept"), crash(2, true), advance(5000)] },
  ],
  [
    "a send in doubt to a chat that cannot be reached then waits like others",
    { ...plain, tells: "drops repetitions", steps: [hangs, say("slow"), forbids, advance(70_000)] },
  ],
  [
    "what waits for a chat is shown although the store refused when somebody spoke there",
    {
      ...plain,
      style: "final",
      steps: [forbids, { do: "command", chat: 0, text: "/whoami" }, { do: "refuse", writes: true }, say("short")],
    },
  ],
  [
    "what may have been said and is to be left is not said again by a turn that runs once more",
    { ...plain, unknown: "ask", steps: [say("slow"), crash(2, false), advance(2000), say("short"), advance(2000)] },
  ],
  [
    "a native stream is not opened before what waits for its chat",
    { ...plain, style: "live", steps: [crash(0, false), forbids, say("short", 2), say("slow", 2), advance(0)] },
  ],
  [
    "a question that the store cannot close yet is not closed",
    {
      ...plain,
      tells: "answers",
      resume: "continue",
      steps: [say("asks-on"), advance(1000), { do: "refuse", writes: true }, advance(70_000), restart, advance(1000)],
    },
  ],
  [
    "a native stream that was cut off is repeated by hand with a mark, since no key tells of it",
    {
      ...plain,
      style: "live",
      tells: "answers",
      steps: [say("slow"), advance(2000), restart, { do: "ledger", what: "retry" }],
    },
  ],
  [
    "a turn waits for a store that refuses its checkpoint",
    { ...plain, style: "final", steps: [say("steps"), { do: "refuse", writes: true }, advance(2000)] },
  ],
];

it.each(lives)("%s", async (_name, plan) => {
  const store = createMemoryStore();
  const result = await simulate(plan, async () => store);
  expect(brokenPromises(plan, result)).toEqual([]);
  // Also no word that it went wrong.
  expect(result.chat.standing.filter(({ text }) => text.includes("Something went wrong"))).toEqual([]);
});
