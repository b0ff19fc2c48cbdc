import { createHash } from "node:crypto";
import { isPlatformError, type Clock, type LiveMessage, type ReplyView, type Sent } from "@hermes/core";

/** "a temporary 30-second preview" (Bot API, sendMessageDraft): it is shown again before that. */
const refreshMs = 25_000;
/** No number is documented; drafts share the limit of messages to one chat. */
const minIntervalMs = 1000;

/** What a draft needs to be shown and to become a message. */
export interface DraftParts {
  readonly clock: Clock;
  readonly maxLength: number;
  /** Shows the text so far; an empty one is shown as thinking. */
  readonly show: (markdown: string) => Promise<void>;
  readonly send: (markdown: string) => Promise<Sent>;
  /** Told when the draft is shown no more. */
  readonly onEnd: () => void;
}

/** A draft is named by a number that is not zero; the same send has the same. */
export function draftNumber(idempotencyKey: string): number {
  const number = createHash("sha256").update(idempotencyKey).digest().readUInt32BE(0) >>> 1;
  return number === 0 ? 1 : number;
}

/** A message that is shown while it is written, in a private chat. */
export function openDraft(parts: DraftParts): LiveMessage {
  const { clock, maxLength, show, send, onEnd } = parts;
  let shown: string | undefined;
  let isOver = false;
  let refreshing: Promise<void> = Promise.resolve();
  let cancel = (): void => undefined;

  const refresh = async (markdown: string): Promise<void> => {
    try {
      await show(markdown);
    } catch (error) {
      // The next update meets the same failure, and whoever asked for that is told. Until then, what passes is tried again.
      if (!isPlatformError(error) || !["rate-limited", "unavailable"].includes(error.failure.kind)) return;
    }
    schedule(markdown);
  };
  const schedule = (markdown: string): void => {
    if (!isOver && shown === markdown)
      cancel = clock.wakeAt(clock.now() + refreshMs, () => void (refreshing = refresh(markdown)));
  };
  /** A repetition under way would come after what follows, and stand there for half a minute. */
  const settle = async (): Promise<void> => {
    cancel();
    await refreshing;
  };
  const end = async (): Promise<void> => {
    isOver = true;
    await settle();
    onEnd();
  };

  return {
    mode: "replace",
    maxLength,
    minIntervalMs,
    async update({ markdown }: ReplyView) {
      shown = undefined;
      await settle();
      if (isOver) return;
      await show(markdown);
      shown = markdown;
      schedule(markdown);
    },
    async finish({ markdown }: ReplyView) {
      await end();
      return send(markdown);
    },
    // It vanishes by itself: Telegram has no call that takes it away.
    abandon: end,
  };
}
