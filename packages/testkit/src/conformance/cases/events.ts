import assert from "node:assert/strict";
import type { PlatformEvent } from "@hermes/core";
import { defineCase } from "../case.ts";
import type { Stage } from "../stage.ts";

/** What people do, and what of it arrives. */
export const eventCases = [
  defineCase("a message arrives as it was said", async (stage) => {
    const life = await stage.listening();
    for (const [kind, place] of Object.entries(stage.bench.places)) {
      const { ref, event } = await stage.hear(life, { in: place.chat, text: `hello from ${kind}` });
      assert.equal(event.text, `hello from ${kind}`);
      assert.deepEqual([event.version, event.messageId], [1, ref.messageId]);
      assert.deepEqual(event.chat.ref, place.chat.ref);
      assert.equal(event.chat.type, place.chat.type);
      assert.deepEqual(event.origin.message, { ...place.chat.ref, messageId: ref.messageId });
      assert.equal(event.origin.author.isBot, false);
      assert.notEqual(event.origin.author.id, "");
      assert.equal(new Date(event.at).toISOString(), event.at, "`at` is not ISO 8601");
      if (place.chat.type === "dm") assert.equal(event.addressed, true, "who writes to the bot alone means the bot");
    }
  }),
  defineCase("ids and text come through JSON unharmed", async (stage) => {
    const life = await stage.listening();
    const { event } = await stage.hear(life, { text: "plain JSON 👍 漢字 \u2028" });
    for (const id of [event.eventId, event.messageId, event.chat.ref.chatId, event.origin.author.id]) {
      assert.equal(typeof id, "string");
      assert.notEqual(id, "");
    }
    await changeEverything(stage);
    await stage.hear(life, { text: "after it all" });
    assert.deepEqual(stage.lossy, [], "an event is not the same once it was written and read as JSON");
  }),
  defineCase("different messages have different event ids, and chats different ids", async (stage) => {
    const life = await stage.listening();
    const events = [await stage.hear(life, { text: "one of two" }), await stage.hear(life, { text: "two of two" })];
    for (const [kind, place] of Object.entries(stage.bench.places)) {
      events.push(await stage.hear(life, { in: place.chat, text: `said in ${kind}` }));
    }
    const ids = events.map(({ event }) => event.eventId);
    assert.equal(new Set(ids).size, ids.length, `event ids repeat: ${ids.join(", ")}`);
    const { direct, group } = stage.bench.places;
    if (direct !== undefined && group !== undefined) assert.notEqual(direct.chat.ref.chatId, group.chat.ref.chatId);
  }),
  defineCase("what the bot says itself never arrives", async (stage) => {
    const life = await stage.listening();
    await life.say("my own words");
    const { says } = stage.bench.people;
    await says({ in: stage.place.chat, text: "my own words, from elsewhere", by: "ourselves" });
    await stage.hear(life, { text: "somebody else's" });
    const own = stage.storage.events.filter((event) => event.type === "message" && event.text.startsWith("my own"));
    assert.deepEqual(own, []);
  }),
  defineCase("other bots arrive flagged as bots", async (stage) => {
    const life = await stage.listening();
    const place = stage.bench.places.group ?? stage.place;
    const { event } = await stage.hear(life, { in: place.chat, text: "beep", by: "bot" });
    assert.equal(event.origin.author.isBot, true);
  }),
  defineCase("an edit arrives with the new text", async (stage) => {
    const edits = stage.bench.people.edits ?? stage.lacks("people who edit (`edits`)");
    const life = await stage.listening();
    const { ref, event: message } = await stage.hear(life, { text: "befor" });
    await edits(ref, "before");
    const event = await life.noticed("edit");
    assert.deepEqual([event.messageId, event.text, event.chat.ref], [ref.messageId, "before", message.chat.ref]);
    assert.notEqual(event.eventId, message.eventId);
  }),
  defineCase("a second edit of a message is an event of its own", async (stage) => {
    const edits = stage.bench.people.edits ?? stage.lacks("people who edit (`edits`)");
    const life = await stage.listening();
    const { ref } = await stage.hear(life, { text: "draft" });
    await edits(ref, "second draft");
    await edits(ref, "third draft");
    const third = await life.noticed("edit", ({ text }) => text === "third draft");
    const second = await life.noticed("edit", ({ text }) => text === "second draft");
    assert.notEqual(third.eventId, second.eventId);
  }),
  defineCase("an edit that leaves the text as it was does not exist", async (stage) => {
    const touches = stage.bench.people.touches ?? stage.lacks("way to change a message but not its text (`touches`)");
    const life = await stage.listening();
    const { ref } = await stage.hear(life, { text: "look at this" });
    await touches(ref);
    await stage.hear(life, { text: "after the touch" });
    assert.deepEqual(kinds(stage, "edit"), []);
  }),
  defineCase("a deletion arrives", async (stage) => {
    const deletes = stage.bench.people.deletes ?? stage.lacks("people who delete (`deletes`)");
    const life = await stage.listening();
    const { ref } = await stage.hear(life, { text: "never mind" });
    await deletes(ref);
    assert.deepEqual((await life.noticed("delete")).messageIds, [ref.messageId]);
  }),
  defineCase("a reaction arrives with its emoji and its message", async (stage) => {
    const reacts = stage.bench.people.reacts ?? stage.lacks("people who react (`reacts`)");
    const life = await stage.listening();
    const [ref] = await life.say("how was it?");
    const { emoji = "👍" } = stage.bench;
    await reacts(ref, emoji);
    const event = await life.noticed("reaction");
    assert.deepEqual([event.emoji, event.added, event.messageId], [emoji, true, ref.messageId]);
  }),
  defineCase("a message that nobody can decode stops nothing, and is marked", async (stage) => {
    const poison = Object.entries(stage.bench.poison ?? stage.lacks("poison (`poison`)"));
    const life = await stage.listening();
    for (const [name, send] of poison) {
      const before = undecodable(stage);
      await send();
      await stage.hear(life, { text: `after ${name}` });
      assert.equal(undecodable(stage), before + 1, `${name} was not stored as undecodable`);
    }
    assert.equal(life.ended, undefined, "listen ended");
  }),
  defineCase("an answer sent to where a message came from stands there", async (stage) => {
    const life = await stage.listening();
    for (const [kind, place] of Object.entries(stage.bench.places)) {
      const { event } = await stage.hear(life, { in: place.chat, text: `answer me in ${kind}` });
      const [ref] = await life.say(`answered in ${kind}`, { chat: event.chat, origin: event.origin });
      assert.deepEqual([ref.chatId, ref.threadId], [event.chat.ref.chatId, event.chat.ref.threadId]);
      assert.equal((await stage.found(ref, place.chat)).text, `answered in ${kind}`);
    }
  }),
  defineCase("a target as people write it leads where events from there say they are", async (stage) => {
    const { manifest, places } = stage.bench;
    if (manifest === undefined) return stage.lacks("manifest");
    const written = Object.values(places).filter(({ written }) => written !== undefined);
    if (written.length === 0) return stage.lacks("place as people write it (`written`)");
    const life = await stage.connected();
    for (const { written: target = "", chat } of written) {
      const { type = "dm", ...ref } = manifest.parseTarget(target) ?? assert.fail(`parseTarget does not read ${target}`);
      assert.deepEqual({ platform: life.platform.id, ...ref }, chat.ref);
      const [sent] = await life.say("to a target", { chat: { ref: { platform: life.platform.id, ...ref }, type } });
      assert.equal((await stage.found(sent, chat)).text, "to a target");
    }
    assert.equal(manifest.parseTarget(" not a target \n"), undefined);
  }),
  defineCase("a user id as people write it is the author's id", async (stage) => {
    const { manifest } = stage.bench;
    if (manifest === undefined) return stage.lacks("manifest");
    const life = await stage.listening();
    const { event } = await stage.hear(life, { text: "who am I?" });
    assert.equal(manifest.parseUserId(event.origin.author.id), event.origin.author.id);
  }),
] as const;

function kinds(stage: Stage, type: PlatformEvent["type"]): readonly PlatformEvent[] {
  return stage.storage.events.filter((event) => event.type === type);
}

function undecodable(stage: Stage): number {
  return stage.storage.events.filter((event) => event.type === "other" && event.undecodable === true).length;
}

/** Makes the platform tell of everything the harness can bring about. */
async function changeEverything(stage: Stage): Promise<void> {
  const { people, emoji = "👍" } = stage.bench;
  const ref = await people.says({ in: stage.place.chat, text: "changed in every way" });
  await people.edits?.(ref, "changed in every way, edited");
  await people.reacts?.(ref, emoji);
  await people.deletes?.(ref);
}
