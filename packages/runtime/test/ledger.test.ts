import { describe, expect, it } from "vitest";
import { createLedger, createMemoryStore } from "@hermes/runtime";
import { createScriptedPlatform, settle } from "@hermes/runtime/testing";
import { createHeldAgent, startGateway } from "./set-up.ts";

const refused = { kind: "invalid" } as const;
const blocked = { kind: "forbidden" } as const;
const all = { limit: 10 };

describe("The ledger of a running gateway", () => {
  it("follows a message from its arrival to what stands there", async () => {
    const { gateway, chat } = await startGateway();
    await chat.says("hello", { eventId: "e1" });
    await gateway.idle();
    const timeline = await gateway.ledger.timeline("e1");
    expect(timeline?.event).toMatchObject({ eventId: "e1", verdict: "run", rule: "allow-all", state: "taken", work: "turn" });
    expect(timeline?.deliveries).toMatchObject([
      {
        kind: "turn",
        state: "sent",
        outcome: "finished",
        details: [{ state: "sent", text: "echo: hello", refs: [{ chatId: "c1" }], marked: false }],
      },
    ]);
    const messageId = timeline?.deliveries[0]?.details[0]?.refs[0]?.messageId ?? "";
    expect(await gateway.ledger.timeline(`c1/${messageId}`)).toEqual(timeline);
    await gateway.stop();
  });

  it("sends again what failed, without the notice that said so", async () => {
    const { gateway, chat, clock } = await startGateway();
    chat.fail({ on: "send", failure: refused }, { on: "send", failure: refused });
    await chat.says("hello");
    await clock.advance(10_000);
    await gateway.idle();
    const [delivery] = (await gateway.ledger.listDeliveries({ ...all, state: "troubled" })).rows;
    expect(delivery).toMatchObject({ state: "failed", failure: "invalid" });
    expect(await gateway.ledger.retryDelivery(delivery?.replyId ?? "")).toEqual({ kind: "done", what: "1 part will be sent." });
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    expect(await gateway.ledger.retryDelivery(delivery?.replyId ?? "")).toMatchObject({ kind: "refused" });
    await gateway.stop();
  });

  it("tries a chat again that could not be reached, and says until then why it waits", async () => {
    const { gateway, chat, clock } = await startGateway();
    chat.fail({ on: "send", failure: blocked });
    await chat.says("hello");
    await gateway.idle();
    const [delivery] = (await gateway.ledger.listDeliveries({ ...all, state: "pending" })).rows;
    expect(delivery).toMatchObject({ state: "parked", failure: "forbidden" });
    expect(await gateway.ledger.retryDelivery(delivery?.replyId ?? "")).toMatchObject({ kind: "done" });
    await clock.advance(10);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });

  it("drops what waits to be shown, at once", async () => {
    const { gateway, chat, clock } = await startGateway();
    chat.fail({ on: "send", failure: { kind: "rate-limited", retryAfterMs: 60_000 } });
    await chat.says("hello");
    await settle();
    const [delivery] = (await gateway.ledger.listDeliveries({ ...all, state: "pending" })).rows;
    expect(await gateway.ledger.dropDelivery(delivery?.replyId ?? "")).toEqual({
      kind: "done",
      what: "1 part will not be sent.",
    });
    await clock.advance(120_000);
    await gateway.idle();
    expect(chat.texts()).toEqual([]);
    expect(await gateway.ledger.delivery(delivery?.replyId ?? "")).toMatchObject({ state: "failed", failure: "dropped" });
    await chat.says("again");
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: again"]);
    await gateway.stop();
  });

  it("drops what waits in a chat that cannot be reached", async () => {
    const { gateway, chat, clock } = await startGateway();
    chat.fail({ on: "send", failure: blocked });
    await chat.says("hello");
    await gateway.idle();
    const [delivery] = (await gateway.ledger.listDeliveries(all)).rows;
    expect(await gateway.ledger.dropDelivery(delivery?.replyId ?? "")).toMatchObject({ kind: "done" });
    await clock.advance(2 * 60 * 60_000);
    expect(chat.texts()).toEqual([]);
    await gateway.stop();
  });

  it("does nothing to an answer in the making", async () => {
    const { agent } = createHeldAgent();
    const { gateway, chat, clock } = await startGateway({ agent });
    await chat.says("hello");
    await settle();
    const [delivery] = (await gateway.ledger.listDeliveries(all)).rows;
    expect(delivery?.state).toBe("running");
    for (const act of ["retryDelivery", "dropDelivery"] as const)
      expect(await gateway.ledger[act](delivery?.replyId ?? "")).toMatchObject({
        kind: "refused",
        why: expect.stringContaining("still running"),
      });
    const stopped = gateway.stop();
    await clock.advance(10_000);
    await stopped;
  });

  it("lets an event come in once more, and only one that was let in", async () => {
    const { gateway, chat } = await startGateway({ access: { allow: ["scripted:7"] } });
    await chat.says("hello", { eventId: "e1" });
    await chat.says("let me in", { eventId: "e2", userId: "8" });
    await gateway.idle();
    const events = (await gateway.ledger.listEvents(all)).rows;
    const seqOf = (id: string): number => events.find(({ eventId }) => eventId === id)?.seq ?? -1;
    expect(await gateway.ledger.replayEvent(seqOf("e1"))).toMatchObject({ kind: "done" });
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello", "echo: hello"]);
    expect(await gateway.ledger.replayEvent(seqOf("e2"))).toMatchObject({
      kind: "refused",
      why: expect.stringContaining("nothing to replay"),
    });
    await gateway.stop();
  });

  it("knows nothing of what never was", async () => {
    const { gateway } = await startGateway();
    const { ledger } = gateway;
    expect(await ledger.delivery("nobody's")).toBeUndefined();
    expect(await ledger.timeline("nobody's")).toBeUndefined();
    expect(await ledger.event(7)).toBeUndefined();
    for (const outcome of [ledger.retryDelivery("x"), ledger.dropDelivery("x"), ledger.replayEvent(7)])
      expect(await outcome).toMatchObject({ kind: "refused", why: expect.stringMatching(/There is no/u) });
    await gateway.stop();
  });
});

describe("The ledger of a gateway that does not run", () => {
  it("has what it changes take effect at the next start, by the rules of now", async () => {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "edit" });
    const first = await startGateway({ chat, store });
    chat.fail({ on: "send", failure: refused }, { on: "send", failure: refused });
    await chat.says("hello", { eventId: "e1" });
    await first.clock.advance(10_000);
    await first.gateway.idle();
    await first.gateway.stop();
    await store.open();
    const common = { store, clock: first.clock, capabilitiesOf: () => chat.platform.capabilities };
    const ledger = createLedger({ ...common, access: { allowAll: true } });
    const [delivery] = (await ledger.listDeliveries({ ...all, state: "troubled" })).rows;
    expect(await ledger.retryDelivery(delivery?.replyId ?? "")).toEqual({
      kind: "done",
      what: "1 part will be sent when the gateway is started.",
    });
    const seq = (await ledger.timeline("e1"))?.event?.seq ?? -1;
    expect(await createLedger(common).replayEvent(seq)).toMatchObject({ kind: "refused", why: expect.stringContaining("rules") });
    expect(await ledger.replayEvent(seq)).toMatchObject({ kind: "done" });
    const { gateway, clock } = await startGateway({ chat, store, clock: first.clock });
    await clock.advance(5000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello", "echo: hello"]);
    await gateway.stop();
  });
});
