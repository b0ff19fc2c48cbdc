import assert from "node:assert/strict";
import type { Failure, MessageRef, PlatformError } from "@hermes/core";
import { defineCase } from "../case.ts";
import type { FailureName, FailureScript } from "../harness.ts";
import { plainOptions, type Life } from "../life.ts";
import type { Stage } from "../stage.ts";

/** What the platform refuses, as the gateway is told. */
export const failureCases = [
  defineCase("a rate limit is told with the time to wait", async (stage) => {
    const { error, script } = await meet(stage, "rate-limited");
    const { failure } = error;
    assert.equal(failure.kind, "rate-limited");
    if (script.retryAfterMs !== undefined) assert.equal(retryAfterMs(failure), script.retryAfterMs);
    assert.equal(error.maybeDone, false);
  }),
  defineCase("a chat that is gone is told as not-found", (stage) => expectGone(stage, "not-found-chat", "chat")),
  defineCase("a thread that is gone is told as not-found", (stage) => expectGone(stage, "not-found-thread", "thread")),
  defineCase("a message that is gone is told as not-found", async (stage) => {
    if (stage.capabilities.edit === false) stage.declines("cannot edit");
    stage.need(stage.bench.failures?.["not-found-message"], "a way to make a message go away (`not-found-message`)");
    await expectGone(stage, "not-found-message", "message");
  }),
  defineCase("a chat where the bot may not write is told as forbidden", (stage) => expectKind(stage, "forbidden")),
  defineCase("wrong credentials are told as unauthorized", (stage) => expectKind(stage, "unauthorized")),
  defineCase("somebody else who listens is told as conflict", (stage) => expectKind(stage, "conflict")),
  defineCase("what the platform will never take is told as invalid", (stage) => expectKind(stage, "invalid")),
  defineCase("a server that cannot have acted is told as unavailable and not done", async (stage) => {
    const { error, standing } = await meet(stage, "unavailable-not-done");
    assert.equal(error.failure.kind, "unavailable");
    assert.equal(error.maybeDone, false, "it cannot have happened, and is told as if it could");
    assert.equal((await stage.standing()).length, standing);
  }),
  defineCase("a server that may have acted is told as unavailable and maybe done", async (stage) => {
    const { error } = await meet(stage, "unavailable-maybe-done");
    assert.equal(error.failure.kind, "unavailable");
    assert.equal(error.maybeDone, true, "it may have happened, and is told as if it could not");
  }),
  defineCase("a call that is aborted on its way is told as aborted and maybe done", async (stage) => {
    const script = stage.bench.failures?.hang ?? stage.lacks("server that never answers (`hang`)");
    const life = await stage.connected();
    const [ref] = await life.say("before");
    await script.arrange(ref);
    const controller = new AbortController();
    const call = stage.failed(life.say("under way", { signal: controller.signal }), "A send that is aborted");
    await stage.quiet();
    controller.abort();
    const error = await stage.within("The send ended once it was aborted", call);
    assert.equal(error.failure.kind, "aborted");
    assert.equal(error.maybeDone, true, "the server had the request, and may have acted");
  }),
  defineCase("it works again once the trouble is over", async (stage) => {
    const script = stage.bench.failures?.["rate-limited"] ?? stage.lacks("rate limit (`rate-limited`)");
    if ((script.on ?? "send") !== "send") stage.lacks("rate limit for sends");
    const life = await stage.connected();
    const [ref] = await life.say("before");
    await script.arrange(ref);
    const { failure } = await stage.failed(life.say("during"), "A send that is rate limited");
    await stage.clock.advance(retryAfterMs(failure) ?? 0);
    await life.say("after");
    assert.deepEqual(
      (await stage.standing()).map(({ text }) => text),
      ["before", "after"],
    );
  }),
  defineCase("a chat id that is none is refused without a try", async (stage) => {
    const life = await stage.connected();
    const { chat } = stage.place;
    for (const chatId of ["", "../../admin", "\u0000", "a b?c#d"]) {
      const error = await stage.failed(
        life.say("hello", { chat: { ...chat, ref: { ...chat.ref, chatId } } }),
        `A send to ${chatId}`,
      );
      assert.ok(["invalid", "not-found"].includes(error.failure.kind), `a send to ${chatId} failed as ${error.failure.kind}`);
      assert.equal(error.maybeDone, false);
    }
    assert.deepEqual(await stage.standing(), []);
  }),
  defineCase("nothing that is shown or told holds a secret", async (stage) => {
    const { failures = {}, webhook, create, secrets } = stage.bench;
    if (secrets.length === 0) stage.lacks("secret");
    const life = await stage.listening();
    await stage.hear(life, { text: "hello" });
    const shown: string[] = [];
    for (const name of (Object.keys(failures) as FailureName[]).filter((name) => name !== "hang")) {
      if (name === "conflict" && life.connection.listen === undefined) continue;
      const said = await stage.elsewhere(async (other) => {
        await meet(other, name);
        return other.said;
      });
      shown.push(...said);
    }
    for (const headers of Object.values(webhook?.forged ?? {})) {
      const received = await life.platform.receive?.(
        new Request(stage.door.url, { method: "POST", headers, body: "{" }),
        life.host,
      );
      if (received instanceof Response) stage.errors.push(await received.text(), JSON.stringify([...received.headers]));
    }
    shown.push(...stage.said, JSON.stringify(create().claims), JSON.stringify(life.connection.identity));
    for (const secret of secrets.flatMap((secret) => [secret, encodeURIComponent(secret)])) {
      const place = shown.find((text) => text.includes(secret));
      assert.equal(place?.replaceAll(secret, "[here]"), undefined, "a secret shows");
    }
  }),
] as const;

interface Met {
  readonly error: PlatformError;
  readonly script: FailureScript;
  /** How many messages of the bot stood there before. */
  readonly standing: number;
}

const usualPlace: Readonly<Partial<Record<FailureName, FailureScript["on"]>>> = {
  conflict: "listen",
  unauthorized: "connect",
  "not-found-message": "edit",
};

/** Brings the server to a failure, and runs into it. */
async function meet(stage: Stage, name: FailureName): Promise<Met> {
  const script = stage.bench.failures?.[name] ?? stage.lacks(`way to a failure of this kind (\`${name}\`)`);
  const on = script.on ?? usualPlace[name] ?? "send";
  const chat = name === "not-found-thread" ? (stage.bench.places.thread ?? stage.place).chat : stage.place.chat;
  const life = await stage.connected();
  if (on === "listen") {
    if (life.connection.listen === undefined) stage.declines("does not listen");
    await life.listen();
  }
  const [ref] = await life.say("before", { chat });
  const standing = (await stage.standing()).length;
  await script.arrange(ref);
  return { error: await stage.failed(run(stage, life, on, ref), `The call that meets ${name}`), script, standing };
}

async function run(stage: Stage, life: Life, on: NonNullable<FailureScript["on"]>, ref: MessageRef): Promise<unknown> {
  switch (on) {
    case "send": {
      const { messageId: _, ...place } = ref;
      return await life.say("meets it", { chat: { ...stage.place.chat, ref: place } });
    }
    case "edit":
      return await life.connection.edit?.(ref, { texts: ["changed"], files: [], actions: [] }, plainOptions());
    case "connect": {
      const another = stage.boot();
      return await another.platform.connect(another.host, new AbortController().signal);
    }
    case "listen":
      await stage.until("listen ended", () => life.ended !== undefined);
      if (life.ended?.reason === "lost") throw life.ended.error;
      return undefined;
  }
}

async function expectKind(stage: Stage, kind: FailureName & Failure["kind"]): Promise<void> {
  const { error, standing } = await meet(stage, kind);
  assert.equal(error.failure.kind, kind);
  assert.equal(error.maybeDone, false, "what was refused cannot have happened");
  assert.equal((await stage.standing()).length, standing);
}

async function expectGone(stage: Stage, name: FailureName, what: "chat" | "thread" | "message"): Promise<void> {
  const { error } = await meet(stage, name);
  assert.deepEqual(error.failure, { kind: "not-found", what });
  assert.equal(error.maybeDone, false);
}

function retryAfterMs(failure: Failure): number | undefined {
  return failure.kind === "rate-limited" ? failure.retryAfterMs : undefined;
}
