import type { ChatAnswer, ChatStarted } from "@hermes/protocol";
import { settle } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { createPuppet, keyOf, startDoor } from "./set-up.ts";

describe("chat.send", () => {
  it("waits for the whole answer", async () => {
    const { connect, clock } = await startDoor();
    const wire = await connect("ada");
    const answer = await wire.call<ChatAnswer>("chat.send", { text: "hello" });
    expect(answer).toEqual({
      message_id: expect.stringMatching(/^[0-9a-f-]{36}$/u),
      session_key: "agent:main:web:dm:ada",
      text: "echo: hello",
      timestamp: new Date(clock.now()).toISOString(),
      outcome: "finished",
    });
    expect(wire.events).toEqual([]);
  });

  it("is served without a connection too", async () => {
    const { door } = await startDoor();
    const credential = { id: "c", userId: "ada", scope: "write", ended: new AbortController().signal } as const;
    const answer = await door.handlers["chat.send"]({ text: "hello" }, { scope: "write", credential });
    expect(answer).toMatchObject({ text: "echo: hello", session_key: keyOf("ada") });
  });

  it("answers a command as it answers everything else", async () => {
    const { connect } = await startDoor();
    const wire = await connect();
    const { text, outcome } = await wire.call<ChatAnswer>("chat.send", { text: "/help" });
    expect(text).toContain("/stop");
    expect(outcome).toBe("finished");
  });

  it("says when the agent failed", async () => {
    const { agent, turns } = createPuppet();
    const { connect } = await startDoor({ agent });
    const wire = await connect();
    const id = wire.post("chat.send", { text: "hello" });
    await settle();
    turns[0]?.do({ type: "text-delta", text: "I begin, " }, new Error("broken"));
    await settle();
    expect(wire.reply(id)?.result).toMatchObject({ outcome: "failed", text: expect.stringContaining("I begin,") });
  });

  it("keeps nobody from being heard while it waits: not `chat.stop`, and not the seventeenth question", async () => {
    const { agent } = createPuppet();
    const { connect } = await startDoor({ agent });
    const wire = await connect();
    const ids = Array.from({ length: 20 }, (_, index) =>
      wire.post("chat.send", { text: "wait", session_key: keyOf(`ada.${index}`) }),
    );
    await settle();
    expect(await wire.call("chat.stop", { session_key: keyOf("ada.0") })).toEqual({
      done: true,
      message: "The answer is stopped.",
    });
    expect(wire.reply(ids[0] ?? 0)?.result).toMatchObject({ outcome: "interrupted" });
    expect(ids.slice(1).map((id) => wire.reply(id))).toEqual(ids.slice(1).map(() => undefined));
  });

  it("lets 64 of a credential wait at once, on all its connections together", async () => {
    const { agent } = createPuppet();
    const { connect } = await startDoor({ agent });
    const [first, second] = [await connect("ada"), await connect("ada")];
    for (let index = 0; index < 64; index += 1) first.post("chat.send", { text: "wait", session_key: keyOf(`ada.${index}`) });
    await settle();
    expect(await second.refusal("chat.send", { text: "one more" })).toBe("rate-limited");
    first.hangUp();
    await settle();
    second.post("chat.send", { text: "one more" });
    await settle();
    expect(second.frames).toHaveLength(1);
  });
});

describe("chat.send_stream", () => {
  it("tells the caller the answer as events, without a subscription, and after its own answer", async () => {
    const { agent, turns } = createPuppet();
    const { connect, clock } = await startDoor({ agent });
    const wire = await connect();
    const started = await wire.call<ChatStarted>("chat.send_stream", { text: "hello" });
    expect(wire.messages[0]).toMatchObject({ result: started });
    turns[0]?.say("Good ");
    await clock.advance(400);
    turns[0]?.say("morning");
    await clock.advance(400);
    turns[0]?.end();
    await clock.advance(400);
    expect(wire.events).toEqual([
      { type: "chat.message", text: "hello", seq: 1, timestamp: expect.any(String), ...started },
      { type: "chat.delta", delta: "Good", part: 0, seq: 2, ...started },
      { type: "chat.delta", delta: " morning", part: 0, seq: 3, ...started },
      { type: "chat.done", outcome: "finished", text: "Good morning", seq: 4, timestamp: expect.any(String), ...started },
    ]);
  });

  it("tells it once to a caller who is subscribed as well", async () => {
    const { connect } = await startDoor();
    const wire = await connect();
    await wire.call("session.subscribe", { session_key: keyOf("ada") });
    await wire.call("chat.send_stream", { text: "hello" });
    expect(wire.eventTypes).toEqual(["chat.message", "chat.delta", "chat.done"]);
  });

  it("tells nobody else who has not asked for it, and everybody who has", async () => {
    const { connect } = await startDoor();
    const [ada, phone, other] = [await connect("ada"), await connect("ada"), await connect("eve")];
    await phone.call("session.subscribe", { session_key: keyOf("ada") });
    await ada.call("chat.send_stream", { text: "hello" });
    await ada.call("chat.send", { text: "and this" });
    expect(phone.eventTypes).toEqual(["chat.message", "chat.delta", "chat.done", "chat.message", "chat.delta", "chat.done"]);
    expect(ada.events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(other.events).toEqual([]);
  });

  it("is answered to the end when the caller goes away", async () => {
    const { agent, turns } = createPuppet();
    const { connect, clock, gateway } = await startDoor({ agent });
    const wire = await connect();
    await wire.call("chat.send_stream", { text: "hello" });
    wire.hangUp();
    await settle();
    turns[0]?.say("I say it all the same");
    turns[0]?.end();
    await clock.advance(1000);
    const { rows } = await gateway.ledger.listDeliveries({ limit: 10 });
    expect(rows).toMatchObject([{ state: "sent" }]);
  });

  it("takes a message without a connection, whose answer then stands in the history", async () => {
    const { door } = await startDoor();
    const credential = { id: "c", userId: "ada", scope: "write", ended: new AbortController().signal } as const;
    const started = await door.handlers["chat.send_stream"]({ text: "hello" }, { scope: "write", credential });
    expect(started.session_key).toBe(keyOf("ada"));
  });
});

describe("An answer", () => {
  it("in several parts is the sum of its deltas", async () => {
    const { agent, turns } = createPuppet();
    const { connect, clock } = await startDoor({ agent });
    const wire = await connect();
    await wire.call("chat.send_stream", { text: "hello" });
    turns[0]?.say("One.");
    await clock.advance(500);
    turns[0]?.do({ type: "segment-end" });
    turns[0]?.say("Two.");
    await clock.advance(500);
    turns[0]?.end();
    await clock.advance(500);
    const deltas = wire.events.flatMap((event) => (event.type === "chat.delta" ? [event] : []));
    expect(deltas.map(({ part }) => part)).toEqual([0, 1]);
    expect(deltas.map(({ delta }) => delta).join("")).toBe("One.\n\nTwo.");
    expect(wire.events.at(-1)).toMatchObject({ type: "chat.done", text: "One.\n\nTwo." });
  });

  it("shows the tools the agent uses, where they are used, and what it thinks", async () => {
    const { agent, turns } = createPuppet();
    const { connect, clock } = await startDoor({ agent });
    const wire = await connect();
    await wire.call("chat.send_stream", { text: "hello" });
    turns[0]?.say("Let me look.");
    await clock.advance(500);
    turns[0]?.do(
      { type: "reasoning-delta", text: "hm" },
      { type: "tool-start", callId: "1", title: "Reading", effect: "none" },
      { type: "tool-end", callId: "1", outcome: "done", summary: "s".repeat(600) },
      { type: "tool-start", callId: "2", title: "Writing", effect: "none" },
      { type: "tool-end", callId: "2", outcome: "denied" },
      { type: "usage", usage: { inputTokens: 3, outputTokens: 4 } },
      "end",
    );
    await clock.advance(500);
    const progress = wire.events.filter(({ type }) => type === "chat.step" || type === "chat.reasoning");
    expect(progress).toMatchObject([
      { type: "chat.reasoning", delta: "hm" },
      { after_part: 1, step: { call_id: "1", title: "Reading", state: "running" } },
      { after_part: 1, step: { call_id: "1", title: "Reading", state: "done", summary: `${"s".repeat(499)}…` } },
      { after_part: 1, step: { call_id: "2", title: "Writing", state: "running" } },
      { after_part: 1, step: { call_id: "2", title: "Writing", state: "failed" } },
    ]);
  });

  it("with long code in it costs about as many bytes as it has", async () => {
    const { agent, turns } = createPuppet();
    const { connect, clock } = await startDoor({ agent });
    const wire = await connect();
    await wire.call("chat.send_stream", { text: "hello" });
    turns[0]?.say("Here **it** is:\n\n```ts\n");
    for (let line = 0; line < 300; line += 1) {
      turns[0]?.say(`const value${line} = compute("${line}");\n`);
      if (line % 3 === 0) await clock.advance(200);
    }
    turns[0]?.say("```\n\nand `that` was *it*.");
    turns[0]?.end();
    await clock.advance(1000);
    expect(wire.eventTypes).not.toContain("chat.part");
    expect(wire.eventTypes.filter((type) => type === "chat.delta").length).toBeGreaterThan(50);
    const deltas = wire.events.flatMap((event) => (event.type === "chat.delta" ? [event.delta] : []));
    expect(deltas.join("")).toContain('const value299 = compute("299");\n```\n\nand `that` was *it*.');
  }, 10_000);
});

describe("chat.stop", () => {
  it("interrupts what runs and drops what waits", async () => {
    const { agent, turns } = createPuppet();
    const { connect, clock } = await startDoor({ agent });
    const wire = await connect();
    const running = wire.post("chat.send", { text: "first" });
    await settle();
    turns[0]?.say("I begin");
    await clock.advance(500);
    const { message } = await wire.call<{ message: string }>("chat.stop", { session_key: keyOf("ada") });
    await clock.advance(500);
    expect(message).toBe("The answer is stopped.");
    expect(wire.reply(running)?.result).toMatchObject({ outcome: "interrupted", text: expect.stringContaining("I begin") });
  });

  it("says so where nothing is known to run", async () => {
    const { connect } = await startDoor();
    const wire = await connect();
    expect(await wire.call("chat.stop", { session_key: keyOf("ada") })).toMatchObject({
      message: expect.stringContaining("nothing"),
    });
  });
});
