import { createFakeClock, type FakeClock } from "@hermes/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { PartCollector } from "../src/step/collect-parts.ts";
import { createBench, type Bench, type BenchOptions } from "./bench.ts";
import { configured, messagesOf } from "./configured.ts";
import { done, sourceOf, toolOf } from "./sample-tools.ts";
import { startModelServer, type ModelServer, type ModelStep } from "./server.ts";

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

interface Trouble {
  readonly server: ModelServer;
  readonly other: ModelServer;
  readonly bench: Bench;
  readonly clock: FakeClock;
}

/** An agent with a model and another to fall back on, and a clock that is moved. */
async function start(script: readonly ModelStep[], options: Partial<BenchOptions> = {}): Promise<Trouble> {
  const server = await startModelServer({ script });
  const other = await startModelServer({ script: [{ text: ["from the other"] }] });
  const clock = createFakeClock();
  const providers = { test: { baseUrl: server.baseUrl, apiKey: "key" }, other: { baseUrl: other.baseUrl, apiKey: "key" } };
  const bench = createBench({
    ...options,
    clock,
    configuration: configured(server.baseUrl, { providers, ...options.configuration }),
  });
  open.push(server, other, bench);
  return { server, other, bench, clock };
}

const withFallback = { model: "test:model", fallbacks: ["other:model"] };
const limited: ModelStep = { error: { status: 429, retryAfterSeconds: 30 } };

describe("A stream without end", () => {
  it.each([
    ["calls", (id: string) => ({ type: "tool-call", toolCallId: id, toolName: "look", input: "x".repeat(1000) }) as const],
    ["parts in which nothing stands", (id: string) => ({ type: "text-start", id }) as const],
    ["numbers that are pieces of an input", (id: string) => ({ type: "tool-input-delta", id, delta: "1" }) as const],
  ])("of %s counts as long, so that it is cut off", (_what, part) => {
    const collected = new PartCollector();
    for (let count = 0; count < 1000; count += 1) collected.take(part(`${count}`));
    expect(collected.length).toBeGreaterThanOrEqual(1000);
  });
});

describe("A model that does not answer", () => {
  it("is asked again after as long as it says", async () => {
    const { bench, server, clock } = await start([limited, { text: ["ok"] }]);
    const run = bench.says("hello");
    while (!bench.logs.some((line) => line.includes("asked again in 30000 ms"))) await new Promise(setImmediate);
    await clock.advance(29_000);
    expect(server.requests).toHaveLength(1);
    await clock.advance(2000);
    expect(await run).toMatchObject({ text: "ok", notices: [] });
  });

  it("is asked three times, and then another, with one notice", async () => {
    const down: ModelStep = { error: { status: 503 } };
    const { bench, server, other, clock } = await start([down], { configuration: withFallback });
    const run = bench.says("hello");
    void run.then(
      () => undefined,
      () => undefined,
    );
    for (const tries of [1, 2]) await askAgain({ bench, clock }, tries);
    expect(await run).toMatchObject({ text: "from the other", notices: ["test:model does not answer: other:model goes on."] });
    expect([server.requests.length, other.requests.length]).toEqual([3, 1]);
  });

  it("is not waited for where it asks for more patience than a minute", async () => {
    const { bench, server } = await start([{ error: { status: 429, retryAfterSeconds: 3600 } }], { configuration: withFallback });
    expect(await bench.says("hello")).toMatchObject({ text: "from the other" });
    expect(server.requests).toHaveLength(1);
  });

  it("that is not there at all is told to people in the end", async () => {
    const { bench, server, clock } = await start([]);
    await server.close();
    const run = bench.says("hello");
    for (const tries of [1, 2]) await askAgain({ bench, clock }, tries);
    const { notices } = await run;
    expect(notices).toEqual([expect.stringMatching(/^test:model cannot be reached \(ECONNREFUSED\)\..*\/model\.$/u)]);
  });

  it("because of its key is told by the name of the configuration's key, without the key itself", async () => {
    const { bench, server } = await start([], { configuration: { model: "test:model", providers: {} } });
    const wrong = createBench({
      configuration: configured(server.baseUrl, { providers: { test: { baseUrl: server.baseUrl, apiKey: "sk-wrong-key" } } }),
    });
    open.push(wrong);
    const { notices } = await wrong.says("hello");
    expect(notices).toEqual([
      "test refused the key (401). Set `agents.main.providers.test.apiKey` to one that may use test:model.",
    ]);
    expect(JSON.stringify([notices, wrong.logs])).not.toContain("sk-wrong");
    expect(wrong.concealed).toEqual(["sk-wrong-key"]);
    expect((await bench.says("hello")).notices).toEqual([expect.stringContaining("set `agents.main.providers.test.baseUrl`")]);
  });

  it("is replaced by none that cannot use the tools, or is too small", async () => {
    const configuration = {
      model: "test:model",
      fallbacks: ["other:small", "other:toolless", "nowhere:model", "other:good"],
      modelFacts: { "other:small": { contextTokens: 1024 }, "other:toolless": { tools: false } },
    };
    const sources = [sourceOf([toolOf("look", () => done("x"))])];
    const { bench, other } = await start([{ error: { status: 404 } }], { configuration, sources });
    await bench.says("hello ".repeat(1000));
    expect(other.requests.map(({ body }) => body["model"])).toEqual(["good"]);
  });

  it("says nothing for too long is given up, and asked again", async () => {
    const { bench, server, clock } = await start([{ text: ["late"], after: new Promise(() => undefined) }, { text: ["ok"] }]);
    const run = bench.says("hello");
    await server.untilRequests(1);
    await clock.advance(181_000);
    await askAgain({ bench, clock });
    expect((await run).text).toBe("ok");
  });

  it("falls silent in the middle is given up after the shorter time", async () => {
    const { bench, server, clock } = await start([
      { text: ["The first half "], endsAfter: new Promise(() => undefined) },
      { text: ["and the second."] },
    ]);
    const heard = Promise.withResolvers<void>();
    const run = bench.says("hello", { onEvent: (event) => event.type === "text-delta" && heard.resolve() });
    await server.untilRequests(1);
    await heard.promise;
    await clock.advance(0);
    await clock.advance(91_000);
    await askAgain({ bench, clock });
    expect((await run).text).toBe("The first half and the second.");
  });
});

describe("Class 29: a server that sends elsewhere", () => {
  it("is not followed: the key stays with it", async () => {
    const { bench, server, other, clock } = await start([{ text: ["ok"] }]);
    const location = `${other.baseUrl}/chat/completions`;
    server.http.fail("chat", { type: "error", status: 307, headers: { location } }, 3);
    const run = bench.says("hello");
    for (const tries of [1, 2]) await askAgain({ bench, clock }, tries);
    expect((await run).notices).toEqual([expect.stringContaining("cannot be reached")]);
    expect(other.http.log).toEqual([]);
  });
});

describe("A source of tools that fails", () => {
  it("is left out, and the turn goes on with the others", async () => {
    const fails = () => Promise.reject(new Error("gone"));
    const bad = sourceOf([], { tools: fails, instructions: fails, flush: fails, close: fails });
    const good = sourceOf([toolOf("look", () => done("x"))], { instructions: async () => "Ada likes tea." });
    const { bench, server } = await start([{ text: ["ok"] }], { sources: [bad, good] });
    expect((await bench.says("hello")).text).toBe("ok");
    expect(server.requests[0]?.body["tools"]).toHaveLength(1);
    expect(messagesOf(server, 0)[0]?.content).toContain("Ada likes tea.");
    await bench.agent.close?.();
    expect(bench.logs.filter((line) => line.includes("gone"))).toHaveLength(3);
  });
});

describe("An answer that is cut off", () => {
  it.each<[string, ModelStep]>([
    ["by the network", { text: ["The first ", "half of it"], cut: true }],
    ["without its end", { text: ["The first ", "half of it"], endless: true }],
    ["by a line that means nothing", { text: ["The first ", "half of it"], malformed: true }],
  ])("%s is gone on with", async (_how, cut) => {
    const { bench, server, clock } = await start([cut, { text: [", and the rest."] }]);
    const run = bench.says("tell");
    await server.untilRequests(1);
    await askAgain({ bench, clock });
    expect((await run).text).toBe("The first half of it, and the rest.");
    expect(messagesOf(server, 1).slice(-2)).toEqual([
      { role: "assistant", content: "The first half of it" },
      { role: "user", content: expect.stringContaining("cut off") },
    ]);
  });

  it("is not said twice where the model begins anew", async () => {
    const { bench, server, clock } = await start([
      { text: ["The first half"], cut: true },
      { text: ["The fi", "rst ha", "lf, and the rest."] },
    ]);
    const run = bench.says("tell");
    await server.untilRequests(1);
    await askAgain({ bench, clock });
    expect((await run).text).toBe("The first half, and the rest.");
  });

  it("before anything was read is simply asked for again, with no trace of it", async () => {
    const { bench, server, clock } = await start([{ reasoning: ["hm"], cut: true }, { text: ["ok"] }]);
    const run = bench.says("tell");
    await server.untilRequests(1);
    await askAgain({ bench, clock });
    expect((await run).text).toBe("ok");
    expect(server.requests[1]?.raw).toBe(server.requests[0]?.raw);
  });

  it("by its length is gone on with, and not for ever", async () => {
    const { bench } = await start([{ text: ["on and on "], finish: "length" }]);
    const { text, notices } = await bench.says("tell");
    expect(text).toBe("on and on on and on on and on");
    expect(notices).toEqual([expect.stringContaining("cut off before it came to an end")]);
  });

  it("by a filter is told", async () => {
    const { bench } = await start([{ text: ["I will"], finish: "content_filter" }]);
    expect((await bench.says("tell")).notices).toEqual([expect.stringContaining("filter")]);
  });
});

describe("A turn that is over", () => {
  it("leaves no timer behind, however it ended", async () => {
    const { bench, clock } = await start([
      { text: ["ok"] },
      { error: { status: 404 } },
      { text: ["a"], endsAfter: new Promise(() => undefined) },
    ]);
    await bench.says("hello");
    await bench.says("hello");
    const stop = new AbortController();
    const onEvent = ({ type }: { readonly type: string }) => type === "text-delta" && setImmediate(() => stop.abort("stop"));
    await expect(bench.says("hello", { signal: stop.signal, onEvent })).rejects.toBe("stop");
    expect(clock.pending).toBe(0);
  });
});

describe("An empty answer", () => {
  it("is asked for again once, and then told", async () => {
    const { bench, server } = await start([{ text: [] }]);
    const { notices } = await bench.says("tell");
    expect(server.requests).toHaveLength(2);
    expect(notices).toEqual([expect.stringContaining("empty answer")]);
  });
});

/** Moves the clock once a model is about to be asked again for the `count`th time. */
async function askAgain({ bench, clock }: Pick<Trouble, "bench" | "clock">, count = 1): Promise<void> {
  const asked = (): number => bench.logs.filter((line) => line.includes("it is asked again")).length;
  while (asked() < count) await new Promise(setImmediate);
  await clock.advance(31_000);
}
