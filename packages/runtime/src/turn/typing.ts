import type { AgentEvent, Chat, Clock, Platform } from "@hermes/core";
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

/** Shows that somebody is at work in a chat, and with what. */
export interface Typing {
  /** Names the tool that runs now, where the platform shows that. */
  hear(event: AgentEvent): void;
  stop(): void;
}

const nowhere: Typing = { hear: () => undefined, stop: () => undefined };

/** Shows it until `stop` is called. */
export function startTyping(chat: Chat, { platform, connections, clock, penalties }: TypingParts): Typing {
  const typing = platform?.capabilities.typing ?? false;
  if (typing === false) return nowhere;
  const { refreshMs } = typing;
  const startedAtMs = clock.now();
  let isShown = false;
  let status: string | undefined;
  let cancel = clock.wakeAt(startedAtMs + firstAfterMs, refresh);
  function refresh(): void {
    // A chat that takes no calls for a while takes none for this.
    if (penalties.untilMs(chat.ref) === undefined) {
      isShown = true;
      void showTyping(chat, connections, { active: true, ...(status === undefined ? {} : { status }) });
    }
    if (clock.now() - startedAtMs < maxMs) cancel = clock.wakeAt(clock.now() + refreshMs, refresh);
  }
  return {
    hear(event) {
      if (event.type === "tool-start") status = event.title;
      else if (event.type === "tool-end") status = undefined;
    },
    stop() {
      cancel();
      // Some platforms show it until they are told, or until a message comes.
      if (isShown && penalties.untilMs(chat.ref) === undefined) void showTyping(chat, connections, { active: false });
    },
  };
}

async function showTyping(
  chat: Chat,
  connections: Connections,
  typing: { readonly active: boolean; readonly status?: string },
): Promise<void> {
  try {
    await connections.get(chat.ref.platform)?.setTyping?.(chat, typing);
  } catch {
    // It says nothing that the answer itself will not say.
  }
}
