import type { Answer, Question } from "@hermes/core";
import { describe, expect, it } from "vitest";
import { temporaryFolder, testContext, testHost, testTools, testTurn, type TestHostOptions } from "./context.ts";

describe("A question to a person", () => {
  async function clarify(input: object, answer: Answer) {
    using folder = temporaryFolder();
    await using tools = testTools({}, testHost(folder.path), ["clarify"]);
    const asked: Question[] = [];
    const turn = testTurn({ answers: (question) => (asked.push(question), answer) });
    return { result: await tools.call("clarify", { ...input }, testContext({ turn, callId: "call-7" })), asked };
  }

  it("is put with its choices, keeps its key over a restart, and its answer is told", async () => {
    const { result, asked } = await clarify(
      { question: "Which?", choices: ["The red one", "The blue one"] },
      { by: "ada", option: "2" },
    );
    expect(asked).toEqual([
      {
        key: "clarify:call-7",
        kind: "choice",
        prompt: "Which?",
        options: [
          { id: "1", label: "The red one" },
          { id: "2", label: "The blue one" },
        ],
        expiresAfterMs: 3_600_000,
        onExpiry: "No answer came within an hour.",
      },
    ]);
    expect(result).toMatchObject({ outcome: "done", text: expect.stringContaining("The blue one") });
  });

  it("may be answered in one's own words", async () => {
    const { result, asked } = await clarify({ question: "Which?" }, { by: "ada", text: "Neither" });
    expect(asked[0]?.kind).toBe("text");
    expect(result.text).toContain("Neither");
  });

  it("comes to nothing where nobody answers or could be asked", async () => {
    expect((await clarify({ question: "Which?" }, { expired: true })).result).toMatchObject({
      outcome: "failed",
      text: expect.stringContaining("hour"),
    });
    expect((await clarify({ question: "Which?" }, { refused: "the caller is gone" })).result).toMatchObject({
      outcome: "failed",
      text: "Nobody could be asked: the caller is gone",
    });
  });
});

describe("A message elsewhere", () => {
  async function send(
    input: object,
    options: TestHostOptions & { readonly targets?: readonly string[]; readonly approves?: boolean } = {},
  ) {
    using folder = temporaryFolder();
    const host = testHost(folder.path, options);
    await using tools = testTools({ messages: { targets: options.targets ?? [] } }, host, ["messages"]);
    const context = testContext({ approves: options.approves ?? false, callId: "call-7" });
    return { result: await tools.call("send_message", { text: "Hello", ...input }, context), host, context };
  }

  it("goes to the own chat and to configured ones without asking, under a key that is the same after a restart", async () => {
    for (const target of ["origin", "telegram:1", "slack:#general"]) {
      const { result, host, context } = await send({ target }, { targets: ["slack:#general"] });
      expect(result).toEqual({ outcome: "done", text: `${target}: sent.` });
      expect(host.deliveries).toMatchObject([{ target, text: "Hello", idempotencyKey: "turn-1:call-7" }]);
      expect(context.asked).toEqual([]);
    }
  });

  it("class 20: goes nowhere else without a person's word", async () => {
    for (const target of [
      "telegram:2",
      "telegram:1:5",
      "slack:#General",
      "all",
      "telegram",
      "slack:#general,telegram:1",
      " origin",
    ]) {
      const refused = await send({ target }, { targets: ["slack:#general"] });
      expect(refused.result, target).toEqual({ outcome: "denied", text: "Ada said no." });
      expect(refused.host.deliveries).toEqual([]);
      expect(refused.context.asked).toEqual([
        { reason: "Sends a message to another chat.", exact: `To ${target}:\nHello`, remember: `send_message:${target}` },
      ]);
    }
    expect((await send({ target: "telegram:2" }, { approves: true })).host.deliveries).toHaveLength(1);
  });

  it("is said to be what it is: sent, kept, unknown or failed", async () => {
    const state = (of: "queued" | "unknown" | "failed", failure?: string) =>
      send(
        { target: "origin" },
        { delivers: ({ target }) => [{ target, state: of, ...(failure === undefined ? {} : { failure }) }] },
      );
    expect((await state("queued")).result).toMatchObject({ outcome: "done", text: expect.stringContaining("not sent yet") });
    expect((await state("unknown")).result.text).toContain("not known whether it arrived");
    expect((await state("failed", "chat not found")).result).toEqual({
      outcome: "failed",
      text: "origin: not sent: chat not found.",
    });
    const rejects = () => {
      throw new Error("There is no platform slack.");
    };
    expect((await send({ target: "origin" }, { delivers: rejects })).result).toEqual({
      outcome: "failed",
      text: "There is no platform slack.",
    });
    expect((await send({ target: "origin" }, { delivers: () => [] })).result.outcome).toBe("failed");
  });
});
