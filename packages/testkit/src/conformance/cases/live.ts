import assert from "node:assert/strict";
import type { LiveMessage, ReplyView } from "@hermes/core";
import { defineCase } from "../case.ts";
import { plainOptions, type Life } from "../life.ts";
import type { Stage } from "../stage.ts";

const view = (markdown: string): ReplyView => ({ markdown, steps: [] });

/** Messages that are shown while they grow. */
export const liveCases = [
  defineCase("a live message grows, and stays once it is finished", async (stage) => {
    const { live } = await open(stage);
    await live.update(view("It grows"));
    await live.update(view("It grows and grows"));
    const sent = await live.finish(view("It grows and grows and ends."));
    const standing = await stage.standing();
    assert.deepEqual(
      standing.map(({ messageId }) => messageId),
      sent.map(({ messageId }) => messageId),
      "the messages that are returned are not those that stand there",
    );
    assert.equal(standing.map(({ text }) => text).join("\n"), "It grows and grows and ends.");
  }),
  defineCase("a live message that may be rewritten shows what it was rewritten to", async (stage) => {
    const { live } = await open(stage);
    if (live.mode === "append") return stage.declines("only adds to what it shows live");
    await live.update(view("One thing"));
    await live.update(view("Another thing"));
    const [ref] = await live.finish(view("A third"));
    assert.equal((await stage.found(ref)).text, "A third");
  }),
  defineCase("a live message above its limit is refused as too-long instead of cut", async (stage) => {
    const { live, life } = await open(stage);
    const { maxLength } = live;
    assert.ok(live.minIntervalMs >= 0 && Number.isFinite(live.minIntervalMs), `its updates come every ${live.minIntervalMs} ms`);
    if (maxLength === null) return stage.declines("has no longest live message");
    assert.ok(maxLength >= 1, `a live message has room for ${maxLength}`);
    const long = "x".repeat(maxLength + 1);
    assert.ok(life.platform.measure(long) > maxLength, "measure says that it fits");
    const error = await stage.failed(live.finish(view(long)), "A live message that is too long");
    assert.equal(error.failure.kind, "too-long");
    assert.ok(
      (await stage.standing()).every(({ text }) => !text.includes("xxx")),
      "a part of it is shown",
    );
  }),
  defineCase("a live message that is given up grows no more", async (stage) => {
    const { live, life } = await open(stage);
    await live.update(view("It grows"));
    await live.abandon();
    await stage.quiet();
    const left = (await stage.standing()).map(({ text }) => text);
    assert.ok(left.length === 0 || (left.length === 1 && left[0] === "It grows"), `what is left is ${JSON.stringify(left)}`);
    assert.equal(stage.clock.pending, 0, "a wake-up of the message is still set");
    const [ref] = await life.say("said anew");
    assert.equal((await stage.found(ref)).text, "said anew");
  }),
] as const;

async function open(stage: Stage): Promise<{ readonly live: LiveMessage; readonly life: Life }> {
  const life = await stage.connected();
  const openLive = life.connection.openLive ?? stage.declines("shows nothing live");
  const live = await openLive.call(life.connection, stage.place.chat, plainOptions());
  return { life, live: live ?? stage.declines("shows nothing live in this chat") };
}
