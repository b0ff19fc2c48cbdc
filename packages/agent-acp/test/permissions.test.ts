import type { Question } from "@hermes/core";
import { describe, expect, it } from "vitest";
import { permissionQuestion } from "../src/turn/permission.ts";
import { Conversation, only, startExample, stopper, textOf, until } from "./turns.ts";

const by = (option: string) => () => ({ by: "ada", option });

describe("What an agent asks leave for", () => {
  it("is put to a person whole, with the agent's own options, and the answer goes back", async () => {
    const { agent } = await startExample();
    const conversation = new Conversation(agent, { answer: by("allow_once") });
    const events = await conversation.say("say first; ask rm -rf /tmp/`x`");
    expect(textOf(events)).toBe("first|yes-once");
    expect(conversation.questions).toHaveLength(1);
    const [question] = conversation.questions;
    expect(question).toMatchObject({
      key: expect.stringMatching(/^acp:call-rm--rf-\/tmp\/`x`:[0-9a-f]{16}$/u),
      kind: "approval",
      expiresAfterMs: 300_000,
      options: [
        { id: "allow_once", label: "Allow" },
        { id: "allow_always", label: "Always allow" },
        { id: "reject_once", label: "Reject" },
      ],
    });
    expect(question?.prompt).toContain('"command": "rm -rf /tmp/`x`"');
    expect(only(events, "tool-end")[0]?.outcome).toBe("done");
  });

  it("is asked the same way again, with the same key", async () => {
    const keys = await Promise.all(
      [1, 2].map(async () => {
        const { agent } = await startExample();
        const conversation = new Conversation(agent, { answer: by("reject_once") });
        await conversation.say("ask make");
        return conversation.questions[0]?.key;
      }),
    );
    expect(keys[0]).toBe(keys[1]);
  });

  it.each([
    ["expires", () => ({ expired: true }) as const],
    ["is refused", () => ({ refused: "nobody is there" }) as const],
    ["is answered with something that was not offered", by("approve")],
    ["is answered with no", by("reject_once")],
    ["cannot be asked", () => Promise.reject(new Error("the store is gone"))],
  ])("is a no when the question %s", async (_how, answer) => {
    const { agent } = await startExample();
    const events = await new Conversation(agent, { answer }).say("ask make");
    expect(textOf(events)).toBe("no-once");
    expect(only(events, "tool-end")[0]?.outcome).toBe("denied");
  });

  it("is a no without a question where the configuration says so", async () => {
    const { agent } = await startExample({ permissions: "deny" });
    const conversation = new Conversation(agent, { answer: by("allow_once") });
    expect(await conversation.answerTo("ask make")).toBe("no-once");
    expect(conversation.questions).toEqual([]);
  });

  it("waits until what was said before it was read", async () => {
    const { agent } = await startExample();
    const seen: string[] = [];
    const answer = (question: Question) => {
      seen.push(question.kind);
      return { by: "ada", option: "allow_once" };
    };
    for await (const event of new Conversation(agent, { answer }).events("say before; ask make; say after")) {
      if (event.type === "text-delta") seen.push(event.text);
    }
    expect(seen.slice(0, 2)).toEqual(["before", "approval"]);
  });

  it("shows what would not be seen", () => {
    const toolCall = { toolCallId: "1", title: "Run\u202e `it`", rawInput: { command: "ls \u202e\u200bevil\u{e0041}\n```" } };
    const options = [{ optionId: "y", name: "Yes", kind: "allow_once" as const }];
    const asked = permissionQuestion({ sessionId: "1", toolCall, options }, undefined);
    expect("question" in asked ? asked.question.prompt : "").toBe(
      'The agent asks for leave: **Run \\`it\\`**\n\n````json\n{\n  "command": "ls \\u202e\\u200bevil\\ue0041\\n```"\n}\n````',
    );
  });

  it("is a no when nothing tells what it is for", () => {
    const options = [{ optionId: "y", name: "Yes", kind: "allow_once" as const }];
    const ask = (toolCall: { toolCallId: string; title?: string }) =>
      permissionQuestion({ sessionId: "1", toolCall, options }, undefined);
    expect(ask({ toolCallId: "1" })).toEqual({ unaskable: expect.stringContaining("without saying what for") });
    expect(ask({ toolCallId: "1", title: "t".repeat(7000) })).toEqual({ unaskable: expect.stringContaining("too long") });
    expect(ask({ toolCallId: "1", title: "Leave plan mode" })).toHaveProperty("question");
  });

  it("is a no when it is too long to be shown whole", async () => {
    const { agent } = await startExample();
    const conversation = new Conversation(agent, { answer: by("allow_once") });
    const events = await conversation.say(`ask ${"x".repeat(7000)}`);
    expect(textOf(events)).toBe("no-once");
    expect(only(events, "notice")[0]?.text).toMatch(/too long to be shown whole/u);
    expect(conversation.questions).toEqual([]);
  });

  it("is cancelled when the turn is stopped", async () => {
    const { agent } = await startExample();
    const { signal, stop } = stopper();
    const conversation = new Conversation(agent);
    const running = conversation.say("ask make", { signal });
    await until(() => conversation.questions.length === 1, "a question");
    stop();
    expect(only(await running, "tool-end").map(({ outcome }) => outcome)).toEqual(["skipped"]);
    expect(await conversation.answerTo("recall")).toContain("ask make");
  });
});
