import { createOpenAI } from "@ai-sdk/openai";
import { generateText, streamText, type ModelMessage } from "ai";
import { describe, expect, test } from "vitest";
import { text } from "@hermes/core";
import { all, echo, LedAgent } from "./agents.ts";
import { startServer, testKey, type TestServer } from "./server.ts";

const providerOf = ({ baseURL }: TestServer) => createOpenAI({ baseURL, apiKey: testKey });
const forms = ["chat", "responses"] as const;

describe("The AI SDK", () => {
  test.each(forms)("generates text over %s", async (form) => {
    await using server = await startServer(async function* (turn) {
      yield* echo(turn);
      yield { type: "usage", usage: { inputTokens: 5, outputTokens: 6 } };
    });
    const {
      text: said,
      usage,
      finishReason,
    } = await generateText({ model: providerOf(server)[form]("hermes-agent"), prompt: "hello" });
    expect(said).toBe("You said: hello");
    expect(usage).toMatchObject({ inputTokens: 5, outputTokens: 6 });
    expect(finishReason).toBe("stop");
  });

  test.each(forms)("needs no count of tokens over %s", async (form) => {
    await using server = await startServer(echo);
    const { text: said, usage } = await generateText({ model: providerOf(server)[form]("hermes-agent"), prompt: "hello" });
    expect(said).toBe("You said: hello");
    expect(usage.outputTokens).toBeUndefined();
  });

  test.each(forms)("streams text over %s, whatever tools run meanwhile", async (form) => {
    await using server = await startServer(async function* () {
      yield { type: "reasoning-delta", text: "Hm." };
      yield { type: "tool-start", callId: "c1", title: "Looking", effect: "none" };
      yield { type: "tool-end", callId: "c1", outcome: "done" };
      yield text("Found ");
      yield { type: "segment-end" };
      yield text("it.");
    });
    const errors: unknown[] = [];
    const result = streamText({
      model: providerOf(server)[form]("hermes-agent"),
      prompt: "look",
      onError: ({ error }) => void errors.push(error),
    });
    expect((await all(result.textStream)).join("")).toBe("Found\n\nit.");
    expect(await result.finishReason).toBe("stop");
    expect(errors).toEqual([]);
  });

  test("goes on with its own messages, which name earlier answers by their ids", async () => {
    const agent = new LedAgent();
    await using server = await startServer(agent.run);
    const model = providerOf(server).responses("hermes-agent");
    const messages: ModelMessage[] = [{ role: "user", content: "one" }];
    const first = await generateText({ model, messages, instructions: "Be brief" });
    await generateText({ model, messages: [...messages, ...first.response.messages, { role: "user", content: "two" }] });
    expect((await agent.turn(1)).request).toMatchObject({ instructions: "Be brief" });
    const { request, input } = await agent.turn(2);
    expect(input[0].text).toBe("two");
    expect(request).toMatchObject({
      messages: [
        { role: "user", text: "one" },
        { role: "assistant", text: "You said: one" },
      ],
    });
  });

  test.each(forms)("sends a picture over %s", async (form) => {
    const agent = new LedAgent();
    await using server = await startServer(agent.run);
    const data = new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]);
    await generateText({
      model: providerOf(server)[form]("hermes-agent"),
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "see" },
            { type: "file", data, mediaType: "image/png" },
          ],
        },
      ],
    });
    expect((await agent.turn()).input[0].attachments).toMatchObject([{ kind: "image", mimeType: "image/png", sizeBytes: 8 }]);
  });

  test.each(forms)("is told of a wrong key over %s", async (form) => {
    await using server = await startServer(echo);
    const { baseURL } = server;
    const model = createOpenAI({ baseURL, apiKey: "FAKE-KEY-THAT-IS-WRONG" })[form]("hermes-agent");
    await expect(generateText({ model, prompt: "x", maxRetries: 0 })).rejects.toMatchObject({ statusCode: 401 });
  });
});
