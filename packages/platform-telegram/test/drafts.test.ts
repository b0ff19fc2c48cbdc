import type { LiveMessage, ReplyView } from "@hermes/core";
import { describe, expect, test } from "vitest";
import { closeAfterEach } from "./closing.ts";
import { ada, connectBot, failed, group, options, type ConnectedBot } from "./connected-bot.ts";

closeAfterEach();

const view = (markdown: string): ReplyView => ({ markdown, steps: [] });

async function live(bot: ConnectedBot, idempotencyKey = "key"): Promise<LiveMessage> {
  const opened = await bot.connection.openLive?.(ada, { ...options, idempotencyKey });
  return opened ?? expect.unreachable("a private chat has drafts");
}

/** The texts that drafts were shown with, oldest first. */
function shown(bot: ConnectedBot): readonly unknown[] {
  return bot.server.callsOf("sendMessageDraft").flatMap(({ text, chat_id: chat }) => (chat === 0 ? [] : [text]));
}

describe("a draft", () => {
  test("grows under one number, and gives way to an ordinary message", async () => {
    const bot = await connectBot();
    const draft = await live(bot);
    expect(draft).toMatchObject({ mode: "replace", maxLength: 32_768, minIntervalMs: 1000 });
    await draft.update(view("**Hel"));
    await draft.update(view("**Hello**"));
    const { drafts } = bot.server.world.ensure(42);
    expect([...drafts.values()]).toMatchObject([{ content: { text: "Hello", entities: [{ type: "bold" }] }, canStop: true }]);
    const question = bot.server.say("?");
    const sent = await draft.finish(view("**Hello** there"));
    expect(sent).toEqual([{ platform: "telegram", chatId: "42", messageId: "2" }]);
    expect(question.message_id).toBe(1);
    expect(drafts.size).toBe(0);
    expect(bot.server.texts(42, "bot")).toEqual(["Hello there"]);
    expect(bot.server.violations).toEqual([]);
  });

  test("that is just being shown again does not hold up whoever disconnects", async () => {
    const bot = await connectBot();
    const draft = await live(bot);
    await draft.update(view("Hello"));
    bot.server.fail("sendMessageDraft", { type: "hang", acted: false });
    await bot.clock.skip();
    await bot.server.until(() => bot.server.underWay > 0);
    const startedAtMs = performance.now();
    await bot.connection.disconnect();
    // Telegram would have 1.5 s to answer.
    expect(performance.now() - startedAtMs).toBeLessThan(1000);
    expect(bot.clock.waits).toEqual([]);
  });

  test("keeps its number for the same send, and another send has another", async () => {
    const bot = await connectBot();
    for (const key of ["one", "one", "two"]) {
      const draft = await live(bot, key);
      await draft.update(view("x"));
      await draft.abandon();
    }
    const [, first, again, other] = bot.server.callsOf("sendMessageDraft").map(({ draft_id: id }) => id);
    expect(first).toBe(again);
    expect(other).not.toBe(first);
  });

  test("is finished quietly and as an answer where that is asked for", async () => {
    const bot = await connectBot();
    const question = bot.server.say("question");
    const quote = { ...ada.ref, messageId: String(question.message_id) };
    const draft = await bot.connection.openLive?.(ada, { ...options, quote, silent: true });
    await draft?.finish(view("answer"));
    const answer = bot.server.world.chats.get(42)?.messages.get(2);
    expect(answer?.reply_to_message?.message_id).toBe(question.message_id);
    expect(bot.server.callsOf("sendMessage")[0]).toMatchObject({ disable_notification: true });
  });

  test("shows thinking as long as there is nothing to read", async () => {
    const bot = await connectBot();
    await (await live(bot)).update(view(" \n"));
    expect(shown(bot)).toEqual([""]);
  });

  test("is shown again before Telegram drops it, as often as the agent is silent, and not once it is over", async () => {
    const bot = await connectBot();
    const draft = await live(bot);
    await draft.update(view("still working"));
    for (let count = 2; count < 5; count++) {
      expect(await bot.clock.skip()).toBe(25_000);
      await bot.server.until(() => shown(bot).length === count && bot.server.underWay === 0);
      await bot.clock.waiting();
    }
    await draft.finish(view("done"));
    expect(bot.clock.waits).toEqual([]);
    expect(shown(bot)).toEqual(Array<string>(4).fill("still working"));
  });

  test("is not shown again after it was given up, nor once the bot disconnects", async () => {
    const bot = await connectBot();
    const first = await live(bot, "first");
    await first.update(view("one"));
    await first.abandon();
    expect(bot.clock.waits).toEqual([]);
    await first.update(view("too late"));
    expect(shown(bot)).toEqual(["one"]);
    await (await live(bot, "second")).update(view("two"));
    expect(bot.clock.waits).toEqual([25_000]);
    await bot.connection.disconnect();
    expect(bot.clock.waits).toEqual([]);
  });

  test("being shown again when the message is ready is over before that is sent", async () => {
    const bot = await connectBot();
    const draft = await live(bot);
    await draft.update(view("still working"));
    let release = (): void => undefined;
    const until = new Promise<void>((resolve) => (release = resolve));
    bot.server.fail("sendMessageDraft", { type: "delay", until });
    await bot.clock.skip();
    await bot.server.until(() => shown(bot).length === 2);
    const finished = draft.finish(view("done"));
    release();
    await finished;
    expect(bot.server.world.ensure(42).drafts.size).toBe(0);
    expect(bot.server.calls.at(-1)?.method).toBe("sendMessage");
  });

  test("that cannot be repeated just now is tried again, and one that is refused is not", async () => {
    const bot = await connectBot();
    const draft = await live(bot);
    await draft.update(view("x"));
    bot.server.fail("sendMessageDraft", { type: "rate-limit", retryAfter: 3 });
    await bot.clock.skip();
    await bot.server.until(() => shown(bot).length === 2);
    await bot.clock.waiting();
    bot.server.fail("sendMessageDraft", { type: "error", code: 403, description: "Forbidden: bot was blocked by the user" });
    await bot.clock.skip();
    await bot.server.until(() => shown(bot).length === 3 && bot.server.underWay === 0);
    await draft.abandon();
    expect(bot.clock.waits).toEqual([]);
  });

  test("tells of its failures by their kind, and the message can be sent all the same", async () => {
    const bot = await connectBot();
    const draft = await live(bot);
    bot.server.fail("sendMessageDraft", { type: "rate-limit", retryAfter: 3 });
    const error = await failed(draft.update(view("x")));
    expect(error.failure).toEqual({ kind: "rate-limited", retryAfterMs: 3000 });
    bot.server.fail("sendMessage", { type: "drop", when: "before" });
    expect((await failed(draft.finish(view("x")))).maybeDone).toBe(true);
    await draft.finish(view("x"));
    expect(bot.server.texts(42)).toEqual(["x"]);
  });
});

describe("there are no drafts", () => {
  test("in groups and channels", async () => {
    const bot = await connectBot();
    expect(await bot.connection.openLive?.(group, options)).toBeNull();
    expect(bot.connection.capabilitiesFor?.(group).live).toBe(false);
    expect(bot.connection.capabilitiesFor?.({ ...group, type: "channel" }).live).toBe(false);
    expect(bot.connection.capabilitiesFor?.(ada).live).toBe(true);
  });

  test("where they are switched off: the server is not asked", async () => {
    const bot = await connectBot({ drafts: false });
    expect(await bot.connection.openLive?.(ada, options)).toBeNull();
    expect(bot.connection.capabilitiesFor?.(ada).live).toBe(false);
    expect(bot.server.callsOf("sendMessageDraft")).toEqual([]);
  });

  test("on an older server, which is asked once and shows nobody anything", async () => {
    const bot = await connectBot({}, (server) => void server.missing.add("sendmessagedraft"));
    expect(await bot.connection.openLive?.(ada, options)).toBeNull();
    expect(bot.connection.capabilitiesFor?.(ada).live).toBe(false);
    expect(bot.server.callsOf("sendMessageDraft")).toHaveLength(1);
    expect(bot.server.world.chats.get(0)).toBeUndefined();
  });

  test("any more where the server turns out to have none", async () => {
    const bot = await connectBot();
    const draft = await live(bot);
    bot.server.missing.add("sendmessagedraft");
    expect((await failed(draft.update(view("x")))).failure).toEqual({ kind: "invalid" });
    expect(bot.connection.capabilitiesFor?.(ada).live).toBe(false);
    await draft.finish(view("x"));
    expect(bot.server.texts(42)).toEqual(["x"]);
  });
});
