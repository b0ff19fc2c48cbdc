import { describe, expect, it } from "vitest";
import { createScriptedPlatform, settle, type ScriptedStyle } from "@hermes/runtime/testing";
import { createHeldAgent, startGateway } from "./set-up.ts";

const styles: readonly ScriptedStyle[] = ["edit", "final", "live"];
const longText = Array.from({ length: 60 }, (_, index) => `Sentence number ${index} of a long answer that does not fit.`).join(
  "\n\n",
);

describe.each(styles)("On a platform of style %s", (style) => {
  it("a message is answered once", async () => {
    const { gateway, chat } = await startGateway({ scripted: { style } });
    expect(await chat.says("hello")).toBe("stored");
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });

  it("a message that is delivered twice is answered once", async () => {
    const { gateway, chat } = await startGateway({ scripted: { style } });
    await chat.says("hello", { eventId: "same" });
    expect(await chat.says("hello", { eventId: "same" })).toBe("duplicate");
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });

  it("messages of one session are answered in order, one at a time", async () => {
    const { agent, turns } = createHeldAgent();
    const { gateway, chat } = await startGateway({ scripted: { style }, agent });
    for (const word of ["one", "two", "three"]) await chat.says(word);
    await settle();
    expect(turns.map((turn) => turn.text)).toEqual(["one"]);
    for (const index of [0, 1, 2]) {
      turns[index]?.say(`answer ${index}`);
      turns[index]?.end();
      await settle();
    }
    await gateway.idle();
    expect(chat.texts()).toEqual(["answer 0", "answer 1", "answer 2"]);
    await gateway.stop();
  });

  it("a long answer arrives whole, in parts that fit", async () => {
    const { gateway, chat } = await startGateway({
      scripted: { style },
      agent: async function* () {
        yield { type: "text-delta", text: longText };
      },
    });
    await chat.says("tell me");
    await gateway.idle();
    expect(chat.standing.every((message) => !message.isLive)).toBe(true);
    expect(chat.texts().length).toBeGreaterThan(1);
    expect(chat.texts().join("").replaceAll(/\s/gu, "")).toBe(longText.replaceAll(/\s/gu, ""));
    await gateway.stop();
  });

  it("reasoning is not shown", async () => {
    const { gateway, chat } = await startGateway({
      scripted: { style },
      agent: async function* () {
        for (const delta of ["<thi", "nk>secret plan</th", "ink>\n", "The answer."])
          yield { type: "text-delta", text: delta } as const;
        yield { type: "reasoning-delta", text: "more secrets" };
      },
    });
    await chat.says("why?");
    await gateway.idle();
    expect(chat.texts().map((text) => text.trim())).toEqual(["The answer."]);
    await gateway.stop();
  });

  it("an agent that fails is admitted to have failed", async () => {
    const { gateway, chat, log } = await startGateway({
      scripted: { style },
      agent: async function* () {
        yield { type: "text-delta", text: "So far so good." };
        throw new Error("the model is gone");
      },
    });
    await chat.says("hello");
    await gateway.idle();
    const all = chat.texts().join("\n");
    expect(all).toContain("So far so good.");
    expect(all).toContain("Something went wrong");
    expect(all).not.toContain("the model is gone");
    expect(log.join("\n")).toContain("the model is gone");
    await gateway.stop();
  });

  it("an answer of nothing says nothing", async () => {
    const { gateway, chat } = await startGateway({ scripted: { style }, agent: async function* () {} });
    await chat.says("hello");
    await gateway.idle();
    expect(chat.texts()).toEqual([]);
    await gateway.stop();
  });

  it("a send that is refused for now is made again", async () => {
    const { gateway, chat, clock } = await startGateway({ scripted: { style } });
    chat.fail({ on: style === "live" ? "open" : "send", failure: { kind: "rate-limited", retryAfterMs: 3000 } });
    await chat.says("hello");
    await settle();
    await clock.advance(10_000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });

  it("commands are answered", async () => {
    const { gateway, chat } = await startGateway({ scripted: { style } });
    await chat.says("/help");
    await gateway.idle();
    expect(chat.texts()[0]).toMatch(/\/new[\s\S]*\/stop[\s\S]*\/status[\s\S]*\/whoami[\s\S]*\/help/u);
    await gateway.stop();
  });
});

describe("On a platform that edits", () => {
  it("an answer is shown while it grows, paced", async () => {
    const { agent, turns } = createHeldAgent();
    const { gateway, chat, clock } = await startGateway({ agent });
    await chat.says("hello");
    await settle();
    turns[0]?.say("One.");
    await clock.advance(399);
    expect(chat.texts()).toEqual([]);
    await clock.advance(1);
    expect(chat.texts()).toEqual(["One."]);
    turns[0]?.say(" Two.");
    turns[0]?.say(" Three.");
    await clock.advance(1000);
    expect(chat.texts()).toEqual(["One. Two. Three."]);
    expect(chat.calls.filter((call) => call.name === "edit")).toHaveLength(1);
    turns[0]?.end();
    await clock.advance(2000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["One. Two. Three."]);
    await gateway.stop();
  });

  it("somebody is seen at work while an answer takes time, and not for a quick one", async () => {
    const { agent, turns } = createHeldAgent();
    const { gateway, chat, clock } = await startGateway({ agent });
    await chat.says("hello");
    await clock.advance(499);
    expect(chat.typing).toEqual([]);
    await clock.advance(8501);
    const busy = { active: true };
    expect(chat.typing).toEqual([busy, busy, busy]);
    turns[0]?.end();
    await clock.advance(60_000);
    expect(chat.typing).toEqual([busy, busy, busy, { active: false }]);
    await gateway.stop();
  });

  it("the tool that runs is named where somebody is seen at work", async () => {
    const { gateway, chat, clock } = await startGateway({
      async *agent() {
        yield { type: "tool-start", callId: "1", title: "Searching", effect: "none" };
        await new Promise<void>((resolve) => clock.wakeAt(clock.now() + 1000, resolve));
        yield { type: "tool-end", callId: "1", outcome: "done" };
        await new Promise<void>((resolve) => clock.wakeAt(clock.now() + 4000, resolve));
      },
    });
    await chat.says("hello");
    await clock.advance(10_000);
    expect(chat.typing).toEqual([{ active: true, status: "Searching" }, { active: true }, { active: false }]);
    await gateway.stop();
  });
});

describe("On a platform that rations answers", () => {
  it("the one right to answer carries as many texts as it may, and is used once", async () => {
    const { gateway, chat } = await startGateway({
      scripted: { style: "final" },
      agent: async function* () {
        yield { type: "text-delta", text: longText };
      },
    });
    await chat.says("tell me");
    await gateway.idle();
    expect(chat.calls.filter((call) => call.name === "send")).toHaveLength(1);
    expect(chat.grants).toEqual({ used: 1, without: 0 });
    await gateway.stop();
  });

  it("what does not fit into it is said without it", async () => {
    const { gateway, chat } = await startGateway({
      scripted: { style: "final", maxLength: 200 },
      agent: async function* () {
        yield { type: "text-delta", text: longText };
      },
    });
    await chat.says("tell me");
    await gateway.idle();
    expect(chat.grants.used).toBe(1);
    expect(chat.grants.without).toBeGreaterThan(0);
    expect(chat.texts().join("").replaceAll(/\s/gu, "")).toBe(longText.replaceAll(/\s/gu, ""));
    await gateway.stop();
  });
});

describe("On a platform with a stream that only grows", () => {
  it("the stream grows with the answer and is closed at its end", async () => {
    const { agent, turns } = createHeldAgent();
    const { gateway, chat, clock } = await startGateway({ scripted: { style: "live" }, agent });
    await chat.says("hello");
    await settle();
    turns[0]?.say("One.");
    await clock.advance(1000);
    turns[0]?.say(" Two.");
    await clock.advance(1000);
    expect(chat.standing).toMatchObject([{ text: "One. Two.", isLive: true }]);
    turns[0]?.end();
    await clock.advance(1000);
    await gateway.idle();
    expect(chat.standing).toMatchObject([{ text: "One. Two.", isLive: false }]);
    await gateway.stop();
  });
});

describe("Conversations", () => {
  it("remember what was said, without its reasoning", async () => {
    const { gateway, chat, store } = await startGateway({
      agent: async function* () {
        for (const delta of ["<think>a plan</thi", "nk>\n\nFirst.", "\n<thought>more</thought>"])
          yield { type: "text-delta", text: delta } as const;
        yield { type: "segment-end" };
        yield { type: "text-delta", text: "Second." };
      },
    });
    await chat.says("hello");
    await gateway.idle();
    const [session] = await store.listSessions({ limit: 1 });
    const history = await store.history({ sessionId: session?.id ?? "", limit: 10 });
    expect(history.map((entry) => entry.text.replaceAll(/\s+/gu, " "))).toEqual(["hello", "First. Second."]);
    await gateway.stop();
  });

  it("of two people in one group do not mix, and are answered side by side", async () => {
    const seen: (readonly string[])[] = [];
    const { gateway, chat } = await startGateway({
      agent: async function* (turn) {
        seen.push((await turn.history()).map((entry) => entry.text));
        yield { type: "text-delta", text: `for ${turn.input[0].author.id}` };
      },
    });
    await chat.says("mine", { type: "group", userId: "1" });
    await chat.says("yours", { type: "group", userId: "2" });
    await gateway.idle();
    await chat.says("again", { type: "group", userId: "1" });
    await gateway.idle();
    expect(seen).toEqual([[], [], ["mine", "for 1"]]);
    await gateway.stop();
  });

  it("run side by side up to the limit", async () => {
    const { agent, turns } = createHeldAgent();
    const { gateway, chat } = await startGateway({ agent, limits: { maxTurns: 2 } });
    for (const chatId of ["a", "b", "c"]) await chat.says("hello", { chatId });
    await settle();
    expect(turns).toHaveLength(2);
    for (const turn of turns) turn.end();
    await settle();
    expect(turns).toHaveLength(3);
    turns[2]?.end();
    await gateway.stop();
  });

  it("that fill their queue are told so once, and lose nothing they were promised", async () => {
    const { agent, turns } = createHeldAgent();
    const { gateway, chat, clock } = await startGateway({ agent, limits: { maxQueuedPerSession: 2 } });
    const answers: string[] = [];
    for (let index = 0; index < 6; index += 1) {
      answers.push(await chat.says(`message ${index}`));
      await settle();
    }
    expect(answers).toEqual(["stored", "stored", "stored", "refused", "refused", "refused"]);
    expect(chat.texts()).toEqual([expect.stringContaining("2 messages are waiting")]);
    for (const index of [0, 1, 2]) {
      turns[index]?.end();
      await settle();
    }
    await clock.advance(1000);
    expect(turns.map((turn) => turn.text)).toEqual(["message 0", "message 1", "message 2"]);
    await gateway.stop();
  });

  it("by different people on two platforms of one kind stay apart", async () => {
    const other = createScriptedPlatform({ style: "edit", id: "other" });
    const { gateway, chat, store } = await startGateway();
    await chat.says("hello");
    await gateway.idle();
    expect((await store.listSessions({ limit: 10 })).map((session) => session.key)).toEqual(["agent:main:scripted:dm:c1"]);
    expect(other.texts()).toEqual([]);
    await gateway.stop();
  });
});
