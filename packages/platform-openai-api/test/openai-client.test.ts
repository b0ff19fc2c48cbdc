import { text } from "@hermes/core";
import { createMemoryStore } from "@hermes/runtime";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { all, echo, LedAgent, stopped, untilStopped } from "./agents.ts";
import { keepOpen } from "./kept-store.ts";
import { startServer, testKey, type TestServer } from "./server.ts";

const model = "hermes-agent";
const clientOf = ({ baseURL }: TestServer, apiKey = testKey): OpenAI => new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const user = (content: string) => ({ role: "user" as const, content });

describe("OpenAI's client", () => {
  test("gets a chat completion", async () => {
    await using server = await startServer(echo);
    const completion = await clientOf(server).chat.completions.create({ model, messages: [user("hello")] });
    expect(completion.choices).toMatchObject([
      { index: 0, finish_reason: "stop", message: { role: "assistant", content: "You said: hello" } },
    ]);
    expect(completion).toMatchObject({ object: "chat.completion", model });
    expect(completion.id).toMatch(/^chatcmpl-[0-9a-f-]{36}$/u);
    expect(completion.usage).toBeUndefined();
  });

  test("streams a chat completion, with what was used at its end", async () => {
    await using server = await startServer(async function* (turn) {
      yield* echo(turn);
      yield { type: "usage", usage: { inputTokens: 3, outputTokens: 4 } };
    });
    const stream = clientOf(server).chat.completions.stream({
      model,
      messages: [user("hello")],
      stream_options: { include_usage: true },
    });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe("You said: hello");
    expect(final.choices[0]?.finish_reason).toBe("stop");
    expect(final.usage).toEqual({ prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 });
  });

  test("survives tools and reasoning in a streamed chat completion, and can read them", async () => {
    await using server = await startServer(async function* () {
      yield { type: "reasoning-delta", text: "Hm." };
      yield { type: "tool-start", callId: "c1", title: "Looking", effect: "none" };
      yield { type: "tool-end", callId: "c1", outcome: "done", summary: "found" };
      yield text("Found it.");
    });
    const stream = await clientOf(server).chat.completions.create({ model, messages: [user("look")], stream: true });
    const chunks: unknown[] = [];
    let said = "";
    for await (const chunk of stream) {
      chunks.push(chunk);
      // What naive programs do: every chunk has a choice.
      said += chunk.choices[0]?.delta.content ?? "";
      expect(chunk.choices).toHaveLength(1);
    }
    expect(said).toBe("Found it.");
    expect(chunks).toContainEqual(
      expect.objectContaining({ hermes: { tool: { call_id: "c1", state: "running", title: "Looking" } } }),
    );
    expect(chunks).toContainEqual(
      expect.objectContaining({ hermes: { tool: { call_id: "c1", state: "done", summary: "found" } } }),
    );
    expect(JSON.stringify(chunks)).toContain('"reasoning_content":"Hm."');
  });

  test("gets a response, reads it again and deletes it", async () => {
    await using server = await startServer(echo);
    const client = clientOf(server);
    const response = await client.responses.create({ model, input: "hello", instructions: "Be kind", metadata: { a: "b" } });
    expect(response.output_text).toBe("You said: hello");
    expect(response).toMatchObject({
      status: "completed",
      error: null,
      instructions: "Be kind",
      metadata: { a: "b" },
      store: true,
    });
    const again = await client.responses.retrieve(response.id);
    expect(again.output_text).toBe("You said: hello");
    await client.responses.delete(response.id);
    await expect(client.responses.retrieve(response.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });

  test("streams a response, tools among its pieces", async () => {
    await using server = await startServer(async function* (turn) {
      yield { type: "tool-start", callId: "c1", title: "Looking", effect: "none" };
      yield* echo(turn);
      yield { type: "usage", usage: { inputTokens: 1, outputTokens: 2 } };
    });
    const stream = clientOf(server).responses.stream({ model, input: "hello" });
    const types: string[] = [];
    const tools: unknown[] = [];
    for await (const event of stream) {
      types.push(event.type);
      if ("hermes" in event) tools.push(event.hermes);
    }
    const final = await stream.finalResponse();
    expect(final.output_text).toBe("You said: hello");
    expect(final.usage).toMatchObject({ input_tokens: 1, output_tokens: 2, total_tokens: 3 });
    expect(types.slice(0, 2)).toEqual(["response.created", "response.in_progress"]);
    expect(tools).toEqual([{ tool: { call_id: "c1", state: "running", title: "Looking" } }]);
    expect(types.slice(-4)).toEqual([
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
  });

  test("goes on from an earlier response in the same conversation", async () => {
    const agent = new LedAgent();
    await using server = await startServer(agent.run);
    const client = clientOf(server);
    const first = await client.responses.create({ model, input: "one" });
    const second = await client.responses.create({ model, input: "two", previous_response_id: first.id });
    expect(second.previous_response_id).toBe(first.id);
    const turn = await agent.turn(2);
    expect(turn.session.id).toBe((await agent.turn(1)).session.id);
    expect((await turn.history()).map(({ text }) => text)).toEqual(["one", "You said: one"]);
    expect(turn.request).toMatchObject({ messages: [] });
  });

  test("goes on from an earlier response after a restart", async () => {
    const store = createMemoryStore();
    const agent = new LedAgent();
    const before = await startServer(agent.run, { store: keepOpen(store) });
    const first = await clientOf(before).responses.create({ model, input: "one" });
    await before.gateway.idle();
    await before[Symbol.asyncDispose]();
    await using server = await startServer(agent.run, { store });
    await clientOf(server).responses.create({ model, input: "two", previous_response_id: first.id });
    expect((await (await agent.turn(2)).history()).map(({ text }) => text)).toEqual(["one", "You said: one"]);
  });

  test("branches off where the conversation has gone on already, with the same past", async () => {
    const agent = new LedAgent();
    await using server = await startServer(agent.run);
    const client = clientOf(server);
    const first = await client.responses.create({ model, input: "one" });
    await client.responses.create({ model, input: "two", previous_response_id: first.id });
    await client.responses.create({ model, input: "two again", previous_response_id: first.id });
    const turn = await agent.turn(3);
    expect(turn.session.id).not.toBe((await agent.turn(1)).session.id);
    expect(await turn.history()).toEqual([]);
    expect(turn.request).toMatchObject({
      messages: [
        { role: "user", text: "one" },
        { role: "assistant", text: "You said: one" },
      ],
    });
  });

  test("cannot go on from a response that was not kept", async () => {
    await using server = await startServer(echo);
    const client = clientOf(server);
    const first = await client.responses.create({ model, input: "one", store: false });
    const second = client.responses.create({ model, input: "two", previous_response_id: first.id });
    await expect(second).rejects.toMatchObject({
      status: 404,
      code: "previous_response_not_found",
      param: "previous_response_id",
    });
  });

  test("lists the one model, and finds it", async () => {
    await using server = await startServer(echo, { options: { modelName: "house/agent" } });
    const client = clientOf(server);
    const models = await all(client.models.list());
    expect(models.map(({ id, owned_by: owner }) => [id, owner])).toEqual([["house/agent", "hermes"]]);
    expect(await client.models.retrieve("house/agent")).toMatchObject({ id: "house/agent" });
    await expect(client.models.retrieve("other")).rejects.toMatchObject({ status: 404, code: "model_not_found" });
  });

  test("sends history, instructions and parameters along", async () => {
    const agent = new LedAgent();
    await using server = await startServer(agent.run);
    await clientOf(server).chat.completions.create({
      model: "any",
      messages: [
        { role: "system", content: "Be brief" },
        user("one"),
        { role: "assistant", content: "1" },
        { role: "developer", content: "Be kind" },
        user("two"),
      ],
      temperature: 0.5,
      max_tokens: 100,
      stop: ["\n"],
    });
    const { input, request, chat } = await agent.turn();
    expect(input[0]).toMatchObject({ text: "two", author: { id: "default", assurance: "platform", isBot: false } });
    expect(chat).toMatchObject({ type: "dm", ref: { platform: "openai-api" } });
    expect(request).toEqual({
      api: "chat-completions",
      model: "any",
      instructions: "Be brief\n\nBe kind",
      messages: [
        { role: "user", text: "one" },
        { role: "assistant", text: "1" },
      ],
      parameters: { temperature: 0.5, max_tokens: 100, stop: ["\n"] },
    });
  });

  test("sends pictures, of earlier messages too", async () => {
    const agent = new LedAgent();
    await using server = await startServer(agent.run);
    const image = (url: string) => ({ type: "image_url" as const, image_url: { url } });
    await clientOf(server).chat.completions.create({
      model,
      messages: [
        { role: "user", content: [{ type: "text", text: "look" }, image("https://example.com/a.png")] },
        { role: "assistant", content: "nice" },
        { role: "user", content: [{ type: "text", text: "and this?" }, image("data:image/png;base64,iVBORw0KGgo=")] },
      ],
    });
    const { input, request } = await agent.turn();
    expect(input[0].text).toBe("and this?");
    expect(input[0].attachments).toMatchObject([
      { kind: "image", mimeType: "image/png", sizeBytes: 8, ticket: { upload: expect.any(String) as unknown } },
      { kind: "image", ticket: { url: "https://example.com/a.png" } },
    ]);
    expect(request).toMatchObject({ messages: [{ text: "look", attachments: [1] }, { text: "nice" }] });
  });

  test("gets its own classes of errors", async () => {
    await using server = await startServer(async function* () {
      yield text("half");
      throw new Error("secret detail");
    });
    const ask = (apiKey: string, messages = [user("x")], more = {}) =>
      clientOf(server, apiKey).chat.completions.create({ model, messages, ...more });
    const wrong = ask("FAKE-KEY-THAT-IS-WRONG");
    await expect(wrong).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    await expect(wrong).rejects.toMatchObject({ code: "invalid_api_key", type: "invalid_request_error" });
    await expect(ask(testKey, [])).rejects.toBeInstanceOf(OpenAI.BadRequestError);
    await expect(ask(testKey, [user("x")], { n: 2 })).rejects.toMatchObject({
      status: 400,
      param: "n",
      code: "unsupported_parameter",
    });
    const failed = ask(testKey);
    await expect(failed).rejects.toBeInstanceOf(OpenAI.InternalServerError);
    await expect(failed).rejects.toMatchObject({ code: "agent_failed" });
    await expect(failed).rejects.not.toThrow(/secret detail/u);
  });

  test("is told in a stream that the agent failed", async () => {
    await using server = await startServer(async function* () {
      yield text("half");
      throw new Error("no");
    });
    const client = clientOf(server);
    const stream = await client.chat.completions.create({ model, messages: [user("x")], stream: true });
    await expect(all(stream)).rejects.toMatchObject({ code: "agent_failed" });
    const events = await all(await client.responses.create({ model, input: "x", stream: true }));
    expect(events.at(-1)).toMatchObject({
      type: "response.failed",
      response: { status: "failed", error: { code: "agent_failed" } },
    });
  });

  test("gets a RateLimitError where too many requests run at once", async () => {
    const agent = new LedAgent(untilStopped);
    await using server = await startServer(agent.run, { options: { maxConcurrentRequests: 1 } });
    const client = clientOf(server);
    const hangUp = new AbortController();
    const first = client.chat.completions
      .create({ model, messages: [user("x")] }, { signal: hangUp.signal })
      .catch((error: unknown) => error);
    const turn = await agent.turn();
    await expect(client.chat.completions.create({ model, messages: [user("y")] })).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    hangUp.abort();
    expect(await first).toBeInstanceOf(OpenAI.APIUserAbortError);
    await stopped(turn);
  });

  test.each([true, false])("stops the agent by hanging up (streamed: %s)", async (stream) => {
    const agent = new LedAgent(untilStopped);
    await using server = await startServer(agent.run);
    const hangUp = new AbortController();
    const asked = clientOf(server)
      .chat.completions.create({ model, messages: [user("x")], stream }, { signal: hangUp.signal })
      .then(async (answer) => ("choices" in answer ? answer : await all(answer)))
      .catch((error: unknown) => error);
    const turn = await agent.turn();
    hangUp.abort();
    expect(await stopped(turn)).toBe("stop");
    await asked;
    await server.gateway.idle();
    expect(server.logs).toEqual([]);
  });
});
