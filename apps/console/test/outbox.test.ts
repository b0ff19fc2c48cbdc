import { RpcError, type ChatAsk } from "@hermes/protocol";
import { describe, expect, it } from "vitest";
import { ConnectionLost } from "../src/connection/connection-lost.ts";
import { createOutbox, type AcceptedMessage, type Outbox } from "../src/chat/outbox.ts";
import { visibleOutgoing } from "../src/chat/visible-messages.ts";
import { memoryStorage } from "./memory-storage.ts";

const session = "agent:main:web:dm:ada";

interface Stage {
  readonly outbox: Outbox;
  readonly asked: ChatAsk[];
  readonly accepted: AcceptedMessage[];
  readonly later: (() => void)[];
  readonly settled: () => Promise<void>;
}

/** The gateway's side: each answer is for one call, `lost` for a connection that broke. */
function stage(answers: readonly ("taken" | Error)[], storage = memoryStorage(), user = "ada"): Stage {
  const asked: ChatAsk[] = [];
  const accepted: AcceptedMessage[] = [];
  const later: (() => void)[] = [];
  let keys = 0;
  const outbox = createOutbox({
    client: {
      call: (async (_: string, params: ChatAsk) => {
        asked.push(params);
        const answer = answers[asked.length - 1] ?? "taken";
        if (answer !== "taken") throw answer;
        return { message_id: `m${asked.length}`, session_key: session };
      }) as never,
    },
    storage,
    user,
    newKey: () => `k${(keys += 1)}`,
    now: () => 1000,
    after: (_, run) => later.push(run),
    onAccepted: (message) => accepted.push(message),
  });
  return { outbox, asked, accepted, later, settled: async () => await new Promise((resolve) => setImmediate(resolve)) };
}

describe("The outbox", () => {
  it("keeps nothing of a message the gateway took", async () => {
    const { outbox, accepted, settled } = stage([]);
    outbox.send({ sessionKey: session, text: "one", attachments: [] });
    await settled();
    expect(outbox.messages.get()).toEqual([]);
    expect(accepted).toMatchObject([{ messageId: "m1", text: "one" }]);
  });

  it("sends with the same key again when the connection broke before the answer", async () => {
    const { outbox, asked, accepted, settled } = stage([new ConnectionLost(), "taken"]);
    outbox.send({ sessionKey: session, text: "one", attachments: [] });
    await settled();
    expect(outbox.messages.get()).toHaveLength(1);
    outbox.flush();
    await settled();
    expect(asked.map(({ idempotency_key }) => idempotency_key)).toEqual(["k1", "k1"]);
    expect(accepted).toHaveLength(1);
  });

  it("keeps the order of one conversation over a break", async () => {
    const { outbox, asked, settled } = stage([new ConnectionLost()]);
    for (const text of ["one", "two", "three"]) outbox.send({ sessionKey: session, text, attachments: [] });
    await settled();
    outbox.flush();
    await settled();
    expect(asked.map(({ text }) => text)).toEqual(["one", "one", "two", "three"]);
  });

  it("goes on with what an earlier page left", async () => {
    const storage = memoryStorage();
    const before = stage([new ConnectionLost()], storage);
    before.outbox.send({ sessionKey: session, text: "one", attachments: [{ id: "f1", kind: "file" }] });
    await before.settled();
    const now = stage([], storage);
    now.outbox.flush();
    await now.settled();
    expect(now.asked).toMatchObject([{ text: "one", idempotency_key: "k1", attachments: ["f1"] }]);
    expect(storage.getItem("hermes.outbox:ada")).toBeNull();
  });

  it("sends nothing of somebody else who used this tab before", async () => {
    const storage = memoryStorage();
    const before = stage([new ConnectionLost()], storage);
    before.outbox.send({ sessionKey: session, text: "one", attachments: [] });
    await before.settled();
    expect(stage([], storage, "bob").outbox.messages.get()).toEqual([]);
  });

  it("begins empty where the storage holds something else", () => {
    const storage = memoryStorage();
    storage.setItem("hermes.outbox:ada", '[{"key":1}, "x", {');
    expect(stage([], storage).outbox.messages.get()).toEqual([]);
  });

  it("shows why a message was refused, and goes on with the next", async () => {
    const { outbox, accepted, settled } = stage([new RpcError("forbidden", "Not here"), "taken"]);
    outbox.send({ sessionKey: session, text: "one", attachments: [] });
    outbox.send({ sessionKey: session, text: "two", attachments: [] });
    await settled();
    expect(outbox.messages.get()).toMatchObject([{ text: "one", refusal: "Not here" }]);
    expect(accepted.map(({ text }) => text)).toEqual(["two"]);
  });

  it("tries a refused message with its key when it is told to", async () => {
    const { outbox, asked, settled } = stage([new RpcError("forbidden", "Not here"), "taken"]);
    outbox.send({ sessionKey: session, text: "one", attachments: [] });
    await settled();
    outbox.retry("k1");
    await settled();
    expect(asked.map(({ idempotency_key }) => idempotency_key)).toEqual(["k1", "k1"]);
    expect(outbox.messages.get()).toEqual([]);
  });

  it("waits as long as a busy gateway says", async () => {
    const { outbox, later, asked, settled } = stage([new RpcError("rate-limited", "Slower", { retryAfterMs: 500 })]);
    outbox.send({ sessionKey: session, text: "one", attachments: [] });
    await settled();
    expect(asked).toHaveLength(1);
    later[0]?.();
    await settled();
    expect(outbox.messages.get()).toEqual([]);
  });
});

describe("A message on its way", () => {
  const message = {
    key: "k",
    sessionKey: session,
    text: "one",
    attachments: [],
    writtenAtMs: Date.parse("2026-01-01T00:00:10Z"),
  };
  const question = (id: string, timestamp: string) =>
    ({ kind: "question", id, text: "one", timestamp, state: "waiting", attachments: [] }) as const;

  it("is not shown beside itself when the stream tells of it first", () => {
    const items = [question("1", "2026-01-01T00:00:11Z")];
    expect(visibleOutgoing([message], session, { items })).toEqual([]);
  });

  it("is shown although the same words were said before", () => {
    const items = [question("1", "2026-01-01T00:00:00Z")];
    expect(visibleOutgoing([message], session, { items })).toEqual([message]);
  });

  it("is shown once more when the same words were sent twice and one came through", () => {
    const items = [question("1", "2026-01-01T00:00:11Z")];
    const again = { ...message, key: "k2" };
    expect(visibleOutgoing([message, again], session, { items })).toEqual([again]);
  });
});
