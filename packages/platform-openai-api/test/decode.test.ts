import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ApiError } from "../src/api-error.ts";
import { decodeChatCompletion, decodeResponse, type DecodedRequest } from "../src/decode.ts";

const chat = (content: unknown, more: object = {}) => ({ messages: [{ role: "user", content }], ...more });

function fault(decode: (body: unknown) => DecodedRequest, body: unknown): unknown {
  try {
    decode(body);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return [error.status, error.code, error.param];
  }
}

describe("A chat completion", () => {
  test("is answered at its last message, with the instructions gathered from everywhere", () => {
    const decoded = decodeChatCompletion({
      messages: [
        { role: "system", content: [{ type: "text", text: "Be brief" }] },
        {
          role: "user",
          content: [
            { type: "text", text: "one" },
            { type: "text", text: "more" },
          ],
        },
        { role: "assistant", content: null, refusal: "no" },
        { role: "user", content: "two" },
        { role: "system", content: "Be kind" },
      ],
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(decoded).toEqual({
      api: "chat-completions",
      stream: true,
      includeUsage: true,
      store: false,
      instructions: "Be brief\n\nBe kind",
      earlier: [
        { kind: "message", role: "user", text: "one\nmore", images: [] },
        { kind: "message", role: "assistant", text: "no", images: [] },
      ],
      last: { kind: "message", role: "user", text: "two", images: [] },
      parameters: {},
    });
  });

  test.each([
    [{ temperature: 1, top_p: 0.5, seed: 1, user: "u", metadata: { a: "b" }, max_completion_tokens: 5, reasoning_effort: "low" }],
    [
      {
        n: 1,
        tools: [],
        tool_choice: "auto",
        logprobs: false,
        response_format: { type: "text" },
        modalities: ["text"],
        functions: null,
      },
    ],
    [{ parallel_tool_calls: true, store: true, logit_bias: {}, service_tier: "auto", something_new: 5 }],
  ])("may carry what clients send: %j", (more) => {
    expect(fault(decodeChatCompletion, chat("x", more))).toBeUndefined();
  });

  test.each([
    [{ n: 2 }, "n"],
    [{ tools: [{ type: "function", function: { name: "f" } }] }, "tools"],
    [{ functions: [{ name: "f" }] }, "functions"],
    [{ tool_choice: "required" }, "tool_choice"],
    [{ response_format: { type: "json_schema", json_schema: {} } }, "response_format"],
    [{ response_format: { type: "json_object" } }, "response_format"],
    [{ logprobs: true }, "logprobs"],
    [{ modalities: ["text", "audio"] }, "modalities"],
    [{ web_search_options: {} }, "web_search_options"],
  ])("is refused with %j, which would be answered otherwise than was asked", (more, param) => {
    expect(fault(decodeChatCompletion, chat("x", more))).toEqual([400, "unsupported_parameter", param]);
  });

  const png = "data:image/png;base64,iVBORw0KGgo=";
  test.each([
    [[{ type: "video", video: "x" }], "invalid_content_part", "messages[0].content[0]"],
    [[{ type: "text", text: "x" }, 5], "invalid_content_part", "messages[0].content[1]"],
    [[{ type: "text" }], "invalid_type", "messages[0].content[0].text"],
    [[{ type: "file", file: {} }], "unsupported_content_type", "messages[0].content[0]"],
    [[{ type: "input_audio", input_audio: {} }], "unsupported_content_type", "messages[0].content[0]"],
    [[{ type: "input_image", file_id: "f" }], "unsupported_content_type", "messages[0].content[0]"],
    [[{ type: "image_url" }], "invalid_image_url", "messages[0].content[0].image_url"],
    [
      [{ type: "image_url", image_url: { url: "file:///etc/passwd" } }],
      "invalid_image_url",
      "messages[0].content[0].image_url.url",
    ],
    [
      [{ type: "image_url", image_url: { url: "https://a:b@example.com/" } }],
      "invalid_image_url",
      "messages[0].content[0].image_url.url",
    ],
    [
      [{ type: "image_url", image_url: "data:text/html;base64,AAAA" }],
      "unsupported_content_type",
      "messages[0].content[0].image_url",
    ],
    [[{ type: "image_url", image_url: "data:image/png,plain" }], "invalid_image_url", "messages[0].content[0].image_url"],
    [[{ type: "image_url", image_url: "data:image/png;base64,!!!!" }], "invalid_image_url", "messages[0].content[0].image_url"],
    [
      [{ type: "image_url", image_url: `data:image/png;base64,${"A".repeat(26_700_000)}` }],
      "image_too_large",
      "messages[0].content[0].image_url",
    ],
    [Array.from({ length: 1001 }, () => ({ type: "text", text: "x" })), "array_above_max_length", "messages[0].content"],
    [Array.from({ length: 65 }, () => ({ type: "image_url", image_url: png })), "too_many_images", "messages[0].content"],
    ["x".repeat(1_000_001), "string_above_max_length", "messages[0].content"],
    ["  ", "empty_message", "messages"],
    [null, "invalid_type", "messages[0].content"],
  ])("with content number %# is refused, and it says where", (content, code, param) => {
    expect(fault(decodeChatCompletion, chat(content))).toEqual([400, code, param]);
  });

  test.each([
    [[], "no_message", "messages"],
    ["x", "invalid_type", "messages"],
    [[{ role: "assistant", content: "x" }], "last_message_not_user", "messages"],
    [[{ role: "tool", content: "x" }], "unsupported_message", "messages[0]"],
    [[{ role: "assistant", content: "", tool_calls: [{}] }], "unsupported_message", "messages[0]"],
    [[{ role: "assistant", content: [{ type: "image_url", image_url: png }] }], "invalid_content_part", "messages[0].content"],
    [[{ role: "king", content: "x" }], "invalid_role", "messages[0].role"],
    [Array.from({ length: 2001 }, () => ({ role: "user", content: "x" })), "array_above_max_length", "messages"],
  ])("with messages of form %# is refused, and it says where", (messages, code, param) => {
    expect(fault(decodeChatCompletion, { messages })).toEqual([400, code, param]);
  });

  test("replaces half characters, which no store keeps", () => {
    expect(decodeChatCompletion(chat("a\ud800b")).last.text).toBe("a\ufffdb");
  });
});

describe("A response", () => {
  test("is asked for by a text, or by items", () => {
    const items = [
      { role: "developer", content: "Be kind" },
      { type: "message", role: "assistant", content: [{ type: "output_text", text: "hi" }] },
      { type: "item_reference", id: "msg_1" },
      { type: "reasoning", id: "rs_1", summary: [] },
      {
        role: "user",
        content: [
          { type: "input_text", text: "look" },
          { type: "input_image", image_url: "https://example.com/a.png" },
        ],
      },
    ];
    expect(decodeResponse({ input: "hello" })).toMatchObject({
      store: true,
      stream: false,
      last: { text: "hello" },
      earlier: [],
    });
    expect(
      decodeResponse({ input: items, instructions: "Be brief", previous_response_id: "resp_1", store: false }),
    ).toMatchObject({
      instructions: "Be brief\n\nBe kind",
      previousResponseId: "resp_1",
      store: false,
      earlier: [
        { role: "assistant", text: "hi" },
        { kind: "reference", id: "msg_1", param: "input[2]" },
      ],
      last: { text: "look", images: [{ kind: "url", url: "https://example.com/a.png" }] },
    });
  });

  test.each([
    [{ background: true }, "background"],
    [{ conversation: "c" }, "conversation"],
    [{ prompt: { id: "p" } }, "prompt"],
    [{ top_logprobs: 3 }, "top_logprobs"],
    [{ text: { format: { type: "json_schema" } } }, "text.format"],
  ])("is refused with %j", (more, param) => {
    expect(fault(decodeResponse, { input: "x", ...more })).toEqual([400, "unsupported_parameter", param]);
  });

  test.each([
    [5, "invalid_type", "input"],
    [[{ type: "function_call_output", call_id: "c", output: "x" }], "unsupported_item", "input[0]"],
    [[{ role: "user", content: [{ type: "input_file", file_id: "f" }] }], "unsupported_content_type", "input[0].content[0]"],
    ["", "empty_message", "input"],
  ])("to %j is refused as %s", (input, code, param) => {
    expect(fault(decodeResponse, { input })).toEqual([400, code, param]);
  });
});

describe("Whatever comes", () => {
  const words = fc.constantFrom(
    "messages",
    "input",
    "role",
    "user",
    "assistant",
    "system",
    "content",
    "type",
    "text",
    "image_url",
    "url",
    "tools",
    "n",
    "stop",
    "metadata",
    "stream_options",
    "message",
    "item_reference",
    "data:image/png;base64,AAAA",
    "__proto__",
  );
  const { body } = fc.letrec((tie) => ({
    body: fc.oneof({ maxDepth: 6 }, fc.jsonValue(), words, tie("list"), tie("object")),
    list: fc.array(tie("body"), { maxLength: 4 }),
    object: fc.dictionary(words, tie("body"), { maxKeys: 5 }),
  }));

  test("is decoded or refused with an error that says where, and never anything else", () => {
    fc.assert(
      fc.property(body, (value) => {
        for (const decode of [decodeChatCompletion, decodeResponse]) {
          const parsed: unknown = JSON.parse(JSON.stringify(value));
          const found = fault(decode, parsed);
          expect(found === undefined || (Array.isArray(found) && found[0] === 400)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
