import type { AgentEvent } from "@hermes/core";
import { afterEach, describe, expect, it } from "vitest";
import { createBench, type Bench } from "./bench.ts";
import { configured, messagesOf } from "./configured.ts";
import { done, sourceOf, toolOf } from "./sample-tools.ts";
import { startModelServer, type ModelServer, type ModelStep } from "./server.ts";
import { listen, Sessions, turnOf } from "./turn.ts";

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

class Died extends Error {}

const sources = [sourceOf([toolOf("look", () => done("It rains.")), toolOf("act", () => done("Done."), { effect: "once" })])];

/** Runs a turn in a process that dies at an event, and then again in another; answers what people read of both. */
async function crash(
  script: readonly ModelStep[],
  diesAt: (event: AgentEvent) => boolean,
  openCalls: readonly string[] = [],
): Promise<{ text: string; server: ModelServer; bench: Bench }> {
  const server = await startModelServer({ script });
  const sessions = new Sessions();
  const first = createBench({ configuration: configured(server.baseUrl), sources, sessions });
  const id = "turn-that-dies";
  let shown = "";
  const turn = turnOf("go", { sessions, id });
  const dying = listen(first.run(turn), turn, sessions, (event) => {
    if (event.type === "text-delta") shown += event.text;
    if (event.type === "segment-end") shown += "\n\n";
    if (diesAt(event)) throw new Died();
  });
  await expect(dying).rejects.toThrow(Died);
  sessions.history.splice(0);
  const bench = first.restarted();
  open.push(server, first, bench);
  const resume = {
    after: "crash",
    shown: shown.trim(),
    open: openCalls.map((callId) => ({ callId, effect: "once" as const })),
  } as const;
  const { text } = await bench.says("go", { id, resume });
  return { text: `${shown}${text}`, server, bench };
}

describe("After a crash a turn", () => {
  it("that had said nothing is answered as if nothing had been", async () => {
    const { text, server } = await crash([{ text: ["Hello"] }], (event) => event.type === "checkpoint");
    expect([text, server.requests.length]).toEqual(["Hello", 1]);
    expect(messagesOf(server, 0).map(({ role }) => role)).toEqual(["system", "user"]);
  });

  it("goes on where what people read of it ends", async () => {
    const { text, server } = await crash(
      [{ text: ["One, two", ", three"] }, { text: [", three."] }],
      (event) => event.type === "text-delta" && event.text === "One, two",
    );
    expect(text).toBe("One, two, three.");
    expect(messagesOf(server, 1).slice(-2)).toEqual([
      { role: "assistant", content: "One, two" },
      { role: "user", content: expect.stringContaining("cut off") },
    ]);
  });

  it("does not say again what a model says again", async () => {
    const { text } = await crash(
      [{ text: ["This is the answer"] }, { text: ["This is the", " answer, and its end."] }],
      (event) => event.type === "text-delta",
    );
    expect(text).toBe("This is the answer, and its end.");
  });

  it("goes on behind its last step, whose results it knows", async () => {
    const steps: ModelStep[] = [
      { text: ["I look."], calls: [{ id: "a", name: "look", arguments: "{}" }] },
      { text: ["It rains."] },
    ];
    let checkpoints = 0;
    const { text, server } = await crash(steps, (event) => event.type === "checkpoint" && (checkpoints += 1) === 3);
    expect(text.replaceAll(/\s+/gu, " ")).toBe("I look. It rains.");
    expect(server.requests).toHaveLength(2);
    expect(messagesOf(server, 1).at(-1)).toMatchObject({ role: "tool", content: expect.stringContaining("It rains.") });
  });

  it("does not repeat a call that must not happen twice, and tells the model that nobody knows of it", async () => {
    const steps: ModelStep[] = [{ text: ["I act."], calls: [{ id: "a", name: "act", arguments: "{}" }] }, { text: ["Did it?"] }];
    const { text, server, bench } = await crash(steps, (event) => event.type === "tool-start", ["a"]);
    expect(text.replaceAll(/\s+/gu, " ")).toBe("I act. Did it?");
    expect(messagesOf(server, 1).at(-1)).toMatchObject({
      role: "tool",
      tool_call_id: "a",
      content: expect.stringContaining("not known whether it happened. Do not repeat it"),
    });
    const after = JSON.stringify(messagesOf(server, 1)).slice(0, -1);
    await bench.restarted().says("and now?");
    expect(JSON.stringify(messagesOf(server, 2)).startsWith(after)).toBe(true);
  });

  it("makes a call that had not begun, and what became of the others is told in their order", async () => {
    const calls = [
      { id: "a", name: "act", arguments: "{}" },
      { id: "b", name: "look", arguments: "{}" },
    ];
    const { server } = await crash([{ calls }, { text: ["Both."] }], (event) => event.type === "tool-start", ["a"]);
    expect(messagesOf(server, 1).slice(-2)).toMatchObject([
      { role: "tool", tool_call_id: "a", content: expect.stringContaining("not known whether it happened") },
      { role: "tool", tool_call_id: "b", content: expect.stringContaining("It rains.") },
    ]);
  });

  it("that was answered to its end is not answered again", async () => {
    let checkpoints = 0;
    const { text, server } = await crash(
      [{ text: ["Hello"] }],
      (event) => event.type === "checkpoint" && (checkpoints += 1) === 2,
    );
    expect([text, server.requests.length]).toEqual(["Hello", 1]);
  });
});

describe("A turn behind others' turns", () => {
  it("knows what the history knows of them, and keeps it", async () => {
    const server = await startModelServer();
    const bench = createBench({ configuration: configured(server.baseUrl) });
    open.push(server, bench);
    bench.sessions.history.push(
      { role: "user", text: "I am Ada", turnId: "old" },
      { role: "assistant", text: "Hello Ada", turnId: "old" },
    );
    await bench.says("who am I?");
    await bench.says("and now?");
    const told = messagesOf(server, 1).map(({ role, content }) => [role, String(content).replace(/^\[.*?\] ?/u, "")]);
    expect(told.slice(1)).toEqual([
      ["user", "I am Ada"],
      ["assistant", "Hello Ada"],
      ["user", "who am I?"],
      ["assistant", "ok"],
      ["user", "and now?"],
    ]);
  });

  it("takes the earlier messages of a caller that keeps its conversation, and lets its instructions not into the system prompt", async () => {
    const server = await startModelServer();
    const bench = createBench({ configuration: configured(server.baseUrl) });
    open.push(server, bench);
    const request = {
      api: "chat-completions",
      instructions: "Be a pirate",
      messages: [
        { role: "user", text: "a" },
        { role: "assistant", text: "b" },
      ],
      parameters: {},
    };
    await bench.says("c", { request });
    const [system, ...others] = messagesOf(server, 0);
    expect(String(system?.content)).not.toContain("pirate");
    expect(others.map(({ role }) => role)).toEqual(["user", "user", "assistant", "user"]);
    expect(others[0]?.content).toContain("Be a pirate");
  });
});
