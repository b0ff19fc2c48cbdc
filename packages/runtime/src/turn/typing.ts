import type { AgentEvent, Chat, Clock, Platform } from "@hermes/core";
import type { Connections } from "../connections.ts";
import type { Penalties } from "../outbox/penalties.ts";
import { pauseUntil } from "../pause.ts";

/** A quick answer needs no sign of life. */
const firstAfterMs = 500;
/** An agent of which nothing is heard for so long does not look busy any more, until it is heard again. */
const idleMs = 5 * 60_000;
/** However long a turn takes, the sign ends here: a stuck turn must not look busy for ever. */
const maxMs = 60 * 60_000;
/** A call that has not come back by then is not waited for. */
const callMs = 1500;

/** What the sign of life is shown with. */
export interface TypingParts {
  readonly platform: Platform | undefined;
  readonly connections: Connections;
  readonly clock: Clock;
  readonly penalties: Penalties;
}

/** Shows that somebody is at work in a chat, and with what. */
export interface Typing {
  /** It is at work; names the tool that runs now, where the platform shows that. */
  hear(event: AgentEvent): void;
  /** A person is waited for: nobody is at work until as many calls of `resume`. */
  pause(): void;
  resume(): void;
  stop(): void;
}

const nowhere: Typing = {
  hear: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
  stop: () => undefined,
};

/** Shows it until `stop` is called. */
export function startTyping(chat: Chat, parts: TypingParts): Typing {
  const typing = parts.platform?.capabilities.typing ?? false;
  return typing === false ? nowhere : new ShownTyping(chat, parts, typing.refreshMs);
}

class ShownTyping implements Typing {
  readonly #chat: Chat;
  readonly #parts: TypingParts;
  readonly #refreshMs: number;
  readonly #startedAtMs: number;
  #heardAtMs: number;
  #status: string | undefined;
  #isShown = false;
  /** A wake-up is set: somebody is at work. */
  #isActive = true;
  #pauses = 0;
  #cancel: () => void;
  /** The call that has not come back: there is never more than one. */
  #call: Promise<void> | undefined;

  constructor(chat: Chat, parts: TypingParts, refreshMs: number) {
    this.#chat = chat;
    this.#parts = parts;
    this.#refreshMs = refreshMs;
    this.#startedAtMs = parts.clock.now();
    this.#heardAtMs = this.#startedAtMs;
    this.#cancel = parts.clock.wakeAt(this.#startedAtMs + firstAfterMs, () => this.#refresh());
  }

  hear(event: AgentEvent): void {
    this.#heardAtMs = this.#parts.clock.now();
    if (event.type === "tool-start") this.#status = event.title;
    else if (event.type === "tool-end") this.#status = undefined;
    if (!this.#isActive && this.#pauses === 0 && !this.#isOverdue()) this.#refresh();
  }

  pause(): void {
    this.#pauses += 1;
    this.#rest();
  }

  resume(): void {
    this.#pauses -= 1;
    this.#heardAtMs = this.#parts.clock.now();
    if (this.#pauses === 0 && !this.#isOverdue()) this.#refresh();
  }

  stop(): void {
    this.pause();
  }

  #isOverdue(): boolean {
    return this.#parts.clock.now() - this.#startedAtMs >= maxMs;
  }

  #refresh(): void {
    const { clock } = this.#parts;
    this.#cancel();
    if (this.#isOverdue() || clock.now() - this.#heardAtMs >= idleMs) return this.#rest();
    this.#isActive = true;
    const status = this.#status;
    if (this.#call === undefined && this.#show({ active: true, ...(status === undefined ? {} : { status }) }))
      this.#isShown = true;
    this.#cancel = clock.wakeAt(clock.now() + this.#refreshMs, () => this.#refresh());
  }

  /** Nobody is at work for now. Some platforms show it until they are told, or until a message comes. */
  #rest(): void {
    this.#cancel();
    this.#isActive = false;
    if (!this.#isShown) return;
    this.#isShown = false;
    if (this.#call === undefined) this.#show({ active: false });
    // Not awaited: it comes behind the call in flight, and never rejects.
    else void this.#endAfter(this.#call);
  }

  async #endAfter(call: Promise<void>): Promise<void> {
    const { clock } = this.#parts;
    const done = new AbortController();
    void call.then(() => done.abort());
    await pauseUntil(clock.now() + callMs, clock, done.signal);
    if (this.#call === undefined && !this.#isShown) this.#show({ active: false });
  }

  /** False where it is not the time for calls: a chat that takes none for a while takes none for this. */
  #show(typing: { readonly active: boolean; readonly status?: string }): boolean {
    const { connections, penalties } = this.#parts;
    if (penalties.untilMs(this.#chat.ref) !== undefined) return false;
    const call = showTyping(this.#chat, connections, typing).then(() => {
      if (this.#call === call) this.#call = undefined;
    });
    this.#call = call;
    return true;
  }
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
