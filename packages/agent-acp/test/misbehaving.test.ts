import { describe, expect, it } from "vitest";
import { Conversation, hastyClock, isRunning, only, startMisbehaving, stopper, textOf, until } from "./turns.ts";

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

describe("An agent that ends", () => {
  it("in the middle of an answer fails the turn, ends its tools, and runs again for the next", async () => {
    const { agent } = await startMisbehaving(["crashes-mid-prompt"]);
    const conversation = new Conversation(agent);
    const events = [];
    let failure: unknown;
    try {
      for await (const event of conversation.events("crash")) events.push(event);
    } catch (error) {
      failure = error;
    }
    expect(String(failure)).toMatch(/ended with exit code 9/u);
    expect(textOf(events)).toBe("part |");
    expect(only(events, "tool-end")).toEqual([{ type: "tool-end", callId: "open", outcome: "failed" }]);
    expect(await conversation.answerTo("hello")).toBe("part |");
  });

  it.each([
    ["exits-at-once", /exit code 3/u],
    ["crashes-at-initialize", /exit code 4/u],
  ])("at its start is told of, and after some tries not started again for a while: %s", async (way, words) => {
    const { agent } = await startMisbehaving([way], {}, { clock: hastyClock });
    const conversation = new Conversation(agent);
    await expect(conversation.say("hello")).rejects.toThrow(words);
    for (let attempt = 0; attempt < 4; attempt += 1) await expect(conversation.say("hello")).rejects.toThrow(words);
    await expect(conversation.say("hello")).rejects.toThrow(/ended 5 times in a row .*tried again in \d+ s/u);
  });

  it("by closing its output is ended whole", async () => {
    const { agent } = await startMisbehaving(["closes-output"]);
    await expect(new Conversation(agent).say("hello")).rejects.toThrow(/closed its standard output/u);
  });

  it("leaves nothing running", async () => {
    const { agent } = await startMisbehaving(["leaves-children"]);
    const child = Number(await new Conversation(agent).answerTo("hello"));
    expect(isRunning(child)).toBe(true);
    await agent.close?.();
    await until(() => !isRunning(child), "the child has ended");
  });

  it("only when it is killed is killed", async () => {
    const { agent } = await startMisbehaving(["ignores-signals"]);
    expect(await new Conversation(agent).answerTo("go")).toBe("stuck");
    const startedAtMs = Date.now();
    await agent.close?.();
    expect(Date.now() - startedAtMs).toBeLessThan(4000);
    await expect(new Conversation(agent).say("hello")).rejects.toThrow(/is shut down/u);
  });
});

describe("An agent that does not answer", () => {
  it("at its start is given up after the time it may take", async () => {
    const { agent } = await startMisbehaving(["never-initializes"], { startTimeoutMs: 300 });
    await expect(new Conversation(agent).say("hello")).rejects.toThrow(/did not answer `initialize` within/u);
  });

  it("speaks another protocol, and is told so", async () => {
    const { agent } = await startMisbehaving(["wrong-version"]);
    await expect(new Conversation(agent).say("hello")).rejects.toThrow(
      /speaks version 99 of the protocol, where 1 is spoken here/u,
    );
  });

  it("to a stop is left behind, while its process goes on for others", async () => {
    const { agent, host } = await startMisbehaving(["ignores-cancel"], {}, { clock: hastyClock });
    const conversation = new Conversation(agent);
    const { signal, stop } = stopper();
    for await (const event of conversation.events("hang", { signal })) if (event.type === "text-delta") stop();
    expect(host.log.some(({ message }) => message.includes("session is left behind"))).toBe(true);
    expect(await conversation.answerTo("go")).toBe("stuck");
    expect(host.log.filter(({ message }) => message.endsWith(" runs"))).toHaveLength(1);
  });

  it("to anything at all is ended, and the next turn has another process", async () => {
    const { agent, host } = await startMisbehaving(["ignores-everything"], {}, { clock: hastyClock });
    const conversation = new Conversation(agent);
    const { signal, stop } = stopper();
    for await (const event of conversation.events("hang", { signal })) if (event.type === "text-delta") stop();
    expect(await conversation.answerTo("go")).toBe("stuck");
    expect(host.log.filter(({ message }) => message.endsWith(" runs"))).toHaveLength(2);
  });

  it("within the time of a prompt is stopped", async () => {
    const { agent } = await startMisbehaving(["ignores-cancel"], { promptTimeoutMs: 2000 }, { clock: hastyClock });
    await expect(new Conversation(agent).say("hang")).rejects.toThrow(/`session\/prompt` within 2 s/u);
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
