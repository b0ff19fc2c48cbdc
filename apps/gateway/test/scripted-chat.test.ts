import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { text, type AgentFunction } from "@hermes/core";
import { createGateway } from "@hermes/runtime";
import { createChat, createScriptedAgent, type ScriptedAgentOptions, type ScriptedChat } from "@hermes/testkit";
import { describe, expect, it, onTestFinished } from "vitest";

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

async function talkTo(agent: ScriptedAgentOptions | AgentFunction, chat = createChat()): Promise<ScriptedChat> {
  const gateway = createGateway({
    platforms: [chat.platform],
    agent: typeof agent === "function" ? agent : createScriptedAgent(agent),
    access: { allow: ["chat:ada", "chat:bob"] },
    clock: chat.clock,
    logger: silent,
  });
  await gateway.start();
  onTestFinished(() => gateway.stop());
  return chat;
}

describe("A scripted chat", () => {
  it("is answered by the agent, a message for a message", async () => {
    const chat = await talkTo({});
    expect(await chat.user("ada").says("one")).toBe("stored");
    await chat.bot().says("one");
    await chat.user("ada").says("two");
    await chat.bot().saysMatching(/^two$/u);
    await chat.bot().saysNothing();
    expect(chat.standing.map((message) => message.text)).toEqual(["one", "two"]);
  });

  it("shows with the whole conversation what the bot said instead", async () => {
    const chat = await talkTo({ answers: ["Friday\nor so", "Saturday"] });
    await chat.user("ada").says("when?");
    await expect(chat.bot().says("Monday")).rejects.toThrow(
      [
        "Expected the bot to say: Monday",
        "But it said:             Friday",
        "       or so",
        "",
        "The conversation so far:",
        "  ada says: when?",
        "  bot: Friday",
        "       or so",
      ].join("\n"),
    );
    await chat.user("ada").says("really?");
    await expect(chat.bot().saysNothing()).rejects.toThrow("But it said:             Saturday");
  });

  it("says so when the bot says nothing", async () => {
    const chat = await talkTo({});
    await chat.user("stranger").says("hello");
    await expect(chat.bot().says("hello")).rejects.toThrow(
      /But it said nothing more\.[\s\S]*stranger was refused by the gateway/u,
    );
  });

  it("takes minutes of the clock's time and none of the machine's", async () => {
    const chat = createChat();
    const slow: AgentFunction = async function* () {
      await new Promise<void>((resolve) => chat.clock.wakeAt(chat.clock.now() + 45_000, resolve));
      yield text("after 45 seconds");
    };
    await talkTo(slow, chat);
    await chat.user("ada").says("take your time");
    await chat.bot().saysNothing({ forMs: 30_000 });
    await chat.bot().says("after 45 seconds");
  });

  it("keeps several people and several chats apart", async () => {
    const chat = await talkTo({});
    const club = chat.beside({ type: "group", name: "Club" });
    await chat.user("ada").says("in private");
    await club.user("ada").says("not for the bot");
    await club.user("bob").says("for the bot", { addressed: true });
    await club.bot().says("for the bot");
    await chat.bot().says("in private");
    await club.bot().saysNothing();
    expect(club.transcript()).toBe("  ada says: not for the bot\n  bob says: for the bot\n  bot: for the bot");
  });

  it("hands the agent files, and shows what it sends", async () => {
    const readBack: AgentFunction = async function* (turn) {
      const [attachment] = turn.input[0].attachments;
      if (attachment === undefined) return;
      const bytes = await new Response(await turn.download(attachment)).bytes();
      yield text(`${attachment.name}: ${bytes.join(",")}`);
    };
    const chat = await talkTo(readBack);
    await chat.user("ada").sends({ name: "three.bin", bytes: Uint8Array.of(1, 2, 3) }, "look");
    await chat.bot().says("three.bin: 1,2,3");
  });

  it("tells what nobody said, and what nobody can press", async () => {
    const chat = createChat();
    await expect(chat.user("ada").edits("x")).rejects.toThrow("ada has said nothing that could be edited");
    await expect(chat.user("ada").reacts("👍")).rejects.toThrow("The bot has said nothing to react to");
    await expect(chat.user("ada").presses("Yes")).rejects.toThrow("There is no button [Yes] to press");
    await expect(chat.user("ada").says("anybody?")).rejects.toThrow("The chat is connected to no gateway");
  });
});

describe("A scripted agent", () => {
  it("answers by rule, uses tools, asks, and remembers its turns", async () => {
    const agent = createScriptedAgent({
      rules: [
        { when: /^ask/u, answer: { ask: { key: "q", kind: "text", prompt: "Tea?" }, reply: (answer) => `So: ${answer}` } },
        { when: "tool", answer: [{ reasoning: "hm" }, { tool: "look" }, "Looked."] },
      ],
      answers: ["first", (turn) => `then ${turn.input[0].text}`],
    });
    const chat = createChat();
    const access = { allow: ["chat:ada"] };
    const gateway = createGateway({ platforms: [chat.platform], agent, access, clock: chat.clock, logger: silent });
    await gateway.start();
    const ada = chat.user("ada");
    await ada.says("a tool, please");
    await chat.bot().says("Looked.");
    await ada.says("ask me");
    await chat.bot().saysMatching(/Tea\?/u);
    await ada.says("yes");
    await chat.bot().says("So: yes");
    await ada.says("x");
    await chat.bot().says("first");
    await ada.says("y");
    await chat.bot().says("then y");
    await ada.says("z");
    await chat.bot().says("then z");
    expect(agent.turns.map(({ text, state }) => [text, state])).toEqual([
      ["a tool, please", "finished"],
      ["ask me", "finished"],
      ["x", "finished"],
      ["y", "finished"],
      ["z", "finished"],
    ]);
    await gateway.stop();
  });

  it("fails and hangs when it shall", async () => {
    const agent = createScriptedAgent({
      rules: [{ when: "fail", answer: { fails: "no tea left" } }],
      answers: [{ hangs: true }],
    });
    const chat = createChat();
    const access = { allow: ["chat:ada"] };
    const gateway = createGateway({ platforms: [chat.platform], agent, access, clock: chat.clock, logger: silent });
    await gateway.start();
    await chat.user("ada").says("fail");
    await chat.bot().speaks();
    await chat.user("ada").says("hang");
    await chat.bot().saysNothing();
    await chat.user("ada").says("/stop");
    await chat.bot().speaks();
    expect(agent.turns.map(({ state }) => state)).toEqual(["failed", "stopped"]);
    await gateway.stop();
  });
});

it("The example of the kit's README runs under node:test", async () => {
  const readme = readFileSync(fileURLToPath(new URL("../../../packages/testkit/README.md", import.meta.url)), "utf8");
  const example = /```ts\n([\s\S]*?)```/u.exec(readme)?.[1] ?? expect.unreachable("the README has no example");
  const folder = fileURLToPath(new URL("../node_modules/.cache/hermes-testkit/", import.meta.url));
  mkdirSync(folder, { recursive: true });
  try {
    writeFileSync(`${folder}/readme.test.mjs`, example);
    const options = ["--conditions=@hermes/source", "--test", "--test-reporter=tap", "readme.test.mjs"];
    const { NODE_TEST_CONTEXT: _, ...environment } = process.env;
    const { stdout } = await promisify(execFile)(process.execPath, options, { cwd: folder, env: environment });
    expect(stdout).toMatch(/# pass 1\n# fail 0/u);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe("A bot with buttons and files", () => {
  it("is pressed, sends what it made, and is told what it gets", async () => {
    const chat = createChat();
    const gateway = createGateway({
      platforms: [chat.platform],
      access: { allow: ["chat:ada"] },
      clock: chat.clock,
      agent: async function* (turn) {
        const [attachment] = turn.input[0].attachments;
        if (attachment !== undefined) {
          const content = await new Response(await turn.download(attachment)).text();
          return yield text(`You sent ${content}`);
        }
        const answer = await turn.ask({
          key: "q",
          kind: "choice",
          prompt: "Which one?",
          options: [
            { id: "a", label: "Apples" },
            { id: "p", label: "Pears" },
          ],
          expiresAfterMs: 60_000,
          onExpiry: "",
        });
        const content = new Blob([`option ${"option" in answer ? answer.option : "none"}`]);
        const file = { kind: "file", name: "choice.txt", mimeType: "text/plain", sizeBytes: content.size } as const;
        yield { type: "file", file: { ...file, open: async () => content.stream() }, caption: "There" };
      },
    });
    await gateway.start();
    const ada = chat.user("ada");
    await ada.says("fruit");
    await chat.bot().shows("Apples", "Pears");
    await ada.presses("Pears");
    expect(await chat.bot().sends("choice.txt")).toMatchObject({ text: "There" });
    await ada.sends({ kind: "file", name: "list.txt", mimeType: "text/plain", bytes: new TextEncoder().encode("a list") });
    await chat.bot().says("You sent a list");
    await gateway.stop();
  });
});
