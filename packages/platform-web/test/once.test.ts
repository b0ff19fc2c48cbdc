import type { MessageEvent } from "@hermes/core";
import type { ChatAnswer, ChatStarted } from "@hermes/protocol";
import { createMemoryStore, StoreError } from "@hermes/runtime";
import { settle } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import type { KnownAnswer } from "../src/options.ts";
import { createHost } from "./host.ts";
import { createPuppet, keyOf, startDoor } from "./set-up.ts";

const ask = { text: "hello", idempotency_key: "k1" };

describe("The same message under the same key", () => {
  it("is asked once and answered each time", async () => {
    let runs = 0;
    const { connect } = await startDoor({
      agent: async function* () {
        runs += 1;
        yield { type: "text-delta", text: `answer ${runs}` };
      },
    });
    const wire = await connect();
    const first = await wire.call<ChatAnswer>("chat.send", ask);
    const second = await wire.call<ChatAnswer>("chat.send", ask);
    expect(first.text).toBe("answer 1");
    expect(second).toEqual(first);
    expect(runs).toBe(1);
  });

  it("joins the answer that is on its way", async () => {
    const { agent, turns } = createPuppet();
    const { connect, clock } = await startDoor({ agent });
    const wire = await connect();
    const ids = [wire.post("chat.send", ask), wire.post("chat.send", ask)];
    const started = wire.post("chat.send_stream", ask);
    await settle();
    turns[0]?.say("once");
    turns[0]?.end();
    await clock.advance(500);
    expect(turns).toHaveLength(1);
    const [one, two] = ids.map((id) => wire.reply(id)?.result);
    expect(one).toMatchObject({ text: "once" });
    expect(two).toEqual(one);
    expect(wire.reply(started)?.result).toEqual({
      message_id: (one as ChatAnswer | undefined)?.message_id,
      session_key: keyOf("ada"),
    });
    expect(wire.eventTypes).toEqual(["chat.message", "chat.delta", "chat.done"]);
  });

  it("is told the end of an answer that is over, to the one who asks again", async () => {
    const { connect } = await startDoor();
    const [before, again] = [await connect("ada"), await connect("ada")];
    const started = await before.call<ChatStarted>("chat.send_stream", ask);
    expect(await again.call("chat.send_stream", ask)).toEqual(started);
    expect(again.eventTypes).toEqual(["chat.done"]);
    expect(again.events[0]).toMatchObject({ ...started, text: "echo: hello", outcome: "finished" });
    expect(before.eventTypes).toEqual(["chat.message", "chat.delta", "chat.done"]);
  });

  it("with another text, or in another conversation, is a conflict", async () => {
    const { connect } = await startDoor();
    const wire = await connect();
    await wire.call("chat.send", ask);
    expect(await wire.refusal("chat.send", { ...ask, text: "something else" })).toBe("conflict");
    expect(await wire.refusal("chat.send_stream", { ...ask, session_key: keyOf("ada.other") })).toBe("conflict");
    expect((await wire.call<ChatAnswer>("chat.send", ask)).text).toBe("echo: hello");
  });

  it("does not stop the events of the one that runs when it is refused as another message", async () => {
    const { agent, turns } = createPuppet();
    const { connect, clock } = await startDoor({ agent });
    const wire = await connect();
    await wire.call("chat.send_stream", ask);
    expect(await wire.refusal("chat.send_stream", { ...ask, text: "something else" })).toBe("conflict");
    turns[0]?.say("hi");
    turns[0]?.end();
    await clock.advance(500);
    expect(wire.eventTypes).toEqual(["chat.message", "chat.delta", "chat.done"]);
  });

  it("of somebody else is another message", async () => {
    const { connect } = await startDoor();
    const [ada, eve] = [await connect("ada"), await connect("eve")];
    const [hers, others] = [await ada.call<ChatAnswer>("chat.send", ask), await eve.call<ChatAnswer>("chat.send", ask)];
    expect(hers.message_id).not.toBe(others.message_id);
  });
});

describe("A message that an earlier process took", () => {
  /** A store in which the message was taken, and its answer given or not. */
  async function takenBefore(answerOf: (id: string) => KnownAnswer | undefined, isAnswered = true) {
    const store = createMemoryStore();
    const { agent } = createPuppet();
    const earlier = await startDoor(isAnswered ? { store } : { store, agent });
    const wire = await earlier.connect();
    const id = wire.post("chat.send", ask);
    await settle();
    await earlier.gateway.stop();
    const later = await startDoor({ store, web: { answerOf: async (messageId) => answerOf(messageId) } });
    return { later, messageId: (wire.reply(id)?.result as ChatAnswer | undefined)?.message_id };
  }

  it("and answered is answered out of what is kept", async () => {
    const { later, messageId } = await takenBefore(() => ({ kind: "over", text: "kept", outcome: "finished", atMs: 0 }));
    const wire = await later.connect();
    expect(await wire.call("chat.send", ask)).toEqual({
      message_id: messageId,
      session_key: keyOf("ada"),
      text: "kept",
      outcome: "finished",
      timestamp: "1970-01-01T00:00:00.000Z",
    });
    const again = await later.connect();
    await again.call("chat.send_stream", ask);
    expect(again.events).toMatchObject([{ type: "chat.done", text: "kept", message_id: messageId }]);
  });

  it("and did not answer is answered now, to whoever asks again", async () => {
    const { later } = await takenBefore(() => ({ kind: "open" }), false);
    const wire = await later.connect();
    const { text } = await wire.call<ChatAnswer>("chat.send", ask);
    expect(text).toContain("echo: hello");
  });

  it("and of which nothing is known is a conflict, and says where to look", async () => {
    const { later } = await takenBefore(() => undefined);
    const wire = await later.connect();
    const { error } = await wire.ask("chat.send", ask);
    expect(error).toMatchObject({ message: expect.stringContaining("history"), data: { kind: "conflict" } });
  });

  it("tells its whole answer at its end, also what was said before", async () => {
    const { later, messageId } = await takenBefore(() => ({ kind: "over", text: "all of it", outcome: "finished", atMs: 0 }));
    const wire = await later.connect();
    await wire.call("session.subscribe", { session_key: keyOf("ada") });
    const { platform } = later.door;
    const connection = await platform.connect(createHost(), new AbortController().signal);
    const chat = { ref: { platform: "web", chatId: "ada" }, type: "dm" } as const;
    const author = { id: "ada", isBot: false, assurance: "platform" } as const;
    connection.endAnswer?.(
      chat,
      { message: { ...chat.ref, messageId: messageId ?? "" }, author, lifetime: "durable" },
      "finished",
    );
    await settle();
    expect(wire.events).toMatchObject([{ type: "chat.done", text: "all of it", message_id: messageId }]);
  });
});

describe("A message that is not taken", () => {
  it("because its sender is not let in is forbidden, and can be sent again", async () => {
    const { connect } = await startDoor({ gateway: { access: { allow: ["web:eve"] } } });
    const [ada, eve] = [await connect("ada"), await connect("eve")];
    await ada.call("session.subscribe", { session_key: keyOf("ada") });
    expect(await ada.refusal("chat.send_stream", ask)).toBe("forbidden");
    expect(await ada.refusal("chat.send_stream", ask)).toBe("forbidden");
    expect(ada.events).toEqual([]);
    expect(await eve.refusal("chat.send", ask)).toBe(undefined);
  });

  it("because too many wait is unavailable, and what the gateway says of it is a notice", async () => {
    const { agent } = createPuppet();
    const { connect, clock } = await startDoor({ agent, gateway: { limits: { maxQueuedPerSession: 1 } } });
    const wire = await connect();
    await wire.call("session.subscribe", { session_key: keyOf("ada") });
    await wire.call("chat.send_stream", { text: "/status" });
    await clock.advance(1000);
    wire.frames.length = 0;
    const answers: unknown[] = [];
    for (let index = 0; index < 8; index += 1) answers.push(await wire.refusal("chat.send_stream", { text: `more ${index}` }));
    await clock.advance(2000);
    expect(answers).toContain("unavailable");
    const isTaken = (kind: unknown): boolean => kind === undefined;
    expect(wire.eventTypes.filter((type) => type === "chat.message")).toHaveLength(answers.filter(isTaken).length);
    const answered = wire.events.flatMap((event) => (event.type === "chat.done" ? [event.message_id] : []));
    const asked = wire.events.flatMap((event) => (event.type === "chat.message" ? [event.message_id] : []));
    expect(asked).toEqual(expect.arrayContaining(answered));
  });

  it("because too many wait is taken under the same key once there is room", async () => {
    const { agent, turns } = createPuppet();
    const { connect, clock } = await startDoor({ agent, gateway: { limits: { maxQueuedPerSession: 1 } } });
    const wire = await connect();
    const keyed = (index: number) => ({ text: `number ${index}`, idempotency_key: `k${index}` });
    let refused = 0;
    while ((await wire.refusal("chat.send_stream", keyed(refused))) === undefined) refused += 1;
    expect(await wire.refusal("chat.send_stream", keyed(refused))).toBe("unavailable");
    await wire.call("chat.stop", { session_key: keyOf("ada") });
    await clock.advance(2000);
    const id = wire.post("chat.send", keyed(refused));
    await settle();
    turns.at(-1)?.say("at last");
    turns.at(-1)?.end();
    await clock.advance(1000);
    expect(wire.reply(id)?.result).toMatchObject({ text: "at last" });
  });

  it("because it cannot be stored is unavailable, says when to try again, and is taken then", async () => {
    const store = createMemoryStore();
    let isFull = true;
    const refusing = new Proxy(store, {
      get(target, key: keyof typeof store) {
        const method = (target[key] as (...parameters: unknown[]) => Promise<unknown>).bind(target);
        return key === "acceptEvents" && isFull ? () => Promise.reject(new StoreError("full", "The disk is full")) : method;
      },
    });
    const { connect, faults } = await startDoor({ store: refusing });
    const wire = await connect();
    const { error } = await wire.ask("chat.send_stream", ask);
    expect(error?.data).toEqual({ kind: "unavailable", retryAfterMs: 5000 });
    expect(wire.events).toEqual([]);
    isFull = false;
    expect((await wire.call<ChatAnswer>("chat.send", ask)).text).toBe("echo: hello");
    expect(faults).toEqual([]);
  });
});

describe("An answer that is there before the gateway has said that it took the message", () => {
  it("is told behind the message", async () => {
    const { door, connect } = await startDoor();
    const wire = await connect();
    const gate = Promise.withResolvers<void>();
    const { platform } = door;
    const connection = await platform.connect(
      createHost(async ([event]) => {
        const { chat, origin } = event as MessageEvent;
        const options = { signal: new AbortController().signal, idempotencyKey: "r.0", mentions: [], origin };
        await connection.send(chat, { texts: ["quick"], files: [], actions: [] }, options);
        connection.endAnswer?.(chat, origin, "finished");
        await gate.promise;
        return ["stored"];
      }),
      new AbortController().signal,
    );
    wire.post("chat.send_stream", { text: "hello" });
    await settle();
    expect(wire.frames).toEqual([]);
    gate.resolve();
    await settle();
    expect(wire.eventTypes).toEqual(["chat.message", "chat.delta", "chat.done"]);
  });
});
