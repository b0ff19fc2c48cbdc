import OpenAI, { APIError } from "openai";
import { afterEach, describe, expect, it } from "vitest";
import { startModelServer, type ModelServer, type ModelServerOptions } from "./server.ts";

const running: ModelServer[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

async function start(options: ModelServerOptions = {}): Promise<{ server: ModelServer; client: OpenAI }> {
  const server = await startModelServer(options);
  running.push(server);
  return { server, client: new OpenAI({ apiKey: "key", baseURL: server.baseUrl, maxRetries: 0, timeout: 5000 }) };
}

const hello: { model: string; messages: OpenAI.ChatCompletionMessageParam[] } = {
  model: "model",
  messages: [{ role: "user", content: "hello" }],
};
const tools = [
  { type: "function", function: { name: "look", description: "Looks.", parameters: { type: "object", properties: {} } } },
] as const;

/** What OpenAI's own client makes of the server's refusal. */
async function refusalOf(call: Promise<unknown>): Promise<APIError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof APIError)) throw new Error(`Expected an APIError, got ${String(error)}`);
  return error;
}

describe("The model server, to OpenAI's own client", () => {
  it("streams text, reasoning, calls in pieces and what they took", async () => {
    const { client, server } = await start({
      script: [
        {
          reasoning: ["hm"],
          text: ["Hel", "lo"],
          calls: [{ id: "call_1", name: "look", arguments: '{"where":"outside"}' }],
          usage: { input: 9, output: 4, cached: 3 },
        },
      ],
    });
    const stream = client.chat.completions.stream({ ...hello, tools: [...tools], stream_options: { include_usage: true } });
    const answer = await stream.finalChatCompletion();
    expect(answer.choices[0]?.message).toMatchObject({
      content: "Hello",
      tool_calls: [{ id: "call_1", function: { name: "look", arguments: '{"where":"outside"}' } }],
    });
    expect([answer.choices[0]?.finish_reason, answer.usage?.prompt_tokens_details?.cached_tokens]).toEqual(["tool_calls", 3]);
    expect(server.requests[0]?.raw).toContain('"content":"hello"');
  });

  it("answers without a stream, and lists its models", async () => {
    const { client } = await start({ script: [{ text: ["Hello"], finish: "length" }] });
    const answer = await client.chat.completions.create({ ...hello });
    expect([answer.choices[0]?.message.content, answer.choices[0]?.finish_reason]).toEqual(["Hello", "length"]);
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(["model"]);
  });

  it("refuses with the vendor's own errors", async () => {
    const { client, server } = await start();
    server.next(
      { error: { status: 429, retryAfterSeconds: 7 } },
      { error: { status: 400, code: "context_length_exceeded" } },
      { error: { status: 503 } },
    );
    const limited = await refusalOf(client.chat.completions.create({ ...hello }));
    expect([limited.status, limited.code, limited.headers?.get("retry-after")]).toEqual([429, "rate_limit_exceeded", "7"]);
    expect((await refusalOf(client.chat.completions.create({ ...hello }))).code).toBe("context_length_exceeded");
    expect((await refusalOf(client.chat.completions.create({ ...hello }))).status).toBe(503);
    const stranger = new OpenAI({ apiKey: "wrong", baseURL: server.baseUrl, maxRetries: 0 });
    expect(await refusalOf(stranger.chat.completions.create({ ...hello }))).toMatchObject({
      status: 401,
      code: "invalid_api_key",
    });
  });

  it.each([
    [
      "a result without a call",
      [
        { role: "user", content: "x" },
        { role: "tool", tool_call_id: "call_1", content: "y" },
      ],
    ],
    [
      "a call without a result",
      [
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "call_1", type: "function", function: { name: "look", arguments: "{}" } }],
        },
        { role: "user", content: "x" },
      ],
    ],
    ["an unknown role", [{ role: "robot", content: "x" }]],
    ["no messages", []],
    ["an assistant without content", [{ role: "assistant", content: null }]],
  ])("refuses %s", async (_what, messages) => {
    const { client } = await start();
    // Wrong on purpose: the types of the client would not let it through.
    const call = client.chat.completions.create({ model: "model", messages: messages as never });
    expect((await refusalOf(call)).status).toBe(400);
  });

  it.each([
    ["a name with a space", { name: "look outside", parameters: { type: "object" } }],
    ["a schema that is no object", { name: "look", parameters: { type: "string" } }],
  ])("refuses a tool with %s", async (_what, tool) => {
    const { client } = await start();
    const call = client.chat.completions.create({ ...hello, tools: [{ type: "function", function: tool }] });
    expect((await refusalOf(call)).status).toBe(400);
  });

  it("breaks a stream in the middle of an event", async () => {
    const { client } = await start({ script: [{ text: ["Hel"], cut: true }] });
    const seen: string[] = [];
    const read = async (): Promise<void> => {
      for await (const chunk of await client.chat.completions.create({ ...hello, stream: true }))
        seen.push(chunk.choices[0]?.delta.content ?? "");
    };
    await expect(read()).rejects.toThrow();
    expect(seen.join("")).toBe("Hel");
  });

  it("says nothing before it is let", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { client } = await start({ script: [{ text: ["late"], after: promise }] });
    let isAnswered = false;
    const answer = client.chat.completions
      .stream({ ...hello })
      .finalContent()
      .then((content) => {
        isAnswered = true;
        return content;
      });
    await running[0]?.untilRequests(1);
    expect(isAnswered).toBe(false);
    resolve();
    expect(await answer).toBe("late");
  });
});
