import { createDrafts } from "../chat/drafts.ts";
import { createOutbox, type AcceptedMessage } from "../chat/outbox.ts";
import { createConnection, type SocketLike } from "../connection/connection.ts";
import { readSession, type SignedIn } from "../connection/session.ts";
import { createSessions } from "../sessions/sessions.ts";
import { createNavigation } from "./navigation.tsx";
import type { Preferences } from "./preferences.ts";
import type { Services } from "./services.tsx";

interface ServicesOptions {
  readonly preferences: Preferences;
  readonly signedIn: SignedIn;
  readonly onSignOut: () => Promise<void>;
  readonly onSignedOut: () => void;
}

/** Builds what the console is made of, out of what the browser has; nothing is connected yet. */
export function createServices({ preferences, signedIn, onSignOut, onSignedOut }: ServicesOptions): Services {
  const after = (delayMs: number, run: () => void): (() => void) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  };
  const connection = createConnection({
    now: Date.now,
    random: Math.random,
    after,
    open: openSocket,
    isSignedIn: async () => (await readSession()) !== undefined,
    onSignedOut,
  });
  const listeners = new Set<(message: AcceptedMessage) => void>();
  const sessions = createSessions(connection.client);
  const outbox = createOutbox({
    client: connection.client,
    storage: window.sessionStorage,
    user: signedIn.user,
    newKey: () => crypto.randomUUID(),
    now: Date.now,
    after,
    onAccepted(message) {
      for (const listener of listeners) listener(message);
      void sessions.refresh();
    },
  });
  return {
    navigation: createNavigation(window),
    preferences,
    connection,
    client: connection.client,
    outbox,
    onAccepted(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    drafts: createDrafts(signedIn.user, window.sessionStorage),
    sessions,
    signedIn,
    async signOut() {
      await onSignOut();
      connection.stop();
    },
  };
}

function openSocket(): SocketLike {
  const url = new URL("/ws", window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(url);
}

/** Keeps services alive: connected, fresh, and sending what waits. Returns what ends it. */
export function runServices({ connection, sessions, outbox }: Services): () => void {
  const onOpen = (): void => {
    if (connection.status.get().kind !== "open") return;
    outbox.flush();
    void sessions.refresh();
  };
  const onLook = (): void => {
    if (document.visibilityState === "visible") connection.hurry();
  };
  const onOnline = (): void => connection.hurry();
  const ends = [connection.status.subscribe(onOpen), connection.onEvent(sessions.heard)];
  document.addEventListener("visibilitychange", onLook);
  window.addEventListener("online", onOnline);
  connection.start();
  return () => {
    for (const end of ends) end();
    document.removeEventListener("visibilitychange", onLook);
    window.removeEventListener("online", onOnline);
    connection.stop();
  };
}
