import type { Client, ProtocolEvent, SessionInfo } from "@hermes/protocol";
import { isConnectionLost } from "../connection/connection-lost.ts";
import { createStore, type Store } from "../connection/store.ts";

/** Conversations as the list shows them. */
export interface SessionsView {
  readonly rows: readonly SessionInfo[];
  /** There are more behind these. */
  readonly hasMore: boolean;
  readonly isLoaded: boolean;
  readonly error?: unknown;
}

/** The list of conversations. */
export interface Sessions {
  readonly view: Store<SessionsView>;
  /** Never rejects: what failed is shown. */
  refresh(): Promise<void>;
  loadMore(): Promise<void>;
  /** Changes the list where an event says how. */
  readonly heard: (event: ProtocolEvent) => void;
  rename(sessionKey: string, title: string): Promise<void>;
  remove(sessionKey: string): Promise<{ readonly done: boolean; readonly message: string }>;
}

const pageLength = 50;
const mostRows = 200;

export function createSessions(client: Pick<Client, "call">): Sessions {
  const view = createStore<SessionsView>({ rows: [], hasMore: false, isLoaded: false });
  let next: string | undefined;
  let asked = 0;

  async function refresh(): Promise<void> {
    asked += 1;
    const mine = asked;
    const limit = Math.min(mostRows, Math.max(pageLength, view.get().rows.length));
    try {
      const list = await client.call("session.list", { limit });
      if (mine !== asked) return;
      next = list.next;
      view.set({ rows: list.sessions, hasMore: next !== undefined, isLoaded: true });
    } catch (error) {
      if (!isConnectionLost(error)) view.update((before) => ({ ...before, error }));
    }
  }

  async function loadMore(): Promise<void> {
    if (next === undefined) return;
    asked += 1;
    const mine = asked;
    try {
      const list = await client.call("session.list", { limit: pageLength, after: next });
      if (mine !== asked) return;
      next = list.next;
      const known = new Set(view.get().rows.map(({ session_key }) => session_key));
      const more = list.sessions.filter(({ session_key }) => !known.has(session_key));
      view.set({ rows: [...view.get().rows, ...more], hasMore: next !== undefined, isLoaded: true });
    } catch (error) {
      if (!isConnectionLost(error)) view.update((before) => ({ ...before, error }));
    }
  }

  return {
    view,
    refresh,
    loadMore,
    heard({ type }) {
      if (type === "chat.message" || type === "chat.done" || type === "session.changed") void refresh();
    },
    async rename(sessionKey, title) {
      await client.call("session.title", { session_key: sessionKey, title });
      await refresh();
    },
    async remove(sessionKey) {
      const outcome = await client.call("session.delete", { session_key: sessionKey });
      await refresh();
      return outcome;
    },
  };
}
