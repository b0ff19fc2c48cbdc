import { afterEach, describe, expect, it } from "vitest";
import { createBench, type Bench, type BenchOptions } from "./bench.ts";
import { done, sourceOf, toolOf } from "./sample-tools.ts";
import { startModelServer, type ModelScript, type ModelServer } from "./server.ts";
import { configured, messagesOf } from "./configured.ts";
import { inputOf, listen, turnOf } from "./turn.ts";

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

async function start(script: ModelScript, options: Partial<BenchOptions> = {}): Promise<{ server: ModelServer; bench: Bench }> {
  const server = await startModelServer({ script });
  const bench = createBench({ ...options, configuration: configured(server.baseUrl, options.configuration) });
  open.push(server, bench);
  return { server, bench };
}

const look = toolOf("look", () => done("It rains."));
const call = { id: "call_1", name: "look", arguments: '{"what":"sky"}' };

describe("A turn", () => {
  it("is answered word by word, with what it took", async () => {
    const { bench } = await start([
      { text: ["Hel", "lo"], reasoning: ["hm"], usage: { input: 1000, output: 100, cached: 400, reasoning: 50 } },
    ]);
    const { events, text } = await bench.says("hello");
    expect(text).toBe("Hello");
    expect(events.filter(({ type }) => type === "text-delta")).toHaveLength(2);
    expect(events).toContainEqual({ type: "reasoning-delta", text: "hm" });
    expect(events).toContainEqual({
      type: "usage",
      usage: {
        model: "test:model",
        inputTokens: 1000,
        outputTokens: 100,
        cachedInputTokens: 400,
        reasoningTokens: 50,
        costUsd: (600 * 2 + 400 * 1 + 100 * 10) / 1e6,
      },
    });
  });

  it("makes the calls that the model wants, and asks it again with what came of them", async () => {
    const { bench, server } = await start([{ text: ["I look."], calls: [call] }, { text: ["It rains."] }], {
      sources: [sourceOf([look])],
    });
    const { events, text } = await bench.says("weather?");
    expect(text).toBe("I look.\n\nIt rains.");
    expect(events.map(({ type }) => type)).toEqual([
      "checkpoint",
      "text-delta",
      "usage",
      "segment-end",
      "checkpoint",
      "tool-start",
      "tool-end",
      "checkpoint",
      "text-delta",
      "usage",
      "checkpoint",
    ]);
    expect(events).toContainEqual({
      type: "tool-start",
      callId: "call_1",
      title: "look now",
      tool: "look",
      effect: "none",
      input: { what: "sky" },
    });
    expect(messagesOf(server, 1).at(-1)).toEqual({
      role: "tool",
      tool_call_id: "call_1",
      content: "<tool_output>\nIt rains.\n</tool_output>",
    });
  });

  it("tells the model what was wrong with a call, and crashes on none", async () => {
    const calls = [
      { id: "1", name: "look", arguments: "{wrong json" },
      { id: "2", name: "nothing_like_it", arguments: "{}" },
      { id: "3", name: "look", arguments: '{"wrong":1}' },
      { id: "4", name: "look", arguments: "" },
      { id: "5", name: "breaks", arguments: "{}" },
    ];
    const breaks = toolOf("breaks", () => {
      throw new Error("inside");
    });
    const { bench, server } = await start([{ calls }, { text: ["ok"] }], { sources: [sourceOf([look, breaks])] });
    const { text, events } = await bench.says("go");
    expect(text).toBe("ok");
    const results = messagesOf(server, 1)
      .filter(({ role }) => role === "tool")
      .map(({ content }) => String(content));
    expect(results).toEqual([
      expect.stringContaining("not a JSON object"),
      expect.stringContaining("no tool of this name"),
      expect.stringContaining("`wrong` is not known"),
      expect.stringContaining("It rains."),
      expect.stringContaining("The tool failed."),
    ]);
    expect(events.filter((event) => event.type === "tool-end").map(({ outcome }) => outcome)).toEqual([
      "failed",
      "failed",
      "failed",
      "done",
      "failed",
    ]);
  });

  it("lets calls that only read run beside each other, and no others", async () => {
    let running = 0;
    let most = 0;
    const gate = Promise.withResolvers<void>();
    const reads = toolOf("reads", async () => {
      running += 1;
      most = Math.max(most, running);
      if (running === 4) gate.resolve();
      await gate.promise;
      running -= 1;
      return done("read");
    });
    let writing = 0;
    let mostWriting = 0;
    const writes = toolOf(
      "writes",
      async () => {
        writing += 1;
        mostWriting = Math.max(mostWriting, writing + running);
        await new Promise(setImmediate);
        writing -= 1;
        return done("written");
      },
      { effect: "once" },
    );
    const calls = ["reads", "reads", "reads", "reads", "reads", "writes", "writes"].map((name, index) => ({
      id: `c${index}`,
      name,
      arguments: "{}",
    }));
    const { bench } = await start([{ calls }, { text: ["ok"] }], { sources: [sourceOf([reads, writes])] });
    const { events } = await bench.says("go");
    expect([most, mostWriting]).toEqual([4, 1]);
    // Told, and so journalled, before it begins.
    const marks = events.flatMap((event) =>
      event.type === "tool-start" || event.type === "tool-end" ? [`${event.type} ${event.callId}`] : [],
    );
    expect(marks.slice(-4)).toEqual(["tool-start c5", "tool-end c5", "tool-start c6", "tool-end c6"]);
  });

  it("takes in what people say between its steps", async () => {
    const steering = [
      inputOf("also Sunday"),
      inputOf("Bern", { change: { kind: "edited", before: "Basel" } }),
      inputOf("", { change: { kind: "deleted", before: "never mind" } }),
    ];
    const { bench, server } = await start([{ calls: [call] }, { text: ["ok"] }], { sources: [sourceOf([look])] });
    await bench.says("weather?", { steering });
    const last = String(messagesOf(server, 1).at(-1)?.content);
    expect(last).toContain("also Sunday");
    expect(last).toContain('(changed what was said before, "Basel", to:) Bern');
    expect(last).toContain('(took back what was said before: "never mind")');
  });

  it("has no tools where nobody gave it sets, and only those of the most specific place", async () => {
    const mine = toolOf("mine", () => done("x"), { set: "special" });
    const toolSets = { default: ["sample"], users: { "chat:grace": ["special"], "chat:eve": [] } };
    const { bench, server } = await start([{ text: ["ok"] }], {
      sources: [sourceOf([look, mine])],
      configuration: { model: "test:model", toolSets },
    });
    const from = (id: string) =>
      bench.says("hi", { input: inputOf("hi", { author: { id, isBot: false, assurance: "platform" } }) });
    await from("ada");
    await from("grace");
    await from("eve");
    await from("__proto__");
    const names = server.requests.map(({ body }) =>
      (body["tools"] as { function: { name: string } }[] | undefined)?.map((tool) => tool.function.name),
    );
    expect(names).toEqual([["look"], ["mine"], undefined, ["look"]]);
  });

  it("class 20: who joins in with fewer tools takes the others' out of the turn", async () => {
    const eve = inputOf("now look", { author: { id: "eve", isBot: false, assurance: "platform" } });
    const toolSets = { default: ["sample"], users: { "chat:eve": [] } };
    const { bench, server } = await start([{ calls: [call] }, { calls: [{ ...call, id: "call_2" }] }, { text: ["ok"] }], {
      sources: [sourceOf([look])],
      configuration: { model: "test:model", toolSets },
    });
    await bench.says("hi", { steering: [eve] });
    expect(String(messagesOf(server, 2).at(-1)?.content)).toContain("not for everybody");
  });

  it("hands on what tools tell while they work, and asks again for what people say where the store is away", async () => {
    const tells = toolOf("look", (context) => {
      for (let count = 0; count < 200; count += 1) context.emit({ type: "notice", text: `step ${count}` });
      return done("x");
    });
    const { bench, server } = await start([{ calls: [call] }, { calls: [{ ...call, id: "call_2" }] }, { text: ["ok"] }], {
      sources: [sourceOf([tells])],
    });
    const turn = turnOf("go", { steering: [inputOf("also this")], sessions: bench.sessions });
    let isAway = true;
    const takeSteering = async () => {
      if (!isAway) return await turn.takeSteering();
      isAway = false;
      throw new Error("the store is away");
    };
    const { notices, text } = await listen(bench.run({ ...turn, takeSteering }), turn, bench.sessions);
    expect([text, notices.length]).toEqual(["ok", 200]);
    expect(JSON.stringify(messagesOf(server, 1))).not.toContain("also this");
    expect(JSON.stringify(messagesOf(server, 2))).toContain("also this");
  });

  it("refuses more calls at once than make sense", async () => {
    const calls = Array.from({ length: 70 }, (_, index) => ({ id: `c${index}`, name: "look", arguments: "{}" }));
    const { bench, server } = await start([{ calls }, { text: ["ok"] }], { sources: [sourceOf([look])] });
    expect((await bench.says("go")).text).toBe("ok");
    const results = messagesOf(server, 1).filter(({ role }) => role === "tool");
    expect([results.length, results.filter(({ content }) => String(content).includes("at most")).length]).toEqual([70, 6]);
  });

  it("stops after so many steps, and says so", async () => {
    const { bench, server } = await start((_request, count) => ({ calls: [{ ...call, id: `call_${count}` }] }), {
      sources: [sourceOf([look])],
      configuration: { model: "test:model", maxSteps: 3 },
    });
    const { notices } = await bench.says("go");
    expect(server.requests).toHaveLength(3);
    expect(notices).toEqual(['Stopped after 3 steps. Say "go on" for more.']);
  });

  it("gives each call an id of its own where the server numbers them anew", async () => {
    const { bench, server } = await start(
      [{ calls: [{ ...call, id: "0" }] }, { calls: [{ ...call, id: "0" }] }, { text: ["ok"] }],
      { sources: [sourceOf([look])] },
    );
    const { events } = await bench.says("go");
    const ids = events.flatMap((event) => (event.type === "tool-start" ? [event.callId] : []));
    expect(new Set(ids).size).toBe(2);
    expect(server.requests).toHaveLength(3);
  });

  it("stops at once when it is stopped, also a tool that does not listen", async () => {
    const stop = new AbortController();
    const deaf = toolOf("look", () => new Promise(() => undefined));
    const { bench } = await start([{ calls: [call] }], { sources: [sourceOf([deaf])] });
    const run = bench.says("go", {
      signal: stop.signal,
      onEvent: (event) => event.type === "tool-start" && setImmediate(() => stop.abort("stop")),
    });
    await expect(run).rejects.toBe("stop");
  });

  it("ends the request when it is stopped, and lets nothing run after it is closed", async () => {
    const held = new Promise(() => undefined);
    const { bench, server } = await start([{ text: ["a"], endsAfter: held }]);
    const run = bench.says("go", {
      onEvent: (event) => event.type === "text-delta" && setImmediate(() => void bench.agent.close?.()),
    });
    await expect(run).rejects.toBe("shutdown");
    await server.http.until(() => server.http.underWay === 0, "the request to end");
  });
});
