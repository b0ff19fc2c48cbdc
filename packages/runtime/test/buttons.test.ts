import type { Answer, Question } from "@hermes/core";
import { buildSessionKey, text } from "@hermes/core";
import { createMemoryStore } from "@hermes/runtime";
import { createFakeClock, settle } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { english } from "../src/catalogue/en.ts";
import { optionToken } from "../src/turn/question-buttons.ts";
import { Questions } from "../src/turn/questions.ts";
import { createAblePlatform } from "./able-platform.ts";
import { mortal } from "./mortal.ts";
import { startGateway } from "./set-up.ts";

const question: Question = {
  key: "q",
  kind: "approval",
  prompt: "Delete it?",
  expiresAfterMs: 60_000,
  onExpiry: "Too late.",
};

const nothing = (): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };

async function asking(more: Partial<Question> = {}, chat = createAblePlatform()) {
  const answers: Answer[] = [];
  const bench = await startGateway({
    chat,
    agent: async function* (turn) {
      if (turn.input[0].text !== "delete") return yield text("Nothing to do.");
      answers.push(await turn.ask({ ...question, ...more }));
      yield text("Good.");
    },
  });
  await chat.says("delete");
  await bench.clock.advance(2000);
  return { ...bench, chat, answers };
}

describe("A question with options, where there are buttons", () => {
  it("has one for each, is answered by a press, and shows then what was chosen", async () => {
    const { chat, answers, clock, gateway } = await asking();
    expect(chat.sent).toMatchObject([{ texts: ["Delete it?"], buttons: ["Yes", "No"] }]);
    expect(await chat.presses("Yes")).toBe("stored");
    await clock.advance(2000);
    await gateway.idle();
    expect(answers).toEqual([{ by: "7", option: "approve" }]);
    expect(chat.texts()).toEqual(["Delete it?\n\n➡️ Yes", "Good."]);
    expect(chat.edits).toMatchObject([{ actions: [] }]);
    expect(chat.settled).toEqual([undefined]);
  });

  it("is still answered by words", async () => {
    const { chat, answers, clock } = await asking();
    await chat.says("no");
    await clock.advance(2000);
    expect(answers).toEqual([{ by: "7", option: "deny" }]);
  });

  it("is not answered by somebody else, who is told so", async () => {
    const { chat, answers } = await asking();
    await chat.presses("Yes", "u2");
    expect([answers, chat.settled]).toEqual([[], ["Somebody else was asked this."]]);
  });

  it("is not answered by somebody who was not let in, who is told nothing", async () => {
    const chat = createAblePlatform();
    const { gateway, clock } = await startGateway({
      chat,
      access: { allow: ["scripted:7"] },
      agent: async function* (turn) {
        await turn.ask(question);
        yield text("Good.");
      },
    });
    await chat.says("delete");
    await clock.advance(2000);
    expect(await chat.presses("Yes", "u2")).toBe("refused");
    expect(chat.settled).toEqual([]);
    await gateway.stop();
  });

  it("cannot be answered twice, nor once it has expired", async () => {
    const { chat, answers, clock } = await asking();
    await chat.presses("Yes");
    await chat.presses("No");
    await clock.advance(2000);
    expect(answers).toHaveLength(1);
    await chat.says("delete");
    await clock.advance(70_000);
    await chat.presses("No");
    expect(answers).toEqual([{ by: "7", option: "approve" }, { expired: true }]);
    expect(chat.settled).toEqual([undefined, "This question is not open any more.", "This question is not open any more."]);
  });

  it("is answered by a press after a restart", async () => {
    const store = createMemoryStore();
    const chat = createAblePlatform();
    const answers: Answer[] = [];
    const agent = async function* (turn: { ask(question: Question): Promise<Answer> }) {
      answers.push(await turn.ask(question));
      yield text("Good.");
    };
    const first = mortal(store);
    const before = await startGateway({ chat, agent, store: first.store });
    await chat.says("delete");
    await before.clock.advance(2000);
    first.end();
    const after = await startGateway({ chat, agent, store, clock: before.clock });
    await chat.presses("Yes");
    await after.clock.advance(5000);
    await after.gateway.idle();
    expect(answers).toEqual([{ by: "7", option: "approve" }]);
    expect(chat.texts()).toEqual(["Delete it?\n\n➡️ Yes", "Good."]);
  });

  it("lists its options in words where one of them has no label", async () => {
    const options = [
      { id: "a", label: "Go" },
      { id: "b", label: " " },
    ];
    const { chat, answers, clock } = await asking({ kind: "choice", options });
    expect(chat.sent).toMatchObject([{ buttons: [] }]);
    await chat.says("2");
    await clock.advance(2000);
    expect(answers).toEqual([{ by: "7", option: "b" }]);
  });

  it("costs no more to answer where thousands of others are open", async () => {
    const questions = new Questions({
      store: createMemoryStore(),
      clock: createFakeClock(),
      logger: silent,
      catalogue: english,
      approvals: { mayAnswer: () => true },
    });
    const options = ["a", "b", "c"].map((id) => ({ id, label: id }));
    for (let index = 0; index < 10_000; index += 1) {
      const sessionKey = buildSessionKey({ kind: "background", id: `${index}` });
      const open = { ...question, key: `q${index}`, options };
      questions.expect({
        turnId: "t",
        sessionKey,
        question: open,
        asked: { chat: { platform: "scripted", chatId: "1" }, userId: "7" },
        expiresAtMs: 1,
      });
    }
    const { chat, origin, at } = createAblePlatform().message("");
    const base = { version: 1, type: "action", eventId: "e", chat, origin, at } as const;
    const startedAtMs = performance.now();
    for (let press = 0; press < 1000; press += 1)
      expect(questions.pressOf({ ...base, token: optionToken("t", `q${press * 10}`, "c") })).toMatchObject({ optionId: "c" });
    expect(questions.pressOf({ ...base, token: "unknown" })).toEqual({ kind: "over" });
    // A look at each of them took ten seconds and more.
    expect(performance.now() - startedAtMs).toBeLessThan(1000);
  });

  it("lists its options in words where they are more than there can be buttons", async () => {
    const options = Array.from({ length: 9 }, (_, index) => ({ id: `${index}`, label: `option ${index}` }));
    const { chat } = await asking({ kind: "choice", options });
    expect(chat.sent).toMatchObject([{ buttons: [] }]);
    expect(chat.texts()[0]).toContain("9. option 8");
  });
});

describe("The menu of commands", () => {
  it("is published once a platform that shows one is connected", async () => {
    const chat = createAblePlatform();
    const { gateway } = await startGateway({ chat });
    await settle();
    expect(chat.menus).toEqual([gateway.commands().map(({ name }) => name)]);
  });
});

describe("A file that somebody sent", () => {
  it("is fetched by the turn, no larger than asked for", async () => {
    const chat = createAblePlatform();
    const seen: string[] = [];
    await startGateway({
      chat,
      agent: async function* (turn) {
        const [attachment] = turn.input[0].attachments;
        if (attachment === undefined) return;
        seen.push(await new Response(await turn.download(attachment)).text());
        await turn
          .download(attachment, { maxBytes: 2 })
          .then((bytes) => new Response(bytes).text())
          .catch((error: unknown) => seen.push(String(error)));
        yield text("seen");
      },
    });
    await chat.says("look", { attachments: [{ kind: "file", ticket: { id: 7 }, name: "notes.txt" }] });
    await settle();
    expect(seen).toEqual([
      '{"id":7}',
      expect.stringContaining("Cannot fetch the file `notes.txt`: it is larger than 2 bytes") as string,
    ]);
  });
});
