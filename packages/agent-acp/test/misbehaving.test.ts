import { describe, expect, it } from "vitest";
import { Conversation, only, startMisbehaving, textOf, until } from "./turns.ts";

describe("An agent that writes what is no frame", () => {
  it("is told of in the log and answered around", async () => {
    const { agent, host } = await startMisbehaving(["garbage"]);
    expect(await new Conversation(agent).answerTo("hello")).toBe("told hello");
    expect(host.log.filter(({ level }) => level === "warn").length).toBeGreaterThanOrEqual(6);
    expect(host.log.some(({ message }) => message.includes("Welcome!"))).toBe(true);
  });

  it("is understood when its frames come byte by byte", async () => {
    const { agent } = await startMisbehaving(["half-frames"]);
    expect(await new Conversation(agent).answerTo("hello")).toBe("häppchen");
  });

  it("loses an update that is too large, and nothing else", async () => {
    const { agent, host } = await startMisbehaving(["giant-update"]);
    expect(await new Conversation(agent).answerTo("hello")).toBe("small");
    expect(host.log.some(({ message }) => /frame of 178\d+ bytes/u.test(message))).toBe(true);
  });

  it("is ended when an answer is too large to be read, since nobody could wait for another", async () => {
    const { agent } = await startMisbehaving(["giant-answer"]);
    await expect(new Conversation(agent).say("hello")).rejects.toThrow(/was ended, because it sent a frame of/u);
  });

  it("is heard in spite of answers to what nobody asked", async () => {
    const { agent } = await startMisbehaving(["wrong-ids"]);
    expect(await new Conversation(agent).answerTo("hello")).toBe("still here");
  });

  it("is not heard beyond its answer, and its second answer is nobody's", async () => {
    const { agent, host } = await startMisbehaving(["answers-twice"]);
    const conversation = new Conversation(agent);
    expect(await conversation.answerTo("hello")).toBe("once");
    await until(() => host.log.some(({ message }) => message.includes("that was not asked")), "the second answer came");
    expect(await conversation.answerTo("again")).toBe("once");
  });

  it("fails the turn with an answer that is none", async () => {
    const { agent } = await startMisbehaving(["malformed-answer"]);
    await expect(new Conversation(agent).say("hello")).rejects.toThrow(
      /`session\/prompt` with something that the protocol does not know/u,
    );
  });

  it("tells what cannot be read, which is left out and logged once", async () => {
    const { agent, host } = await startMisbehaving(["broken-updates"]);
    const events = await new Conversation(agent).say("hello");
    expect(textOf(events)).toBe("fine");
    expect(host.log.filter(({ message }) => message.includes("that the protocol does not know"))).toHaveLength(1);
  });
});

describe("An agent that tells its tools in any order", () => {
  it("starts each once and ends each once", async () => {
    const { agent } = await startMisbehaving(["odd-tools"]);
    const events = await new Conversation(agent).say("hello");
    const told = events.flatMap((event) => {
      if (event.type === "tool-start") return [`start ${event.title} ${event.effect}`];
      return event.type === "tool-end" ? [`end ${event.outcome}`] : [];
    });
    expect(told).toEqual(["start Tool once", "end done", "start A B none", "end failed", "start Long once", "end skipped"]);
    for (const { callId } of only(events, "tool-start")) expect(callId.length).toBeLessThanOrEqual(120);
  });

  it("is followed for a bounded number of them", async () => {
    const { agent } = await startMisbehaving(["many-tools"]);
    const events = await new Conversation(agent).say("hello");
    expect(only(events, "tool-start")).toHaveLength(2000);
    expect(only(events, "tool-end")).toHaveLength(2000);
  });
});

describe("An agent that reaches for what is not its own", () => {
  it("says nothing in another's turn", async () => {
    const { agent } = await startMisbehaving(["other-sessions"]);
    const [one, other] = [new Conversation(agent, { id: "one" }), new Conversation(agent, { id: "other" })];
    expect(await one.answerTo("hello")).toBe("mine");
    expect(await Promise.all([one.answerTo("a"), other.answerTo("b")])).toEqual(["mine", expect.stringMatching(/mine$/u)]);
  });

  it("may not give two conversations one session", async () => {
    const { agent } = await startMisbehaving(["same-session"]);
    await new Conversation(agent, { id: "one" }).say("hello");
    await expect(new Conversation(agent, { id: "other" }).say("hello")).rejects.toThrow(/id of one that is in use/u);
  });

  it("is refused what it was not offered, and leave that nobody can give", async () => {
    const { agent } = await startMisbehaving(["permission-for-others"]);
    const conversation = new Conversation(agent, { answer: () => ({ by: "ada", option: "allow_once" }) });
    const cancelled = { outcome: { outcome: "cancelled" } };
    expect(JSON.parse(await conversation.answerTo("hello"))).toEqual([cancelled, -32_602, cancelled, -32_601, -32_601, -32_601]);
    expect(conversation.questions).toEqual([]);
  });

  it("is ended when it asks without end", async () => {
    const { agent } = await startMisbehaving(["floods-requests"]);
    await expect(new Conversation(agent).say("hello")).rejects.toThrow(/asked more than 256 things at once/u);
  });

  it("has its key taken out of the log, and its flood cut", async () => {
    const secret = "sk-abcdef-0123456789";
    const { agent, host } = await startMisbehaving(["floods-errors"], { environment: { AGENT_API_KEY: secret } });
    expect(await new Conversation(agent).answerTo("hello")).toBe("told hello");
    await until(() => host.log.some(({ message }) => message.includes("There is more of this")), "the flood is cut");
    expect(host.concealed).toEqual([secret]);
    expect(host.log.length).toBeLessThan(300);
    expect(JSON.stringify(host.log)).not.toContain(secret);
    expect(host.log.some(({ message }) => message.includes("the key is [concealed]"))).toBe(true);
  });
});

describe("An agent that tells faster than it is read", () => {
  it("is read in pace, and loses nothing", async () => {
    const { agent } = await startMisbehaving(["floods-text", "20000"]);
    let length = 0;
    let events = 0;
    for await (const event of new Conversation(agent).events("hello")) {
      if (event.type !== "text-delta") continue;
      length += event.text.length;
      events += 1;
      if (events < 20) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(length).toBe(20_000_000);
    expect(events).toBeLessThan(20_000);
  });
});
