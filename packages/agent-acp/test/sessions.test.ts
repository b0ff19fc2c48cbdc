import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { Conversation, only, startExample, startMisbehaving, stopper, temporaryFolder, textOf } from "./turns.ts";

describe("A conversation behind a gateway that restarts", () => {
  it.each([
    ["resumed", []],
    ["loaded, and what is replayed is not said", ["no-resume"]],
  ])("has its session %s", async (_how, args) => {
    const folder = await temporaryFolder();
    const before = await startExample({}, { args, folder });
    const first = new Conversation(before.agent);
    await first.say("say one");
    await before.agent.close?.();
    const after = await startExample({}, { args, folder });
    const second = new Conversation(after.agent, { transcript: first.transcript });
    expect(JSON.parse(await second.answerTo("recall"))).toContain("say one");
    expect(second.transcript).toHaveLength(1);
  });

  it("has a new session with its history where the agent cannot take up an old one", async () => {
    const folder = await temporaryFolder();
    const history = [{ role: "user" as const, text: "call me Ada", turnId: "0" }];
    const args = ["no-resume", "no-load"];
    const { agent } = await startExample({}, { args, folder });
    const conversation = new Conversation(agent, { history, transcript: [{ kind: "acp-session", id: "gone" }] });
    expect(await conversation.answerTo("prompt")).toContain("> call me Ada");
    expect(conversation.transcript).toHaveLength(2);
  });

  it("has a new session where the agent refuses to take up the old one", async () => {
    const { agent, host } = await startMisbehaving(["refuses-resume"]);
    const conversation = new Conversation(agent, { transcript: [{ kind: "acp-session", id: "gone" }] });
    expect(await conversation.answerTo("hello")).toBe("told hello");
    expect(host.log.filter(({ message }) => message.includes("is not taken up"))).toHaveLength(2);
  });

  it("reads no entry of a transcript that is not its own", async () => {
    const { agent } = await startExample();
    const transcript = [{ kind: "acp-session" }, { kind: "other", id: "x" }, "acp-session", null];
    expect(await new Conversation(agent, { transcript }).answerTo("say fine")).toBe("fine");
  });

  it("hears nothing of what a session replays", async () => {
    const { agent } = await startMisbehaving(["replays"]);
    const conversation = new Conversation(agent, { transcript: [{ kind: "acp-session", id: "old" }] });
    expect(await conversation.answerTo("hello")).toBe("told hello");
  });
});

describe("A turn that was interrupted", () => {
  it("goes on in the agent's own session, with what was shown and the question quoted", async () => {
    const folder = await temporaryFolder();
    const before = await startExample({}, { folder });
    const first = new Conversation(before.agent);
    await first.say("say half of it");
    const after = await startExample({}, { folder });
    const second = new Conversation(after.agent, { transcript: first.transcript });
    const resume = {
      after: "crash" as const,
      ...(first.state === undefined ? {} : { state: first.state }),
      shown: "half of it",
      open: [{ callId: "x", effect: "repeatable" as const }],
    };
    const prompt = await second.answerTo("prompt", { resume });
    expect(prompt).toContain("You were interrupted");
    expect(prompt).toContain("not to be repeated:\\n> half of it");
    expect(prompt).toContain("look before you use it again");
    expect(prompt).toContain("This is what you work on:\\n\\n> prompt");
  });

  it("begins where the agent was not told of it yet", async () => {
    const { agent } = await startExample();
    const resume = { after: "crash" as const, shown: "", open: [] };
    expect(await new Conversation(agent).answerTo("prompt", { resume })).toBe('[{"text":"prompt","type":"text"}]');
  });
});

describe("Sessions", () => {
  it("are closed when more are live than may be, and taken up when they are needed again", async () => {
    const { agent } = await startExample({ maxSessions: 2 });
    const conversations = ["a", "b", "c"].map((id) => new Conversation(agent, { id }));
    for (const [index, conversation] of conversations.entries()) await conversation.say(`say ${index}`);
    expect(await conversations[0]?.answerTo("recall")).toContain("say 0");
    const ids = new Set(conversations.flatMap(({ transcript }) => transcript.map((entry) => JSON.stringify(entry))));
    expect(ids.size).toBe(3);
  });

  it("are deleted in the agent when their conversation is forgotten", async () => {
    const { agent, folder } = await startExample();
    const conversation = new Conversation(agent);
    await conversation.say("say hello");
    expect((await readdir(folder)).filter((name) => name.startsWith("session-"))).toHaveLength(1);
    await agent.forget?.(conversation.id);
    expect((await readdir(folder)).filter((name) => name.startsWith("session-"))).toEqual([]);
    await agent.forget?.("never-was");
  });

  it("are given the configured MCP servers", async () => {
    const mcpServers = {
      files: { command: "/bin/files" },
      web: { url: "https://example.org/mcp" },
      old: { url: "https://example.org/sse", transport: "sse" as const },
    };
    const { agent, host } = await startExample({ mcpServers });
    expect(await new Conversation(agent).answerTo("recall")).toBe('["mcp files,web"]');
    expect(host.log.some(({ message }) => message.includes("goes without old"))).toBe(true);
  });

  it("want a login, and the error says how to come by it", async () => {
    const { agent } = await startExample({}, { args: ["login"] });
    await expect(new Conversation(agent).say("hello")).rejects.toThrow(
      /wants a login first.*in a terminal.*Account \(Run `example login`\)/u,
    );
  });
});

describe("A turn that is stopped", () => {
  it("is stopped in the agent, and the session goes on", async () => {
    const { agent } = await startExample();
    const conversation = new Conversation(agent);
    const { signal, stop } = stopper();
    const events = [];
    for await (const event of conversation.events("begin execute; say working; wait; say never", { signal })) {
      events.push(event);
      if (event.type === "text-delta") stop();
    }
    expect(textOf(events)).toBe("working");
    expect(only(events, "tool-end")).toEqual([{ type: "tool-end", callId: "call-execute", outcome: "skipped" }]);
    expect(await conversation.answerTo("say again")).toBe("again");
  });

  it("by whoever stops reading is stopped, too", async () => {
    const { agent } = await startExample();
    const conversation = new Conversation(agent);
    for await (const event of conversation.events("say working; wait")) if (event.type === "text-delta") break;
    expect(await conversation.answerTo("say again")).toBe("again");
  });

  it("before it began asks nothing of the agent", async () => {
    const { agent } = await startExample();
    const { signal, stop } = stopper();
    stop();
    const conversation = new Conversation(agent);
    expect(await conversation.say("say never", { signal })).toEqual([]);
    expect(await conversation.answerTo("recall")).toBe('["mcp "]');
  });

  it("lets the next of its conversation wait, and no other", async () => {
    const { agent } = await startExample();
    const conversation = new Conversation(agent);
    const { signal, stop } = stopper();
    const first = conversation.events("say one; wait", { signal });
    for await (const event of first) if (event.type === "text-delta") break;
    const waiting = conversation.answerTo("say two");
    expect(await new Conversation(agent, { id: "other" }).answerTo("say mine")).toBe("mine");
    stop();
    expect(await waiting).toBe("two");
  });
});
