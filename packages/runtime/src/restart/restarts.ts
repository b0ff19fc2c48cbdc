import type { Chat, Json, PlatformEvent } from "@hermes/core";

/** What is remembered of restarts that people asked for. */
export interface Restarts {
  /** Who is still to be told that it is done. */
  readonly asked?: { readonly chat: Chat; readonly eventId: string; readonly atMs: number };
  /** The newest messages that asked, by `nameOfEvent`: none of them asks again. */
  readonly handled: readonly string[];
}

/** Some platforms tell the time of a message in whole seconds. */
const coarsestMs = 1000;

/** Whether an event asked an earlier process: it is known, or older than this process. */
export function askedBefore(event: PlatformEvent, { handled }: Restarts, startedAtMs: number): boolean {
  const atMs = Date.parse(event.at);
  return handled.includes(nameOfEvent(event)) || atMs < startedAtMs - (startedAtMs % coarsestMs);
}

/** What an event is known by. */
export function nameOfEvent({ chat, eventId }: PlatformEvent): string {
  return `${chat.ref.platform}\n${eventId}`;
}

/** What was kept; nothing for what is no such thing. */
export function readRestarts(kept: Json | undefined): Restarts {
  if (typeof kept !== "object" || kept === null || Array.isArray(kept)) return { handled: [] };
  const { asked, handled } = kept as { readonly asked?: Restarts["asked"]; readonly handled?: unknown };
  const names = Array.isArray(handled) ? handled.filter((name) => typeof name === "string") : [];
  // Nobody else writes there.
  return { handled: names, ...(asked === undefined ? {} : { asked }) };
}
