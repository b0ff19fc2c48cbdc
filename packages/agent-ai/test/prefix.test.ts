import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { createBench, type Bench } from "./bench.ts";
import { configured, messagesOf } from "./configured.ts";
import { done, sourceOf, toolOf } from "./sample-tools.ts";
import { startModelServer, type ModelServer, type ModelStep } from "./server.ts";
import { inputOf } from "./turn.ts";

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

/** Whether every request but the first begins with the messages of the one before it, byte for byte, and has the same tools. */
function expectPrefixes(server: ModelServer): void {
  const told = server.requests.map(({ body }) => ({
    messages: JSON.stringify(body["messages"]).slice(0, -1),
    tools: JSON.stringify(body["tools"]),
  }));
  for (const [index, { messages, tools }] of told.entries()) {
    const before = told[index - 1];
    if (before === undefined) continue;
    expect(messages.startsWith(before.messages), `request ${index} begins with request ${index - 1}`).toBe(true);
    expect(tools).toBe(before.tools);
  }
}

const sources = () => [
  sourceOf([toolOf("look", () => done("It rains.")), toolOf("act", () => done("Done."), { effect: "once" })]),
];

const step: fc.Arbitrary<ModelStep> = fc.record({
  text: fc.array(fc.string({ unit: "grapheme", minLength: 1 }), { minLength: 1, maxLength: 3 }),
  reasoning: fc.array(fc.string({ minLength: 1 }), { maxLength: 2 }),
  calls: fc.array(
    fc.record({
      id: fc.constantFrom("0", "1", "call 1", "call_a"),
      name: fc.constantFrom("look", "act", "other"),
      arguments: fc.oneof(fc.json(), fc.string(), fc.constant("{}")),
    }),
    { maxLength: 3 },
  ),
});

describe("The prompt", () => {
  it("begins with the same bytes in every step and turn, also in a new process", async () => {
    const script: ModelStep[] = [
      { text: ["I look."], reasoning: ["hm"], calls: [{ id: "a", name: "look", arguments: '{"b":1,"a":2}' }] },
      { text: ["It rains."] },
      {
        calls: [
          { id: "b", name: "act", arguments: "{}" },
          { id: "c", name: "look", arguments: "{oops" },
        ],
      },
      { text: ["Done."] },
      { text: ["Bye."] },
    ];
    const server = await startModelServer({ script });
    let bench: Bench = createBench({ configuration: configured(server.baseUrl), sources: sources() });
    open.push(server, bench);
    for (const text of ["weather?", "act", "thanks"]) {
      await bench.says(text, { input: inputOf(text, { at: new Date().toISOString() }) });
      bench = bench.restarted();
      open.push(bench);
    }
    expect(server.requests).toHaveLength(5);
    expectPrefixes(server);
    expect(messagesOf(server, 0)[0]?.content).not.toMatch(/\d{4}-\d\d-\d\d/u);
  });

  it("begins with the same bytes whatever people and models say", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.string({ unit: "grapheme" }), fc.array(step, { maxLength: 3 })), { minLength: 1, maxLength: 4 }),
        async (turns) => {
          await using server = await startModelServer();
          let bench: Bench = createBench({ configuration: configured(server.baseUrl), sources: sources() });
          for (const [text, steps] of turns) {
            server.next(...steps.filter((each) => "calls" in each && (each.calls?.length ?? 0) > 0), { text: ["ok"] });
            const { notices } = await bench.says(text);
            // A request that the server finds wrong would be told here.
            expect(notices).toEqual([]);
            bench = bench.restarted();
          }
          expectPrefixes(server);
          await bench[Symbol.asyncDispose]();
        },
      ),
      { numRuns: 25 },
    );
  });

  it("is as if a turn that was taken back had never been", async () => {
    const server = await startModelServer();
    const bench = createBench({ configuration: configured(server.baseUrl) });
    open.push(server, bench);
    await bench.says("one");
    const kept = [bench.sessions.transcript.length, bench.sessions.history.length] as const;
    await bench.says("two");
    bench.sessions.transcript.splice(kept[0]);
    bench.sessions.history.splice(kept[1]);
    await bench.says("three");
    expect(JSON.stringify(messagesOf(server, 2))).not.toContain("two");
    expect(messagesOf(server, 2).slice(0, 3)).toEqual(messagesOf(server, 1).slice(0, 3));
  });

  it("goes on from what people read of an answer that was stopped", async () => {
    const server = await startModelServer({
      script: [{ text: ["One, ", "two"], endsAfter: new Promise(() => undefined) }, { text: ["ok"] }],
    });
    const bench = createBench({ configuration: configured(server.baseUrl) });
    open.push(server, bench);
    const stop = new AbortController();
    const stopped = bench.says("count", {
      signal: stop.signal,
      onEvent: (event) => event.type === "text-delta" && event.text === "two" && setImmediate(() => stop.abort("interrupt")),
    });
    await expect(stopped).rejects.toBe("interrupt");
    await bench.says("why did you stop?");
    await bench.restarted().says("and now?");
    expectPrefixes(server);
    expect(messagesOf(server, 2).map(({ role }) => role)).toEqual(["system", "user", "assistant", "user", "assistant", "user"]);
    expect(messagesOf(server, 1)[2]?.content).toBe("One, two");
    expect(messagesOf(server, 1)[3]?.content).toContain("(Your answer before this was cut off there.)");
  });

  it("gives a call that was stopped a result that says so, the same ever after", async () => {
    const server = await startModelServer({
      script: [{ text: ["I act."], calls: [{ id: "a", name: "act", arguments: "{}" }] }, { text: ["ok"] }],
    });
    const deaf = sourceOf([toolOf("act", () => new Promise(() => undefined), { effect: "once" })]);
    const bench = createBench({ configuration: configured(server.baseUrl), sources: [deaf] });
    open.push(server, bench);
    const stop = new AbortController();
    const stopped = bench.says("act", {
      signal: stop.signal,
      onEvent: (event) => event.type === "tool-start" && setImmediate(() => stop.abort("stop")),
    });
    await expect(stopped).rejects.toBe("stop");
    await bench.says("what happened?");
    await bench.restarted().says("and now?");
    expectPrefixes(server);
    expect(messagesOf(server, 1)[3]).toMatchObject({
      role: "tool",
      tool_call_id: "a",
      content: expect.stringContaining("did not finish"),
    });
  });
});
