import type { Frame } from "./encode.ts";

/** Whoever hears events: one connection. */
export interface Listener {
  readonly maxUnsentBytes: number;
  readonly isGone: boolean;
  send(frame: Frame): void;
  /** It cannot be kept up with: it has to begin again. */
  fallBehind(): void;
}

/** One listener's ear in one conversation: to all of it, or to one message alone. */
export class Tap {
  readonly listener: Listener;
  readonly sessionKey: string;
  /** undefined: it hears the whole conversation. */
  readonly messageId: string | undefined;
  #holds = 0;
  #held: Frame[] = [];
  #heldBytes = 0;

  constructor(listener: Listener, sessionKey: string, messageId: string | undefined) {
    this.listener = listener;
    this.sessionKey = sessionKey;
    this.messageId = messageId;
  }

  hear(frame: Frame): void {
    if (this.#holds === 0) {
      this.listener.send(frame);
      return;
    }
    this.#held.push(frame);
    this.#heldBytes += frame.bytes;
    if (this.#heldBytes > this.listener.maxUnsentBytes) this.listener.fallBehind();
  }

  /** Until `release` nothing goes out: the answer to a request comes before what it leads to. */
  hold(): void {
    this.#holds += 1;
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds > 0) return;
    const held = this.#held;
    this.forget();
    for (const frame of held) this.listener.send(frame);
  }

  /** What is held back is told in another way. */
  forget(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }
}
