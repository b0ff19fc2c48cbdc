import OpenAI from "openai";
import { afterEach, describe, expect, it } from "vitest";
import { createBench } from "./bench.ts";
import { done, sourceOf, toolOf } from "./sample-tools.ts";
import { startModelServer, type ModelServer, type ModelStep } from "./server.ts";

const open: AsyncDisposable[] = [];

afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each[Symbol.asyncDispose]();
});

const models = ["openai:gpt-5.5", "anthropic:claude-sonnet-5-5", "google:gemini-3.6-flash"] as const;

async function start(model: string, script: readonly ModelStep[]) {
  const server = await startModelServer({ script });
  const provider = model.slice(0, model.indexOf(":"));
  const sources = [sourceOf([toolOf("look", () => done("It rains."))])];
  const bench = createBench({
    configuration: {
      model,
      providers: { [provider]: { baseUrl: server.baseUrl, apiKey: "key" } },
      toolSets: { default: ["sample"] },
    },
    sources,
  });
  open.push(server, bench);
  return { server, bench };
}

/** What of a request is the conversation, whatever its provider calls it. */
function told(server: ModelServer, index: number): string {
  const body: Readonly<Record<string, unknown>> = server.requests[index]?.body ?? {};
  return JSON.stringify(body["messages"] ?? body["input"] ?? body["contents"]).slice(0, -1);
}

const call = { id: "call_1", name: "look", arguments: '{"b":1,"a":2}' };

describe.each(models)("%s", (model) => {
  it("streams, calls tools and gets its own reasoning back, byte for byte, also in a new process", async () => {
    const { bench, server } = await start(model, [
      {
        reasoning: ["I should ", "look."],
        signature: "signed-1",
        text: ["I look."],
        calls: [call],
        usage: { input: 100, output: 20, cached: 60, reasoning: 5 },
      },
      { text: ["It ", "rains."] },
      { text: ["Bye."] },
    ]);
    const { text, events, notices } = await bench.says("weather?");
    expect([notices, text]).toEqual([[], "I look.\n\nIt rains."]);
    expect(
      events
        .flatMap((event) => (event.type === "reasoning-delta" ? [event.text] : []))
        .join("")
        .trim(),
    ).toBe("I should look.");
    const usage = events.find((event) => event.type === "usage")?.usage;
    expect(usage).toMatchObject({ model, inputTokens: 100, outputTokens: 20, cachedInputTokens: 60 });
    expect((await bench.restarted().says("bye")).notices).toEqual([]);
    expect(server.requests).toHaveLength(3);
    expect(server.requests[2]?.raw).toContain("signed-1");
    for (const index of [1, 2]) expect(told(server, index).startsWith(told(server, index - 1))).toBe(true);
  });

  it("is never told a conversation that begins with its own words: what was before them is left out", async () => {
    const { bench, server } = await start(model, [{ text: ["ok"] }]);
    bench.sessions.history.push({ role: "assistant", text: "It rained.", turnId: "of another agent" });
    expect(await bench.says("and now?")).toMatchObject({ text: "ok", notices: [] });
    expect(told(server, 0)).toMatch(/left out.*It rained.*and now/u);
  });

  it("gives a result to a call that was stopped, in whatever way its provider wants it", async () => {
    const { bench, server } = await start(model, [{ calls: [call, { ...call, id: "call_2" }] }, { text: ["ok"] }]);
    const stop = new AbortController();
    const stopped = bench.says("go", {
      signal: stop.signal,
      onEvent: (event) => event.type === "tool-start" && stop.abort("stop"),
    });
    await expect(stopped).rejects.toBe("stop");
    expect(await bench.says("well?")).toMatchObject({ text: "ok", notices: [] });
    expect(server.requests).toHaveLength(2);
  });

  it("is told in words what tools did, where there are none any more", async () => {
    const { bench, server } = await start(model, [{ calls: [call] }, { text: ["ok"] }, { text: ["beside"] }]);
    await bench.says("go");
    expect(await bench.says("what was it?", { task: { kind: "aside" } })).toMatchObject({ text: "beside", notices: [] });
    expect(server.requests[2]?.raw).toContain("Used the tool look");
  });

  it.each<[string, ModelStep, RegExp]>([
    ["a key that is refused", { error: { status: 401 } }, /refused the key \(401\)/u],
    ["a conversation that is too long", { error: { status: 400, code: "context_length_exceeded" } }, /too long for/u],
    ["a model that is not there", { error: { status: 404 } }, /refused the request \(status 404/u],
  ])("tells %s", async (_what, step, words) => {
    const { bench } = await start(model, [step]);
    expect((await bench.says("hello")).notices).toEqual([expect.stringMatching(words)]);
  });

  it("is gone on with by another provider in the middle of a turn, without its reasoning", async () => {
    const { bench, server } = await start(model, [
      { reasoning: ["hm"], signature: "signed-1", calls: [call] },
      { error: { status: 404 } },
    ]);
    const other = await startModelServer();
    const provider = model.slice(0, model.indexOf(":"));
    const fallback = createBench({
      configuration: {
        model,
        fallbacks: ["other:model"],
        providers: { [provider]: { baseUrl: server.baseUrl, apiKey: "key" }, other: { baseUrl: other.baseUrl, apiKey: "key" } },
        toolSets: { default: ["sample"] },
      },
      sources: [sourceOf([toolOf("look", () => done("It rains."))])],
      sessions: bench.sessions,
    });
    open.push(other, fallback);
    expect(await fallback.says("go")).toMatchObject({ text: "ok", notices: [`${model} does not answer: other:model goes on.`] });
    expect(other.requests[0]?.raw).not.toMatch(/signed-1|reasoning_content/u);
  });
});

describe("The model server's Responses, to OpenAI's own client", () => {
  it("stream text, reasoning and calls", async () => {
    const { server } = await start(models[0], [{ reasoning: ["hm"], signature: "signed", text: ["Hel", "lo"], calls: [call] }]);
    const client = new OpenAI({ apiKey: "key", baseURL: server.baseUrl, maxRetries: 0 });
    const stream = await client.responses.create({ model: "gpt-5.5", input: "hello", store: false, stream: true });
    let text = "";
    const items: string[] = [];
    for await (const event of stream) {
      if (event.type === "response.output_text.delta") text += event.delta;
      if (event.type === "response.output_item.done") items.push(event.item.type);
    }
    expect([text, items]).toEqual(["Hello", ["reasoning", "message", "function_call"]]);
  });

  it("refuse a result without a call, and reasoning that was not theirs", async () => {
    const { server } = await start(models[0], []);
    const client = new OpenAI({ apiKey: "key", baseURL: server.baseUrl, maxRetries: 0 });
    const create = (item: OpenAI.Responses.ResponseInputItem) =>
      client.responses.create({ model: "gpt-5.5", input: [item], store: false });
    await expect(create({ type: "function_call_output", call_id: "x", output: "y" })).rejects.toThrow("No tool call found");
    await expect(create({ type: "reasoning", id: "rs_9", summary: [], encrypted_content: "forged" })).rejects.toThrow(
      "could not be verified",
    );
    await expect(create({ type: "item_reference", id: "rs_9" })).rejects.toThrow("not persisted");
  });
});
