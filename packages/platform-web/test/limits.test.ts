import { settle } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { createPuppet, keyOf, startDoor } from "./set-up.ts";
import { openWire } from "./wire.ts";

const session_key = keyOf("ada");

describe("The door", () => {
  it("takes upgrades to a WebSocket and nothing else", async () => {
    const { gateway } = await startDoor();
    const received = await gateway.receive(new Request("http://127.0.0.1/webhooks/web", { headers: { "x-who": "ada" } }));
    expect(received).toMatchObject({ status: 426 });
    expect((received as Response).headers.get("upgrade")).toBe("websocket");
  });

  it("has room for so many connections, and for another one once one has gone", async () => {
    const { connect, upgrade, door } = await startDoor({ web: { limits: { maxConnections: 2 } } });
    const asked = await upgrade();
    const [first] = [await connect(), await connect()];
    const refused = await upgrade();
    expect([(refused as Response).status, (refused as Response).headers.get("retry-after")]).toEqual([503, "10"]);
    const late = openWire(asked);
    await settle();
    expect(late.closed?.code).toBe(1013);
    first?.hangUp();
    await settle();
    expect(door.connectionCount).toBe(1);
    expect(await upgrade()).not.toBeInstanceOf(Response);
  });

  it("closes every connection when the gateway ends, and takes no more", async () => {
    const { agent } = createPuppet();
    const { connect, upgrade, door } = await startDoor({ agent });
    const wires = [await connect("ada"), await connect("eve"), await connect(null)];
    const credential = { id: "c", userId: "ada", scope: "write", ended: new AbortController().signal } as const;
    const waiting = door.handlers["chat.send"]({ text: "hello" }, { scope: "write", credential });
    waiting.catch(() => undefined);
    await settle();
    door.close();
    expect(wires.map(({ closed }) => closed?.code)).toEqual([1012, 1012, 1012]);
    expect(door.connectionCount).toBe(0);
    await expect(waiting).rejects.toMatchObject({ kind: "unavailable" });
    expect((await upgrade()) as Response).toMatchObject({ status: 503 });
  });

  it("closes every connection when the platform is disconnected", async () => {
    const { connect, gateway } = await startDoor();
    const wire = await connect();
    await gateway.stop();
    expect(wire.closed?.code).toBe(1012);
  });

  it("closes the connections of a credential that is no longer good, and no other", async () => {
    const { connect, revoke, upgrade, door } = await startDoor();
    const [first, second, other] = [await connect("ada"), await connect("ada"), await connect("eve")];
    const asked = await upgrade("ada");
    revoke("ada");
    const late = openWire(asked);
    await settle();
    expect([first, second, late].map(({ closed }) => closed?.code)).toEqual([4401, 4401, 4401]);
    expect(other.closed).toBeUndefined();
    expect(door.connectionCount).toBe(1);
  });

  it("sets no timer for a connection with a credential", async () => {
    const { connect, clock } = await startDoor();
    const before = clock.pending;
    await Promise.all(Array.from({ length: 50 }, () => connect()));
    expect(clock.pending).toBe(before);
  });
});

describe("Somebody without a credential", () => {
  it("finds a tenth of the room, and keeps nobody out who has one", async () => {
    const { connect, upgrade } = await startDoor({ web: { limits: { maxConnections: 20 } } });
    const strangers = [await connect(null), await connect(null)];
    expect(await upgrade(null)).toMatchObject({ status: 503 });
    expect(await upgrade("ada")).not.toBeInstanceOf(Response);
    strangers[0]?.hangUp();
    await settle();
    expect(await upgrade(null)).not.toBeInstanceOf(Response);
  });

  it("has ten seconds, and twenty small frames", async () => {
    const { connect, clock } = await startDoor();
    const [slow, eager, large] = [await connect(null), await connect(null), await connect(null)];
    for (let index = 0; index < 20; index += 1) eager.post("health");
    large.write(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "health", params: {}, filling: "x".repeat(4096) }));
    await settle();
    expect(eager.closed).toBeUndefined();
    expect(eager.frames).toHaveLength(20);
    eager.post("health");
    await settle();
    expect(eager.closed).toEqual({ code: 4401, reason: "a credential is needed" });
    expect(large.closed?.code).toBe(1009);
    await clock.advance(9999);
    expect(slow.closed).toBeUndefined();
    await clock.advance(1);
    expect(slow.closed).toEqual({ code: 4401, reason: "a credential is needed" });
  });
});

describe("A connection", () => {
  it("goes on after a request that is no JSON", async () => {
    const { connect } = await startDoor();
    const wire = await connect();
    wire.write("{");
    await settle();
    expect(wire.messages[0]).toMatchObject({ id: null, error: { data: { kind: "parse-error" } } });
    expect(await wire.call("health")).toEqual({ status: "ok", ready: true });
  });

  it("is closed for bytes, and for a message that is too large", async () => {
    const { connect } = await startDoor({ web: { limits: { maxMessageBytes: 1000 } } });
    const [bytes, large] = [await connect(), await connect()];
    bytes.write(new Uint8Array([1]));
    large.write("é".repeat(501));
    await settle();
    expect([bytes.closed?.code, large.closed?.code]).toEqual([1003, 1009]);
  });

  it("may ask a hundred times a minute, a batch counting each of its requests", async () => {
    const { connect, clock } = await startDoor();
    const wire = await connect();
    const health = (id: number) => ({ jsonrpc: "2.0", id, method: "health", params: {} });
    for (let index = 0; index < 4; index += 1) {
      wire.write(JSON.stringify(Array.from({ length: 25 }, (_, id) => health(index * 25 + id))));
    }
    await settle();
    wire.frames.length = 0;
    const { error } = await wire.ask("health");
    expect(error?.data).toEqual({ kind: "rate-limited", retryAfterMs: 600 });
    wire.write(JSON.stringify([health(7), { jsonrpc: "2.0", method: "health" }, health(8)]));
    await settle();
    expect(wire.messages[1]).toMatchObject([
      { id: 7, error: { code: -32007 } },
      { id: 8, error: { code: -32007 } },
    ]);
    await clock.advance(600);
    expect(await wire.call("health")).toEqual({ status: "ok", ready: true });
    expect(await wire.refusal("health")).toBe("rate-limited");
  });

  it("is closed when it goes on asking far beyond that", async () => {
    const { connect } = await startDoor({ web: { limits: { messagesPerMinute: 3 } } });
    const wire = await connect();
    for (let index = 0; index < 33; index += 1) wire.post("health");
    await settle();
    expect(wire.closed).toBeUndefined();
    wire.post("health");
    await settle();
    expect(wire.closed?.code).toBe(1008);
  });

  it("is read no further while sixteen of its requests are worked on", async () => {
    const gates: (() => void)[] = [];
    const { chatOnly } = await import("../src/mounted.ts");
    const health = () =>
      new Promise<{ status: "ok"; ready: boolean }>((done) => gates.push(() => done({ status: "ok", ready: true })));
    const { connect } = await startDoor({ web: { handlers: { ...chatOnly(), health } } });
    const wire = await connect();
    for (let index = 0; index < 20; index += 1) wire.post("health");
    await settle();
    expect([gates.length, wire.unread]).toEqual([16, 4]);
    gates[0]?.();
    await settle();
    expect([gates.length, wire.unread]).toEqual([17, 3]);
    for (let index = 1; index < 20; index += 1) {
      gates[index]?.();
      await settle();
    }
    expect(wire.frames).toHaveLength(20);
  });

  it("that does not read is closed, told how to go on, and holds up nobody else", async () => {
    const { connect } = await startDoor({ web: { limits: { maxUnsentBytes: 10_000 } } });
    const [slow, quick, sender] = [await connect(), await connect(), await connect()];
    for (const wire of [slow, quick]) await wire.call("session.subscribe", { session_key });
    slow.isStalled = true;
    for (let index = 0; index < 3; index += 1) await sender.call("chat.send", { text: `${index}`.repeat(3000) });
    expect(slow.closed).toEqual({ code: 4408, reason: "read faster, or resume with `since`" });
    expect(quick.closed).toBeUndefined();
    expect(quick.eventTypes.filter((type) => type === "chat.done")).toHaveLength(3);
  });

  it("that waits for its own answer too long is not kept in memory either", async () => {
    const gate = Promise.withResolvers<{ status: "ok"; ready: boolean }>();
    const { chatOnly } = await import("../src/mounted.ts");
    const { connect } = await startDoor({
      web: { limits: { maxUnsentBytes: 10_000 }, handlers: { ...chatOnly(), health: () => gate.promise } },
    });
    const [wire, sender] = [await connect(), await connect()];
    const requests = [
      { jsonrpc: "2.0", id: 1, method: "session.subscribe", params: { session_key } },
      { jsonrpc: "2.0", id: 2, method: "health", params: {} },
    ];
    wire.write(JSON.stringify(requests));
    for (let index = 0; index < 3; index += 1) await sender.call("chat.send", { text: "x".repeat(3000) });
    expect(wire.closed?.code).toBe(4408);
  });

  it("is told nothing of a fault; the gateway is", async () => {
    const { chatOnly } = await import("../src/mounted.ts");
    const health = () => Promise.reject(new Error("a secret"));
    const { connect, faults } = await startDoor({ web: { handlers: { ...chatOnly(), health } } });
    const wire = await connect();
    expect(await wire.refusal("health")).toBe("internal");
    expect(wire.frames.join()).not.toContain("a secret");
    expect(faults).toHaveLength(1);
  });
});
