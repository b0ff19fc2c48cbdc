import { createClient, createDispatcher, type ProtocolEvent } from "@hermes/protocol";
import { describe, expect, it } from "vitest";
import { openConversation, type Conversation } from "../src/chat/conversation.ts";
import { isBusy, textOf } from "../src/chat/conversation-state.ts";
import { ConnectionLost } from "../src/connection/connection-lost.ts";
import type { ConnectionStatus } from "../src/connection/connection.ts";
import { createStore } from "../src/connection/store.ts";
import { LoopbackConversation } from "./loopback/conversations.ts";
import { createHandlers, type LoopbackCaller } from "./loopback/handlers.ts";
import { createWorld, type World } from "./loopback/world.ts";

const key = "agent:main:web:dm:ada.test";
const at = "2026-01-02T03:04:05.000Z";

interface Stage {
  readonly conversation: Conversation;
  readonly there: LoopbackConversation;
  /** Happens at the gateway; told to the page only while it is connected. */
  readonly happen: (...happenings: readonly Parameters<LoopbackConversation["happen"]>[0][]) => void;
  readonly disconnect: () => void;
  /** `isNewRun`: the gateway was restarted meanwhile. */
  readonly connect: (isNewRun?: boolean) => Promise<void>;
  readonly shown: () => readonly string[];
}

async function settled(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function stage(world: World = createWorld(0, true)): Promise<Stage> {
  const there = new LoopbackConversation(key, { platform: "web", chatId: "ada.test", type: "dm" }, "", 0);
  world.conversations.set(key, there);
  const listeners = new Set<(event: ProtocolEvent) => void>();
  const status = createStore<ConnectionStatus>({ kind: "open", epoch: 1 });
  let isConnected = true;
  let epoch = 1;
  const send = (event: ProtocolEvent): void => {
    if (isConnected) for (const listener of listeners) listener(event);
  };
  const caller: LoopbackCaller = { scope: "admin", subscriptions: new Set(), send };
  const dispatcherOf = (stream: string) =>
    createDispatcher<LoopbackCaller>({
      handlers: createHandlers({ world, stream, callers: new Set([caller]), files: new Map() }),
      onFault(error) {
        throw error;
      },
    });
  let dispatcher = dispatcherOf("first");
  const client = createClient({
    async send(request) {
      const answer = await dispatcher.dispatch(JSON.stringify(request), caller);
      if (!isConnected) throw new ConnectionLost();
      return JSON.parse(answer ?? "null") as unknown;
    },
  });
  const conversation = openConversation({
    sessionKey: key,
    connection: {
      client,
      status,
      onEvent(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    onNextFrame: (run) => run(),
  });
  await settled();
  return {
    conversation,
    there,
    happen(...happenings) {
      for (const happening of happenings) {
        const event = there.happen(happening);
        if (event.type === "chat.message") {
          there.messages.push({ message_id: event.message_id, role: "user", text: event.text, timestamp: at, state: "running" });
        }
        if (caller.subscriptions.has(key)) send(event);
      }
    },
    disconnect() {
      isConnected = false;
      status.set({ kind: "waiting", attempt: 1, retryAtMs: 0 });
    },
    async connect(isNewRun = false) {
      isConnected = true;
      if (isNewRun) dispatcher = dispatcherOf("second");
      epoch += 1;
      status.set({ kind: "open", epoch });
      await settled();
    },
    shown: () =>
      conversation.view.get().state.items.map((item) => `${item.kind}: ${item.kind === "answer" ? textOf(item) : item.text}`),
  };
}

const asked = { type: "chat.message", message_id: "1", text: "Why?", timestamp: at } as const;
const delta = (text: string) => ({ type: "chat.delta", message_id: "1", part: 0, delta: text }) as const;
const done = (text: string) => ({ type: "chat.done", message_id: "1", outcome: "finished", text, timestamp: at }) as const;

describe("An open conversation", () => {
  it("shows what happens as it happens", async () => {
    const { happen, shown, conversation } = await stage();
    happen(asked, delta("Be"), delta("cause"));
    expect(shown()).toEqual(["question: Why?", "answer: Because"]);
    expect(isBusy(conversation.view.get().state)).toBe(true);
    happen(done("Because"));
    expect(isBusy(conversation.view.get().state)).toBe(false);
  });

  it("gets what was missed when the connection is back", async () => {
    const { happen, shown, disconnect, connect } = await stage();
    happen(asked, delta("Be"));
    disconnect();
    happen(delta("cau"), delta("se"));
    await connect();
    happen(delta("."));
    expect(shown()).toEqual(["question: Why?", "answer: Because."]);
  });

  it("reads everything again when the gateway was restarted meanwhile", async () => {
    const { happen, shown, disconnect, connect } = await stage();
    happen(asked, delta("Be"));
    disconnect();
    happen(delta("cause."), done("Because."));
    await connect(true);
    expect(shown()).toEqual(["question: Why?", "answer: Because."]);
  });

  it("reads everything again when it changed", async () => {
    const { happen, shown, there } = await stage();
    happen(asked, done("Because."));
    there.messages.length = 0;
    happen({ type: "session.changed" });
    await settled();
    expect(shown()).toEqual([]);
  });

  it("reads everything again behind a gap", async () => {
    const { happen, shown, there } = await stage();
    happen(asked, delta("Be"));
    there.happen(delta("cau"));
    happen(delta("se"));
    await settled();
    expect(shown()).toEqual(["question: Why?", "answer: Because"]);
  });

  it("reads everything again when a break cut the reading off", async () => {
    const { happen, shown, disconnect, connect } = await stage();
    happen(asked, delta("Be"), { type: "session.changed" });
    disconnect();
    await settled();
    happen(delta("cause"));
    await connect();
    happen(delta("."));
    expect(shown()).toEqual(["question: Why?", "answer: Because."]);
  });

  it("is empty while the gateway knows nothing of it", async () => {
    const world = createWorld(0, true);
    const { conversation } = await stage(world);
    world.conversations.clear();
    await conversation.reload();
    expect(conversation.view.get()).toMatchObject({ phase: "ready", state: { items: [] } });
  });

  it("shows an accepted message once, whoever tells of it first", async () => {
    const accepted = { messageId: "1", sessionKey: key, text: "Why?", attachments: [], writtenAtMs: Date.parse(at) };
    const answerFirst = await stage();
    answerFirst.conversation.accepted(accepted);
    answerFirst.happen(asked);
    const streamFirst = await stage();
    streamFirst.happen(asked);
    streamFirst.conversation.accepted(accepted);
    expect([answerFirst.shown(), streamFirst.shown()]).toEqual([["question: Why?"], ["question: Why?"]]);
  });

  it("loads what was said earlier, once", async () => {
    const { there, conversation, shown } = await stage();
    for (let index = 0; index < 70; index += 1) {
      there.messages.push({ message_id: `m${index}`, role: "user", text: String(index), timestamp: at });
    }
    await conversation.reload();
    expect(shown()).toHaveLength(50);
    await Promise.all([conversation.loadEarlier(), conversation.loadEarlier()]);
    expect(shown()).toEqual(Array.from({ length: 70 }, (_, index) => `question: ${index}`));
  });
});
