import { definePlatform, type Connection, type Platform } from "@hermes/core";
import { createGateway, createMemoryStore } from "@hermes/runtime";
import { createFakeClock, createScriptedPlatform, settle } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { startGateway } from "./set-up.ts";

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const dayMs = 24 * 60 * 60_000;

const capabilities = {
  text: { maxLength: 1000, partsPerSend: 1, markdown: "full", tables: false },
  inbound: { replay: "none", windowMs: 0 },
} as const;

type Plain = Pick<Connection, "identity" | "listen" | "send" | "disconnect">;

/** A platform whose connections the test makes. */
function platformOf(connect: () => Promise<Plain>, more: Partial<Pick<Platform, "receive">> = {}): Platform {
  const still = { apiVersion: 1, id: "slow", kind: "slow", claims: [], measure: (text: string) => text.length } as const;
  return definePlatform({ ...still, capabilities, connect, ...more });
}

function connectionOf(more: Partial<Plain> = {}): Plain {
  return {
    identity: { id: "1", name: "bot" },
    send: async ({ ref }) => [{ ...ref, messageId: "m" }],
    disconnect: async () => undefined,
    ...more,
  };
}

async function open(platform: Platform) {
  const clock = createFakeClock();
  const gateway = createGateway({
    platforms: [platform],
    agent: async function* () {},
    access: { allowAll: true },
    clock,
    logger: silent,
  });
  await gateway.start();
  await settle();
  const condition = () => gateway.status().platforms[0]?.condition.state;
  return { gateway, clock, condition };
}

describe("Pausing a platform by hand", () => {
  it("lets what waits wait, for as long as it takes", async () => {
    const { gateway, chat, clock } = await startGateway();
    await gateway.pause("scripted");
    await settle();
    const chatRef = { ref: { platform: "scripted", chatId: "c1" }, type: "dm" } as const;
    const announced = gateway.announce({ chat: chatRef, text: "later", waitMs: 1000 });
    await settle();
    await clock.advance(1000);
    expect(await announced).toMatchObject({ state: "queued" });
    for (let day = 0; day < 3; day += 1) await clock.advance(dayMs);
    await gateway.resume("scripted");
    await settle();
    await clock.advance(1000);
    expect(chat.texts()).toEqual(["later"]);
    await gateway.stop();
  });

  it("lets nothing in from the moment it was asked for, however long the adapter takes to hang up", async () => {
    const held = Promise.withResolvers<undefined>();
    const connection = connectionOf({ disconnect: () => held.promise });
    const platform = platformOf(async () => connection, { receive: async () => new Response("taken") });
    const { gateway, condition } = await open(platform);
    const post = () => gateway.fetch(new Request("http://localhost/webhooks/slow", { method: "POST" }));
    expect((await post()).status).toBe(200);
    await gateway.pause("slow");
    expect((await post()).status).toBe(503);
    await settle();
    expect((await post()).status).toBe(503);
    held.resolve(undefined);
    await settle();
    expect(condition()).toBe("paused");
    await gateway.resume("slow");
    await settle();
    expect((await post()).status).toBe(200);
    await gateway.stop();
  });

  it("also ends a connection that was made at that very moment", async () => {
    let made = 0;
    let lose = (): void => undefined;
    const held = Promise.withResolvers<undefined>();
    const platform = platformOf(async () => {
      made += 1;
      return connectionOf({
        // As many do it, it hears of an end only while it listens.
        listen: (signal) =>
          new Promise((resolve) => {
            lose = () => resolve({ reason: "lost", error: new Error("gone") });
            signal.addEventListener("abort", () => resolve({ reason: "requested" }), { once: true });
          }),
        disconnect: () => (made === 2 ? held.promise : Promise.resolve(undefined)),
      });
    });
    const { gateway, clock, condition } = await open(platform);
    lose();
    await settle();
    // The second one is there, and the first is still being hung up.
    await clock.advance(2000);
    expect(made).toBe(2);
    await gateway.pause("slow");
    made = 3;
    held.resolve(undefined);
    await settle();
    expect(condition()).toBe("paused");
    await gateway.stop();
  });

  it("while it connects gives that up, and hangs up what comes all the same", async () => {
    const connecting = Promise.withResolvers<Plain>();
    let hungUp = 0;
    const { gateway, condition } = await open(platformOf(() => connecting.promise));
    expect(condition()).toBe("connecting");
    await gateway.pause("slow");
    await settle();
    expect(condition()).toBe("paused");
    connecting.resolve(connectionOf({ disconnect: async () => void (hungUp += 1) }));
    await settle();
    expect(hungUp).toBe(1);
    await gateway.stop();
    expect(condition()).toBe("stopped");
  });

  it("is remembered for platforms that are not there just now", async () => {
    const store = createMemoryStore();
    const first = await startGateway({ store });
    await first.gateway.pause("scripted");
    const ended = first.gateway.stop();
    await first.clock.advance(5000);
    await ended;
    const other = createScriptedPlatform({ style: "edit", id: "other" });
    const second = await startGateway({ store, chat: other, clock: first.clock });
    await second.gateway.pause("other");
    await second.gateway.resume("other");
    const endedAgain = second.gateway.stop();
    await first.clock.advance(5000);
    await endedAgain;
    const third = await startGateway({ store, clock: first.clock });
    expect(third.gateway.status().platforms[0]?.condition.state).toBe("paused");
    await third.gateway.resume("scripted");
    await settle();
    expect(third.gateway.status().platforms[0]?.condition.state).toBe("up");
    await third.gateway.stop();
  });

  it("leaves what waits there for somebody to drop by hand", async () => {
    const { gateway, chat, clock } = await startGateway();
    await gateway.pause("scripted");
    await settle();
    const chatRef = { ref: { platform: "scripted", chatId: "c1" }, type: "dm" } as const;
    const announced = gateway.announce({ chat: chatRef, text: "never", waitMs: 1 });
    await settle();
    await clock.advance(1);
    const { replyId } = await announced;
    const dropped = gateway.ledger.dropDelivery(replyId).then(({ kind }) => kind);
    expect(await Promise.race([dropped, settle().then(() => "hangs")])).toBe("done");
    await gateway.resume("scripted");
    await settle();
    expect(chat.texts()).toEqual([]);
    await gateway.stop();
  });

  it("and resuming one with wrong credentials tries once each time", async () => {
    const { gateway, chat } = await startGateway();
    chat.fail({ on: "connect", failure: { kind: "unauthorized" } });
    chat.fail({ on: "connect", failure: { kind: "unauthorized" } });
    chat.lose({ kind: "unauthorized" });
    await settle();
    const condition = () => gateway.status().platforms[0]?.condition.state;
    expect(condition()).toBe("failed");
    const triesBefore = chat.calls.filter(({ name }) => name === "connect").length;
    expect(await gateway.resume("scripted")).toBe(true);
    await settle();
    expect(condition()).toBe("failed");
    expect(chat.calls.filter(({ name }) => name === "connect")).toHaveLength(triesBefore + 1);
    await gateway.stop();
  });
});
