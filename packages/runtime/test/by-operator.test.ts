import { createMemoryStore } from "@hermes/runtime";
import { createScriptedPlatform, settle } from "@hermes/runtime/testing";
import type { Chat } from "@hermes/core";
import { describe, expect, it, vi } from "vitest";
import { startGateway } from "./set-up.ts";

const chatOf = (chatId: string): Chat => ({ ref: { platform: "scripted", chatId }, type: "dm" });

describe("A platform that is paused by hand", () => {
  it("is disconnected, and shows what waits once it is resumed", async () => {
    const { gateway, chat } = await startGateway();
    expect(await gateway.pause("scripted")).toBe(true);
    await settle();
    expect(gateway.status().platforms[0]?.condition).toEqual({ state: "paused" });
    const announced = gateway.announce({ chat: chatOf("c1"), text: "later" });
    await settle();
    expect(chat.texts()).toEqual([]);
    expect(await gateway.resume("scripted")).toBe(true);
    expect(await announced).toMatchObject({ state: "sent" });
    expect(chat.texts()).toEqual(["later"]);
    expect(await gateway.resume("scripted")).toBe(false);
    await gateway.stop();
  });

  it("is still paused after a restart", async () => {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "edit" });
    const first = await startGateway({ store, chat });
    await first.gateway.pause("scripted");
    expect(await first.gateway.pause("scripted")).toBe(false);
    const stopped = first.gateway.stop();
    await first.clock.advance(5000);
    await stopped;
    const { gateway, clock } = await startGateway({ store, chat, clock: first.clock });
    expect(gateway.status().platforms[0]?.condition.state).toBe("paused");
    await gateway.resume("scripted");
    await settle();
    expect(gateway.status().platforms[0]?.condition.state).toBe("up");
    const ended = gateway.stop();
    await clock.advance(5000);
    await ended;
  });

  it("is one of those there are", async () => {
    const { gateway } = await startGateway();
    await expect(gateway.pause("nobody")).rejects.toThrow('There is no platform "nobody"');
    await gateway.stop();
  });
});

describe("What is known of a platform", () => {
  it("counts what came in and what went out, with when", async () => {
    const { gateway, chat, clock } = await startGateway({ access: { allow: ["scripted:1"] } });
    await chat.says("hello", { userId: "1" });
    await gateway.idle();
    await clock.advance(100);
    await chat.says("hello", { userId: "2" });
    const facts = gateway.status().platforms[0];
    expect(facts?.admission).toMatchObject({ taken: 1, refused: 1 });
    expect((facts?.admission.refusedAtMs ?? 0) - (facts?.admission.takenAtMs ?? 0)).toBe(100);
    expect(facts?.delivery).toMatchObject({ sent: 1, failed: 0 });
    await gateway.stop();
  });

  it("names why the last call failed", async () => {
    const { gateway, chat } = await startGateway();
    chat.fail({ on: "send", failure: { kind: "invalid" } });
    await gateway.announce({ chat: chatOf("c1"), text: "hello", waitMs: 1 });
    expect(gateway.status().platforms[0]?.delivery).toMatchObject({ failed: 1, failure: "invalid" });
    await gateway.stop();
  });
});

describe("An announcement", () => {
  it("comes with the platform's word for it", async () => {
    const { gateway, chat } = await startGateway();
    const announced = await gateway.announce({ chat: chatOf("c1"), text: "fire drill at **two**" });
    expect(announced).toMatchObject({ state: "sent", refs: [{ chatId: "c1" }] });
    expect(chat.texts()).toEqual(["fire drill at **two**"]);
    await gateway.stop();
  });

  it("is said once for one key, however often and however soon it is asked for again", async () => {
    const { gateway, chat } = await startGateway();
    const ask = () => gateway.announce({ chat: chatOf("c1"), text: "once", idempotencyKey: "k1" });
    const [one, two] = await Promise.all([ask(), ask()]);
    const three = await ask();
    expect(new Set([one.replyId, two.replyId, three.replyId]).size).toBe(1);
    expect(chat.texts()).toEqual(["once"]);
    await gateway.announce({ chat: chatOf("c2"), text: "once", idempotencyKey: "k1" });
    expect(chat.texts("c2")).toEqual(["once"]);
    await gateway.stop();
  });

  it("holds on to nothing of the gateway once it is made", async () => {
    const added = vi.spyOn(AbortSignal.prototype, "addEventListener");
    const removed = vi.spyOn(AbortSignal.prototype, "removeEventListener");
    try {
      const { gateway } = await startGateway();
      await gateway.announce({ chat: chatOf("c1"), text: "first" });
      const heard = new Map<unknown, number>();
      added.mockClear();
      removed.mockClear();
      for (let number = 0; number < 20; number += 1) await gateway.announce({ chat: chatOf("c1"), text: `${number}` });
      for (const signal of added.mock.contexts) heard.set(signal, (heard.get(signal) ?? 0) + 1);
      for (const signal of removed.mock.contexts) heard.set(signal, (heard.get(signal) ?? 0) - 1);
      expect(Math.max(0, ...heard.values())).toBeLessThan(5);
      await gateway.stop();
    } finally {
      added.mockRestore();
      removed.mockRestore();
    }
  });

  it("that comes when the gateway stops is refused", async () => {
    const { gateway, clock } = await startGateway();
    const stopped = gateway.stop();
    await clock.advance(5000);
    await stopped;
    const announced = gateway.announce({ chat: chatOf("c1"), text: "too late" }).then(
      () => "taken",
      (error: unknown) => String(error),
    );
    const answer = await Promise.race([announced, settle().then(() => "hangs")]);
    expect(answer).toBe("Error: The gateway stops, and has not taken this announcement");
  });

  it("says why it waits where its chat cannot be reached", async () => {
    const { gateway, chat } = await startGateway();
    chat.fail({ on: "send", failure: { kind: "not-found", what: "chat" } });
    const announced = await gateway.announce({ chat: chatOf("c1"), text: "anybody there?" });
    expect(announced).toMatchObject({ state: "queued", refs: [], failure: "not-found" });
    await gateway.stop();
  });

  it("is not called delivered before the platform has spoken", async () => {
    const { gateway, clock } = await startGateway();
    await gateway.pause("scripted");
    await settle();
    const announced = gateway.announce({ chat: chatOf("c1"), text: "hello", waitMs: 2000 });
    await settle();
    await clock.advance(2000);
    expect(await announced).toMatchObject({ state: "queued", refs: [] });
    const stopped = gateway.stop();
    await clock.advance(5000);
    await stopped;
  });
});

describe("Access by hand", () => {
  it("says who is let in and what would be decided, and takes a claim back", async () => {
    const { gateway, chat } = await startGateway({ access: { allow: ["scripted:7"] } });
    const { code } = gateway.openOwnerClaim();
    await chat.says(code, { userId: "1" });
    await gateway.idle();
    const facts = await gateway.access();
    expect(facts).toMatchObject({ configured: ["scripted:7"], granted: [{ userId: "1", role: "owner" }], open: [] });
    expect(gateway.decideAccess("scripted", "1")).toMatchObject({ verdict: "run", rule: "owner" });
    expect(gateway.decideAccess("scripted", "7")).toMatchObject({ verdict: "run", rule: "allow:scripted:7" });
    expect(await gateway.revokeAccess("scripted", "1")).toBe(true);
    expect(gateway.decideAccess("scripted", "1")).toMatchObject({ verdict: "refuse", rule: "not-allowed" });
    expect(await chat.says("hello", { userId: "1" })).toBe("refused");
    await gateway.stop();
  });

  it("lists the commands with what they do", async () => {
    const { gateway } = await startGateway();
    expect(gateway.commands().map(({ name }) => name)).toContain("stop");
    expect(gateway.commands().every(({ description }) => description !== "")).toBe(true);
    await gateway.stop();
  });
});
