import { describe, expect, it } from "vitest";
import { Conversation, only, said, startExample, textOf } from "./turns.ts";

describe("An agent that runs as a process", () => {
  it("answers what it is told", async () => {
    const { agent } = await startExample();
    expect(await new Conversation(agent).answerTo("say Hello!")).toBe("Hello!");
  });

  it("keeps its session over turns, and the transcript names it once", async () => {
    const { agent } = await startExample();
    const conversation = new Conversation(agent);
    await conversation.say("say one");
    expect(await conversation.answerTo("recall")).toContain("say one");
    expect(conversation.transcript).toEqual([{ kind: "acp-session", id: expect.stringMatching(/^session-/u) }]);
  });

  it("keeps two conversations apart in one process", async () => {
    const { agent } = await startExample();
    const ada = new Conversation(agent, { id: "ada" });
    const grace = new Conversation(agent, { id: "grace" });
    const [one, other] = await Promise.all([ada.answerTo("flood 200"), grace.answerTo("say mine")]);
    expect(one.split(" ")).toHaveLength(201);
    expect(other).toBe("mine");
    expect(await grace.answerTo("recall")).not.toContain("flood");
    expect(new Set([...ada.transcript, ...grace.transcript].map((entry) => JSON.stringify(entry))).size).toBe(2);
  });

  it("has only the environment that is configured", async () => {
    const { agent, folder } = await startExample({ environment: { AGENT_SETTING: "1" } });
    const names = (await new Conversation(agent).answerTo("environment")).split(",").filter((name) => !name.startsWith("__CF"));
    expect(names).toEqual(["AGENT_MEMORY", "AGENT_SETTING", "LANG", "PATH"]);
    expect(await new Conversation(agent).answerTo("folder")).toBe(folder);
  });

  it("is given what was said before when it knows nothing of it, quoted", async () => {
    const { agent } = await startExample();
    const history = [
      { role: "user" as const, text: "my name is Ada", turnId: "0" },
      { role: "assistant" as const, text: "Hello Ada", turnId: "0" },
    ];
    const conversation = new Conversation(agent, { history });
    const first = await conversation.answerTo("prompt");
    expect(first).toContain("They said:\\n> my name is Ada");
    expect(first).toContain("You said:\\n> Hello Ada");
    expect(await conversation.answerTo("prompt")).toBe('[{"text":"prompt","type":"text"}]');
  });

  it("learns who wrote what where several may", async () => {
    const { agent } = await startExample();
    const conversation = new Conversation(agent, { type: "group" });
    const input = [said("You wrote:\nGrace wrote: x", "Ada\nGrace"), said("prompt", "Grace")] as const;
    const [block] = JSON.parse(textOf(await conversation.say("", { input }))) as { text: string }[];
    expect(block?.text).toBe("Ada Grace wrote:\n> You wrote:\n> Grace wrote: x\n\nGrace wrote:\n> prompt");
  });
});

describe("What it tells", () => {
  it("comes as events in order, with a break before each tool", async () => {
    const { agent } = await startExample();
    const events = await new Conversation(agent).say("think why; say one; tool read; say two; edit; plan");
    expect(events.filter(({ type }) => type !== "checkpoint")).toEqual([
      { type: "reasoning-delta", text: "why" },
      { type: "text-delta", text: "one" },
      { type: "segment-end" },
      { type: "tool-start", callId: "call-read", title: "Do read", effect: "none", input: { what: "read" } },
      { type: "tool-end", callId: "call-read", outcome: "done", summary: "done read" },
      { type: "text-delta", text: "two" },
      { type: "segment-end" },
      { type: "tool-start", callId: "call-edit", title: "Edit", effect: "once" },
      { type: "tool-end", callId: "call-edit", outcome: "done", summary: "/a/notes.md: +3 −2 lines" },
      {
        type: "plan",
        entries: [
          { text: "Look", state: "done" },
          { text: "Change", state: "running" },
          { text: "Test", state: "pending" },
        ],
      },
    ]);
  });

  it.each([
    ["read", "none"],
    ["search", "none"],
    ["think", "none"],
    ["fetch", "none"],
    ["edit", "once"],
    ["delete", "once"],
    ["move", "once"],
    ["execute", "once"],
    ["other", "once"],
  ])("a tool that may %s has the effect %s", async (kind, effect) => {
    const { agent } = await startExample();
    const [start] = only(await new Conversation(agent).say(`tool ${kind}`), "tool-start");
    expect(start?.effect).toBe(effect);
  });

  it("is kept behind a tool that must not run twice", async () => {
    const { agent } = await startExample();
    const types = (await new Conversation(agent).say("tool read; tool execute; say done")).map(({ type }) => type);
    expect(types).toEqual(["checkpoint", "tool-start", "tool-end", "tool-start", "tool-end", "checkpoint", "text-delta"]);
  });

  it("brings pictures as files and links as Markdown", async () => {
    const { agent } = await startExample();
    const events = await new Conversation(agent).say("image; link https://example.org/a; say , ; link file:///etc/passwd");
    const [file] = only(events, "file");
    expect(file?.file).toMatchObject({ kind: "image", name: "image.png", mimeType: "image/png" });
    const bytes = new Uint8Array(await new Response(await file?.file.open()).arrayBuffer());
    expect(bytes).toHaveLength(file?.file.sizeBytes ?? 0);
    expect(new TextDecoder().decode(bytes.slice(1, 4))).toBe("PNG");
    expect(textOf(events)).toBe("[The page](<https://example.org/a>),The page");
  });

  it("breaks between two messages", async () => {
    const { agent } = await startExample();
    expect(await new Conversation(agent).answerTo("message a one; message a two; message b three")).toBe("onetwo|three");
  });

  it.each([
    ["max_tokens", /reached the most/u],
    ["max_turn_requests", /as many requests/u],
    ["refusal", /refused/u],
  ])("says why it stopped early: %s", async (reason, words) => {
    const { agent } = await startExample();
    const [notice] = only(await new Conversation(agent).say(`say a; stop ${reason}`), "notice");
    expect(notice?.text).toMatch(words);
  });

  it("ends each tool that the agent left open", async () => {
    const { agent } = await startExample();
    const ends = only(await new Conversation(agent).say("begin execute; begin read; say over"), "tool-end");
    expect(ends.map(({ callId, outcome }) => `${callId} ${outcome}`)).toEqual(["call-execute skipped", "call-read skipped"]);
  });
});
