import type { SessionSubscribed } from "@hermes/protocol";
import { settle } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { createHost } from "./host.ts";
import { createPuppet, keyOf, startDoor } from "./set-up.ts";
import type { Wire } from "./wire.ts";

const session_key = keyOf("ada");
const subscribe = (wire: Wire, from: Partial<SessionSubscribed & { since: number }> = {}): Promise<SessionSubscribed> =>
  wire.call<SessionSubscribed>("session.subscribe", {
    session_key,
    ...(from.stream === undefined ? {} : { stream: from.stream }),
    ...(from.since === undefined ? {} : { since: from.since }),
  });

describe("A subscription", () => {
  it("begins with what is on its way, and goes on from there", async () => {
    const { agent, turns } = createPuppet();
    const { connect, clock } = await startDoor({ agent });
    const [ada, late] = [await connect(), await connect()];
    const { message_id } = await ada.call<{ message_id: string }>("chat.send_stream", { text: "hello" });
    turns[0]?.say("One.");
    await clock.advance(500);
    turns[0]?.do({ type: "tool-start", callId: "1", title: "Reading", effect: "none" });
    await clock.advance(500);
    const { running, seq, resumed } = await subscribe(late);
    expect(resumed).toBe(false);
    expect(seq).toBe(ada.events.at(-1)?.seq);
    expect(running).toEqual([
      { message_id, parts: ["One."], steps: [{ call_id: "1", title: "Reading", state: "running", after_part: 1 }] },
    ]);
    turns[0]?.do({ type: "tool-end", callId: "1", outcome: "done" });
    turns[0]?.say("Two.");
    turns[0]?.end();
    await clock.advance(500);
    expect(late.events).toEqual(ada.events.slice(-late.events.length));
    expect(late.eventTypes).toEqual(["chat.step", "chat.delta", "chat.done"]);
    expect(late.events[1]).toMatchObject({ delta: "\n\nTwo.", part: 1 });
  });

  it("that resumes is told what it missed, right behind the answer", async () => {
    const { connect } = await startDoor();
    const ada = await connect();
    const first = await connect();
    const { stream, seq } = await subscribe(first);
    first.hangUp();
    await ada.call("chat.send_stream", { text: "hello" });
    const again = await connect();
    const resumed = await subscribe(again, { stream, since: seq });
    expect(resumed).toMatchObject({ resumed: true, running: [], seq: 3 });
    expect(again.messages[0]).toHaveProperty("result");
    expect(again.events.map((event) => event.seq)).toEqual([1, 2, 3]);
    const upToDate = await connect();
    expect(await subscribe(upToDate, { stream, since: 3 })).toMatchObject({ resumed: true });
    expect(upToDate.events).toEqual([]);
  });

  it("does not resume from another process, from the future, or from what is gone", async () => {
    const { connect } = await startDoor({ web: { limits: { keptEvents: 2 } } });
    const ada = await connect();
    const { stream } = await subscribe(ada);
    await ada.call("chat.send_stream", { text: "hello" });
    for (const from of [
      { stream: "another", since: 3 },
      { stream, since: 4 },
      { stream, since: 0 },
    ]) {
      const wire = await connect();
      expect(await subscribe(wire, from)).toMatchObject({ resumed: false, seq: 3 });
      expect(wire.events).toEqual([]);
    }
    expect(await subscribe(await connect(), { stream, since: 1 })).toMatchObject({ resumed: true });
  });

  it("ends when it is told to, which says whether there was one", async () => {
    const { connect, door } = await startDoor();
    const wire = await connect();
    await subscribe(wire);
    expect(await wire.call("session.unsubscribe", { session_key })).toMatchObject({ done: true });
    expect(await wire.call("session.unsubscribe", { session_key })).toMatchObject({ done: false });
    door.publish(session_key, { type: "session.changed" });
    expect(wire.events).toEqual([]);
  });

  it("made twice tells everything once", async () => {
    const { connect } = await startDoor();
    const wire = await connect();
    await subscribe(wire);
    await subscribe(wire);
    await wire.call("chat.send_stream", { text: "hello" });
    expect(wire.events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  });

  it("within a batch is told of nothing before the batch is answered", async () => {
    const { connect } = await startDoor();
    const wire = await connect();
    wire.write(
      JSON.stringify([
        { jsonrpc: "2.0", id: 1, method: "session.subscribe", params: { session_key } },
        { jsonrpc: "2.0", id: 2, method: "chat.send", params: { text: "hello" } },
      ]),
    );
    await settle();
    expect(wire.messages[0]).toHaveLength(2);
    expect(wire.eventTypes).toEqual(["chat.message", "chat.delta", "chat.done"]);
  });

  it("is there for conversations of other platforms too, which say when they changed", async () => {
    const { connect, door } = await startDoor();
    const wire = await connect("guest");
    await wire.call("session.subscribe", { session_key: "agent:main:telegram:dm:1" });
    door.publish("agent:main:telegram:dm:1", { type: "session.changed" });
    door.publish("agent:main:telegram:dm:2", { type: "session.changed" });
    expect(wire.events).toEqual([{ type: "session.changed", session_key: "agent:main:telegram:dm:1", seq: 1 }]);
  });

  it("is the hundredth that one connection has, and no more", async () => {
    const { connect } = await startDoor({ web: { limits: { messagesPerMinute: 1000 } } });
    const wire = await connect();
    for (let index = 0; index < 100; index += 1) wire.post("session.subscribe", { session_key: `s${index}` });
    await settle();
    expect(await wire.refusal("session.subscribe", { session_key: "s100" })).toBe("conflict");
    expect(await wire.refusal("session.subscribe", { session_key: "s99" })).toBe(undefined);
    await wire.call("session.unsubscribe", { session_key: "s0" });
    expect(await wire.refusal("session.subscribe", { session_key: "s100" })).toBe(undefined);
  });

  it("needs a connection that stays open", async () => {
    const { door } = await startDoor();
    const credential = { id: "c", userId: "ada", scope: "write", ended: new AbortController().signal } as const;
    await expect(door.handlers["session.subscribe"]({ session_key }, { scope: "write", credential })).rejects.toMatchObject({
      kind: "unavailable",
    });
  });
});

describe("What is said by itself", () => {
  it("is a notice to whoever follows the conversation, and told once however often it is sent", async () => {
    const { connect, door } = await startDoor();
    const wire = await connect();
    await subscribe(wire);
    const connection = await door.platform.connect(createHost(), new AbortController().signal);
    const chat = { ref: { platform: "web", chatId: "ada" }, type: "dm" } as const;
    const message = { texts: ["The backup is done."], files: [], actions: [] };
    const options = { signal: new AbortController().signal, idempotencyKey: "notice.0", mentions: [] };
    const first = await connection.send(chat, message, options);
    expect(await connection.send(chat, message, options)).toEqual(first);
    expect(await connection.openLive?.(chat, options)).toBeNull();
    expect(wire.events).toMatchObject([{ type: "chat.notice", text: "The backup is done.", message_id: first[0].messageId }]);
  });
});
