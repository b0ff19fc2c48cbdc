import assert from "node:assert/strict";
import { isPlatformError, type Chat, type Connection } from "@hermes/core";
import { defineCase } from "../case.ts";
import { plainOptions } from "../life.ts";

/** What a connection can do with what stands there, and besides it. */
export const changingCases = [
  defineCase("an edit shows the new text in the same place", async (stage) => {
    const life = await stage.connected();
    const edit = life.connection.edit ?? stage.declines("cannot edit");
    const [ref] = await life.say("before");
    await edit.call(life.connection, ref, { texts: ["after"], files: [], actions: [] }, plainOptions());
    assert.deepEqual(
      (await stage.standing()).map(({ messageId, text }) => [messageId, text]),
      [[ref.messageId, "after"]],
    );
  }),
  defineCase("an edit that changes nothing succeeds or says not-modified", async (stage) => {
    const life = await stage.connected();
    const edit = life.connection.edit ?? stage.declines("cannot edit");
    const [ref] = await life.say("the same");
    try {
      await edit.call(life.connection, ref, { texts: ["the same"], files: [], actions: [] }, plainOptions());
    } catch (error) {
      assert.ok(isPlatformError(error), "the edit failed with something that is no PlatformError");
      assert.equal(error.failure.kind, "not-modified");
    }
    assert.equal((await stage.found(ref)).text, "the same");
  }),
  defineCase("an edit above the limit is refused as too-long, and what stood there stays", async (stage) => {
    const life = await stage.connected();
    const edit = life.connection.edit ?? stage.declines("cannot edit");
    const { maxLength } = stage.capabilities.text;
    if (maxLength === null) return stage.declines("has no longest text");
    const [ref] = await life.say("what stood there");
    const long = { texts: ["x".repeat(maxLength + 1)], files: [], actions: [] };
    const error = await stage.failed(edit.call(life.connection, ref, long, plainOptions()), "An edit that is too long");
    assert.equal(error.failure.kind, "too-long");
    assert.equal((await stage.found(ref)).text, "what stood there");
  }),
  defineCase("what is removed stands there no longer, and the rest does", async (stage) => {
    const life = await stage.connected();
    const remove = life.connection.remove ?? stage.declines("cannot remove");
    const [first] = await life.say("goes");
    await life.say("stays");
    await remove.call(life.connection, first);
    assert.deepEqual(
      (await stage.standing()).map(({ text }) => text),
      ["stays"],
    );
  }),
  defineCase("a reaction is put there and taken back", async (stage) => {
    const life = await stage.connected();
    const react = life.connection.react ?? stage.declines("cannot react");
    const { emoji = "👍" } = stage.bench;
    const ref = await stage.bench.people.says({ in: stage.place.chat, text: "react to this" });
    await react.call(life.connection, ref, emoji, true);
    const { reactions } = await stage.found(ref);
    if (reactions === undefined) return stage.lacks("knowledge of reactions");
    assert.deepEqual(reactions, [emoji]);
    await react.call(life.connection, ref, emoji, false);
    assert.deepEqual((await stage.found(ref)).reactions, []);
  }),
  defineCase("typing can be shown and ended", async (stage) => {
    const life = await stage.connected();
    const setTyping = life.connection.setTyping ?? stage.declines("shows no typing");
    await setTyping.call(life.connection, stage.place.chat, { active: true });
    await setTyping.call(life.connection, stage.place.chat, { active: false });
    assert.deepEqual(await stage.standing(), [], "typing left a message behind");
  }),
  defineCase("a pressed button arrives with its token, and is settled", async (stage) => {
    const life = await stage.listening();
    const settle = life.connection.settleAction ?? stage.declines("has no buttons");
    const presses = stage.need(stage.bench.people.presses, "people who press buttons (`presses`)");
    const actions = [
      [
        { label: "Yes", token: "yes-token" },
        { label: "No", token: "no-token", style: "danger" as const },
      ],
    ];
    const [ref] = await life.say("Sure?", { message: { actions } });
    assert.deepEqual((await stage.found(ref)).buttons, ["Yes", "No"]);
    await presses(ref, "No");
    const event = await life.noticed("action");
    assert.deepEqual([event.token, event.messageId, event.chat.ref], ["no-token", ref.messageId, stage.place.chat.ref]);
    assert.equal(event.origin.author.isBot, false);
    await settle.call(life.connection, event, { notice: "Noted" });
    if (stage.bench.settledPresses !== undefined) assert.equal(stage.bench.settledPresses(), 1, "the press was not answered");
  }),
  defineCase("a thread is opened where something can be said then", async (stage) => {
    const life = await stage.connected();
    const open = life.connection.openThread ?? stage.declines("opens no threads");
    const { thread: known, group } = stage.bench.places;
    const { threadId: _, ...around } = (known ?? stage.place).chat.ref;
    const candidates = [...(known === undefined ? [] : [{ ...known.chat, ref: around }]), (group ?? stage.place).chat];
    const parent =
      candidates.find((chat) => opensThreads(life.connection, chat)) ?? stage.lacks("chat where threads can be opened");
    const thread = await open.call(life.connection, parent.ref, "A topic");
    assert.equal(typeof thread.ref.threadId, "string");
    const [ref] = await life.say("in the thread", { chat: thread });
    assert.deepEqual([ref.chatId, ref.threadId], [thread.ref.chatId, thread.ref.threadId]);
    assert.equal((await stage.found(ref, thread)).text, "in the thread");
  }),
  defineCase("a direct message is opened where something can be said then", async (stage) => {
    const life = await stage.listening();
    const open = life.connection.openDirectMessage ?? stage.declines("opens no direct messages");
    const { event } = await stage.hear(life, { text: "who am I?" });
    const chat = await open.call(life.connection, event.origin.author.id);
    assert.equal(chat.type, "dm");
    const [ref] = await life.say("in private", { chat });
    assert.equal((await stage.found(ref, chat)).text, "in private");
  }),
  defineCase("the chats that are listed can be sent to", async (stage) => {
    const life = await stage.connected();
    const list = life.connection.listChats ?? stage.declines("lists no chats");
    let count = 0;
    for await (const chat of list.call(life.connection)) {
      count += 1;
      const [ref] = await life.say("to each", { chat });
      assert.equal((await stage.found(ref, chat)).text, "to each");
    }
    assert.ok(count > 0, "no chat is listed, though there is one");
  }),
  defineCase("commands are published", async (stage) => {
    const life = await stage.connected();
    const publish = life.connection.publishCommands ?? stage.declines("publishes no commands");
    await publish.call(life.connection, [{ name: "help", description: "What can be asked" }]);
  }),
] as const;

/** As far as the connection tells; where it does not, the table of the whole platform holds. */
function opensThreads(connection: Connection, chat: Chat): boolean {
  const { threads } = connection.capabilitiesFor?.(chat) ?? { threads: { create: true } };
  return threads !== false && threads.create;
}
