import assert from "node:assert/strict";
import { defineCase } from "../case.ts";
import { markdownSamples } from "../markdown-samples.ts";
import type { Stage } from "../stage.ts";

/** What is said, and what stands on the server then. */
export const sendingCases = [
  defineCase("send returns every message it made, in order", async (stage) => {
    const life = await stage.connected();
    const { partsPerSend } = stage.capabilities.text;
    const texts = Array.from({ length: Math.min(partsPerSend, 3) }, (_, index) => `part ${index + 1}`);
    const sent = await life.say(texts);
    const standing = await stage.standing();
    assert.deepEqual(
      sent.map(({ messageId }) => messageId),
      standing.map(({ messageId }) => messageId),
      "the messages that are returned are not those that stand there",
    );
    assert.deepEqual(standing.map(({ text }) => text).join("\n"), texts.join("\n"));
    const { chatId, threadId, platform } = stage.place.chat.ref;
    for (const ref of sent) {
      assert.deepEqual([ref.platform, ref.chatId, ref.threadId], [platform, chatId, threadId]);
      assert.deepEqual(JSON.parse(JSON.stringify(ref)), ref);
    }
  }),
  defineCase("what was sent before stays when more is sent", async (stage) => {
    const life = await stage.connected();
    await life.say("first");
    await life.say("second");
    assert.deepEqual(
      (await stage.standing()).map(({ text }) => text),
      ["first", "second"],
    );
  }),
  defineCase("measure is pure, and says what the server counts", async (stage) => {
    const life = await stage.connected();
    const { maxLength } = stage.capabilities.text;
    for (const sample of markdownSamples(25, Math.min((maxLength ?? 2000) / 2, 1000))) {
      const length = life.platform.measure(sample);
      assert.equal(life.platform.measure(sample), length, "measure said something else the second time");
      const [ref] = await life.say(sample);
      const counted = (await stage.found(ref)).length;
      if (counted !== undefined) assert.equal(length, counted, `the server counts ${counted} in ${JSON.stringify(sample)}`);
    }
  }),
  defineCase("a text that measures exactly the limit is taken whole", async (stage) => {
    const life = await stage.connected();
    for (const text of textsOfLength(stage, limit(stage))) {
      const [ref] = await life.say(text);
      const standing = await stage.found(ref);
      assert.ok(standing.text.endsWith("xxx"), "the end of the text is missing on the server");
      if (standing.length !== undefined) assert.equal(standing.length, limit(stage));
    }
  }),
  defineCase("a text above the limit is refused as too-long, and nothing of it is shown", async (stage) => {
    const life = await stage.connected();
    for (const text of textsOfLength(stage, limit(stage) + 1)) {
      const error = await stage.failed(life.say(text), "A text that is too long");
      assert.equal(error.failure.kind, "too-long");
      assert.equal(error.maybeDone, false, "what was refused whole cannot have happened");
    }
    assert.deepEqual(await stage.standing(), []);
  }),
  defineCase("send with an aborted signal is refused as aborted, and nothing is shown", async (stage) => {
    const life = await stage.connected();
    const error = await stage.failed(life.say("never", { signal: AbortSignal.abort() }), "send with an aborted signal");
    assert.equal(error.failure.kind, "aborted");
    await stage.quiet();
    assert.deepEqual(await stage.standing(), []);
  }),
  defineCase("what an agent writes pings nobody who was not named", async (stage) => {
    const { pinging, places, mention } = stage.bench;
    const chat = (places.group ?? stage.place).chat;
    const texts = [...(pinging ?? []), ...(mention === undefined ? [] : [mention.markdown])];
    if (texts.length === 0) return stage.lacks("text that pings somebody (`pinging`)");
    const life = await stage.connected();
    for (const text of texts) {
      const [ref] = await life.say(`hello ${text}`, { chat });
      const pings = (await stage.found(ref, chat)).pings ?? stage.lacks("knowledge of who was notified (`pings`)");
      assert.deepEqual(pings, [], `${text} pinged somebody`);
    }
  }),
  defineCase("who is among the mentions is pinged", async (stage) => {
    const { mention, places } = stage.bench;
    if (mention === undefined) return stage.lacks("person to mention (`mention`)");
    const chat = (places.group ?? stage.place).chat;
    const life = await stage.connected();
    const [ref] = await life.say(`hello ${mention.markdown}`, { chat, mentions: [mention.userId] });
    assert.deepEqual((await stage.found(ref, chat)).pings, [mention.userId]);
  }),
  defineCase("a silent message is silent, and others are not", async (stage) => {
    const life = await stage.connected();
    const [loud] = await life.say("loud");
    if ((await stage.found(loud)).silent === undefined) return stage.lacks("knowledge of what is silent");
    const [silent] = await life.say("psst", { silent: true });
    assert.deepEqual([(await stage.found(loud)).silent, (await stage.found(silent)).silent], [false, true]);
  }),
  defineCase("a quote stands under what it quotes", async (stage) => {
    const life = await stage.connected();
    const question = await stage.bench.people.says({ in: stage.place.chat, text: "a question" });
    const [answer] = await life.say("an answer", { quote: question });
    const { quotes } = await stage.found(answer);
    if (quotes === undefined && !("quotes" in (await stage.found(answer)))) return stage.lacks("knowledge of what quotes what");
    assert.equal(quotes, question.messageId);
  }),
  defineCase("a send under the same key is not said twice", async (stage) => {
    if (!stage.capabilities.idempotentSend) return stage.declines("does not recognise a send that comes again");
    const life = await stage.connected();
    const first = await life.say("once", { idempotencyKey: "the same" });
    const second = await life.say("once", { idempotencyKey: "the same" });
    assert.deepEqual(second, first);
    assert.equal((await stage.standing()).length, 1);
  }),
  defineCase("findSent finds what was sent, and nothing else", async (stage) => {
    const life = await stage.connected();
    const find = life.connection.findSent ?? stage.declines("cannot be asked what was sent");
    const sent = await life.say("look for me", { idempotencyKey: "looked for" });
    const { chat } = stage.place;
    assert.deepEqual(await find.call(life.connection, chat, "looked for", 0), sent);
    assert.equal(await find.call(life.connection, chat, "never sent", 0), undefined);
  }),
] as const;

function limit(stage: Stage): number {
  return stage.capabilities.text.maxLength ?? stage.declines("has no longest text");
}

/** Texts of several forms that measure exactly `length`. */
function textsOfLength(stage: Stage, length: number): readonly string[] {
  const platform = stage.bench.create();
  const measure = (markdown: string): number => platform.measure(markdown);
  const beginnings = ["", ...markdownSamples(4, Math.min(length / 2, 500)).map((sample) => `${sample}\n\n`)];
  const texts = beginnings.flatMap((beginning) => {
    const padding = length - measure(`${beginning}xxx`) + 3;
    const text = `${beginning}${"x".repeat(Math.max(padding, 3))}`;
    return measure(text) === length ? [text] : [];
  });
  assert.ok(texts.length > 0, `measure says of no text of x alone that it is ${length} long`);
  return texts;
}
