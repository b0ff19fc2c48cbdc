import { createMemoryStore, type Store } from "@hermes/runtime";
import { settle } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { createHeldAgent, startGateway } from "./set-up.ts";

/** A store whose disk takes its time: what was written is there at once, and answered for when the test says so. */
function createSlowStore() {
  const inner = createMemoryStore();
  const calls: string[] = [];
  const held: (() => void)[] = [];
  const onDisk = async <T>(name: string, write: () => Promise<T>): Promise<T> => {
    calls.push(name);
    const written = write();
    await new Promise<void>((resolve) => held.push(resolve));
    return await written;
  };
  const slow: Partial<Store> = {
    acceptEvents: (batch) => onDisk("accept", () => inner.acceptEvents(batch)),
    claimTurn: (request) => onDisk("claim", () => inner.claimTurn(request)),
  };
  const store = new Proxy(inner, {
    get(target, key) {
      const value: unknown = Reflect.get(slow, key) ?? Reflect.get(target, key, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  return {
    store,
    calls,
    /** What was written so far reaches the disk. */
    flush: async (): Promise<void> => {
      for (const answer of held.splice(0)) answer();
      await settle();
    },
  };
}

describe("A message that arrives", () => {
  it("is taken up by a lane that rests before the store has answered for it, and begins after that", async () => {
    const { store, calls, flush } = createSlowStore();
    const { agent, turns } = createHeldAgent();
    const { gateway, chat } = await startGateway({ store, agent });
    const said = chat.says("hello");
    await settle();
    expect(calls).toEqual(["accept", "claim"]);
    expect(turns).toHaveLength(0);
    await flush();
    expect(await said).toBe("stored");
    expect(turns.map((turn) => turn.text)).toEqual(["hello"]);
    turns[0]?.end();
    await gateway.idle();
    await gateway.stop();
  });

  it("a second time begins nothing", async () => {
    const { store, flush } = createSlowStore();
    const { agent, turns } = createHeldAgent();
    const { gateway, chat } = await startGateway({ store, agent });
    const both = [chat.says("hello", { eventId: "same" }), chat.says("hello", { eventId: "same" })];
    await settle();
    await flush();
    expect(await Promise.all(both)).toEqual(["stored", "duplicate"]);
    turns[0]?.end();
    await settle();
    const again = chat.says("hello", { eventId: "same" });
    await settle();
    await flush();
    expect(await again).toBe("duplicate");
    await gateway.idle();
    expect(turns).toHaveLength(1);
    await gateway.stop();
  });

  it("does not begin before a command that arrives ahead of it is answered", async () => {
    const { store, calls, flush } = createSlowStore();
    const { agent, turns } = createHeldAgent();
    const { gateway, chat } = await startGateway({ store, agent });
    const both = [chat.says("/new"), chat.says("hello")];
    await settle();
    expect(calls).toEqual(["accept", "accept"]);
    await flush();
    await flush();
    expect(await Promise.all(both)).toEqual(["stored", "stored"]);
    expect(chat.texts()).toHaveLength(1);
    expect(turns.map((turn) => turn.text)).toEqual(["hello"]);
    turns[0]?.end();
    await gateway.idle();
    await gateway.stop();
  });
});
