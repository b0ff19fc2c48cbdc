import type { Agent, AgentEvent, Turn } from "@hermes/core";
import { expect, it } from "vitest";
import { createBench, sent } from "./bench.ts";

/** An agent with everything that an agent can have, and state that only its own methods reach. */
class WholeAgent implements Agent {
  readonly features = { steer: true, undo: true, resume: "continue", tasks: ["compress"] } as const;
  readonly settingIds = ["model"];
  readonly #calls: string[] = [];
  async *run(): AsyncGenerator<AgentEvent> {
    yield { type: "text-delta", text: "hello" };
  }
  async settings() {
    this.#calls.push("settings");
    return [];
  }
  async choose(_session: unknown, id: string) {
    this.#calls.push("choose");
    return { value: id };
  }
  async reload() {
    return this.#calls.join(",");
  }
  async forget(sessionId: string) {
    this.#calls.push(`forget ${sessionId}`);
  }
  async close() {
    this.#calls.push("close");
  }
}

it("All that an agent is beside its runs is as it was", async () => {
  const inner = new WholeAgent();
  const { agent } = createBench({
    agent: Object.fromEntries(
      ["features", "settingIds", "settings", "choose", "reload", "forget", "close"].map((key) => {
        const value: unknown = Reflect.get(inner, key);
        return [key, typeof value === "function" ? (value.bind(inner) as unknown) : value];
      }),
    ),
  });
  const session = { key: "k" as Turn["session"]["key"], chosen: {} };
  const { signal } = new AbortController();
  expect([agent.features, agent.settingIds]).toEqual([inner.features, inner.settingIds]);
  expect(await agent.settings?.(session, signal)).toEqual([]);
  expect(await agent.choose?.(session, "model", "x", signal)).toEqual({ value: "model" });
  await agent.forget?.("s");
  await agent.close?.();
  expect(await agent.reload?.(signal)).toBe("settings,choose,forget s,close");
});

it("An agent without settings has none behind it either", () => {
  const { agent } = createBench();
  expect(Object.keys(agent).toSorted()).toEqual(["close", "features", "run"]);
});

it("A turn without attachments reaches the agent with the very input it came with", async () => {
  const bench = createBench();
  const turn = bench.turnOf([], { text: "hi" });
  for await (const event of bench.agent.run(turn)) expect(event).toEqual({ type: "text-delta", text: "hi" });
  expect(bench.given[0]?.input[0]).toBe(turn.input[0]);
  expect(bench.given[0]).toMatchObject({ id: turn.id, session: turn.session, chat: turn.chat, signal: turn.signal });
});

it("Whoever stops listening to a run ends the agent's own", async () => {
  let ended = false;
  const bench = createBench({
    agent: {
      async *run() {
        try {
          yield { type: "text-delta", text: "one" };
          yield { type: "text-delta", text: "two" };
        } finally {
          ended = true;
        }
      },
    },
  });
  for await (const _event of bench.agent.run(bench.turnOf([sent("file", "x")]))) break;
  expect(ended).toBe(true);
});
