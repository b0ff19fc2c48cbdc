import { isRpcError, type ProtocolEvent } from "@hermes/protocol";
import type { Connection } from "../connection/connection.ts";
import { isConnectionLost } from "../connection/connection-lost.ts";
import { createStore, type Store } from "../connection/store.ts";
import { applyEvent, withQuestion } from "./apply-event.ts";
import { emptyConversation, type ConversationState } from "./conversation-state.ts";
import { loadConversation, withEarlier } from "./load-conversation.ts";
import type { AcceptedMessage } from "./outbox.ts";

/** A conversation as it is shown. */
export interface ConversationView {
  readonly phase: "loading" | "ready" | "failed";
  readonly state: ConversationState;
  readonly isLoadingEarlier: boolean;
  readonly error?: unknown;
}

/** One open conversation, kept up to date. */
export interface Conversation {
  readonly sessionKey: string;
  /** Changes at most once per frame. */
  readonly view: Store<ConversationView>;
  loadEarlier(): Promise<void>;
  reload(): Promise<void>;
  accepted(message: AcceptedMessage): void;
  close(): void;
}

export interface ConversationOptions {
  readonly sessionKey: string;
  readonly connection: Pick<Connection, "client" | "onEvent" | "status">;
  /** Runs once before the next frame is drawn. */
  readonly onNextFrame: (run: () => void) => void;
}

const pageLength = 50;
const mostLength = 200;
/** Events kept while the history is on its way; more than these, and it is asked again. */
const mostBuffered = 5_000;

/** Opens a conversation; it follows the connection until it is closed. */
export function openConversation({ sessionKey, connection, onNextFrame }: ConversationOptions): Conversation {
  const { client } = connection;
  const view = createStore<ConversationView>({ phase: "loading", state: emptyConversation, isLoadingEarlier: false });
  let latest = view.get();
  let isFrameAsked = false;
  let isClosed = false;
  let load = 0;
  /** Events that came while the history was on its way; undefined: they are applied at once. */
  let buffer: ProtocolEvent[] | undefined = [];
  let epoch = -1;

  function show(next: ConversationView): void {
    latest = next;
    if (isFrameAsked) return;
    isFrameAsked = true;
    onNextFrame(() => {
      isFrameAsked = false;
      if (!isClosed) view.set(latest);
    });
  }

  const endEvents = connection.onEvent((event) => {
    if (event.session_key !== sessionKey) return;
    if (buffer !== undefined) {
      if (buffer.length < mostBuffered) buffer.push(event);
      return;
    }
    const state = applyEvent(latest.state, event);
    show({ ...latest, state });
    if (state.isStale) void reload();
  });

  const endStatus = connection.status.subscribe(follow);
  follow();

  function follow(): void {
    const status = connection.status.get();
    if (status.kind !== "open" || status.epoch === epoch) return;
    epoch = status.epoch;
    // A load that the break cut off has left events aside: only another one brings them together.
    void (latest.state.stream === undefined || buffer !== undefined ? reload() : resume());
  }

  /** Goes on where the last connection left off; otherwise begins anew. */
  async function resume(): Promise<void> {
    const { stream, seq } = latest.state;
    if (stream === undefined) return await reload();
    try {
      const subscribed = await client.call("session.subscribe", { session_key: sessionKey, stream, since: seq });
      if (!subscribed.resumed) await reload();
    } catch (error) {
      failed(error);
    }
  }

  /** Never rejects: what failed is shown. */
  async function reload(): Promise<void> {
    load += 1;
    const mine = load;
    buffer = [];
    const limit = Math.min(mostLength, Math.max(pageLength, latest.state.items.length));
    try {
      const subscribed = await client.call("session.subscribe", { session_key: sessionKey });
      const history = await client.call("chat.history", { session_key: sessionKey, limit });
      if (isClosed || mine !== load) return;
      const since: readonly ProtocolEvent[] = buffer ?? [];
      buffer = undefined;
      show({ phase: "ready", state: loadConversation(history, subscribed, since), isLoadingEarlier: false });
      if (latest.state.isStale) await reload();
    } catch (error) {
      if (mine === load) failed(error);
    }
  }

  /** A lost connection is tried again by itself; a conversation that is not there yet is an empty one. */
  function failed(error: unknown): void {
    if (isClosed || isConnectionLost(error)) return;
    if (isRpcError(error) && error.kind === "not-found") {
      show({ phase: "ready", state: emptyConversation, isLoadingEarlier: false });
    } else {
      show({ ...latest, phase: latest.phase === "ready" ? "ready" : "failed", error });
    }
  }

  async function loadEarlier(): Promise<void> {
    const { earlier } = latest.state;
    if (earlier === undefined || latest.isLoadingEarlier) return;
    const mine = load;
    show({ ...latest, isLoadingEarlier: true });
    try {
      const history = await client.call("chat.history", { session_key: sessionKey, limit: pageLength, before: earlier });
      if (mine === load) show({ ...latest, isLoadingEarlier: false, state: withEarlier(latest.state, history) });
    } catch (error) {
      show({ ...latest, isLoadingEarlier: false, ...(isConnectionLost(error) ? {} : { error }) });
    }
  }

  return {
    sessionKey,
    view,
    loadEarlier,
    reload,
    accepted({ messageId: id, text, attachments, writtenAtMs }) {
      const timestamp = new Date(writtenAtMs).toISOString();
      const items = withQuestion(latest.state.items, { kind: "question", id, text, timestamp, attachments, state: "waiting" });
      show({ ...latest, state: { ...latest.state, items } });
      if (latest.state.stream === undefined) void reload();
    },
    close() {
      isClosed = true;
      endEvents();
      endStatus();
      if (connection.status.get().kind !== "open") return;
      // A gateway that still tells of it does no harm: nobody listens.
      client.call("session.unsubscribe", { session_key: sessionKey }).catch(() => {});
    },
  };
}
