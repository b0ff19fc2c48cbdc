import type { Chat, Clock, Platform } from "@hermes/core";
import type { Connections } from "../connections.ts";
import type { Penalties } from "../outbox/penalties.ts";

/** A quick answer needs no sign of life. */
const firstAfterMs = 500;
/** However long a turn takes, the sign ends here: a stuck turn must not look busy for ever. */
const maxMs = 60 * 60_000;

/** What the sign of life is shown with. */
export interface TypingParts {
  readonly platform: Platform | undefined;
  readonly connections: Connections;
  readonly clock: Clock;
  readonly penalties: Penalties;
}

/** Shows that somebody is at work in `chat` until the returned function is called. */
export function keepTyping(chat: Chat, { platform, connections, clock, penalties }: TypingParts): () => void {
  const typing = platform?.capabilities.typing ?? false;
  if (typing === false) return () => undefined;
  const startedAtMs = clock.now();
  let cancel = clock.wakeAt(startedAtMs + firstAfterMs, show);
  function show(): void {
    // A chat that takes no calls for a while takes none for this.
    if (penalties.untilMs(chat.ref) === undefined) void showTyping(chat, connections);
    if (typing !== false && clock.now() - startedAtMs < maxMs) cancel = clock.wakeAt(clock.now() + typing.refreshMs, show);
  }
  return () => cancel();
}

async function showTyping(chat: Chat, connections: Connections): Promise<void> {
  try {
    await connections.get(chat.ref.platform)?.setTyping?.(chat, { active: true });
  } catch {
    // It says nothing that the answer itself will not say.
  }
}
