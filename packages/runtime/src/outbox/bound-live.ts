import { PlatformError, type LiveMessage, type ReplyView } from "@hermes/core";

/**
 * A live message that ends with the connection that opened it: the next one knows nothing of it, so that asking again is of no use. What
 * can be said anew is; what stands there already is gone on with.
 */
export function boundLive(live: LiveMessage, platform: string, isCurrent: () => boolean): LiveMessage {
  const { mode, maxLength, minIntervalMs, expiresAfterMs } = live;
  const check = (): void => {
    if (isCurrent()) return;
    const failure = mode === "append" ? ({ kind: "invalid" } as const) : ({ kind: "not-found", what: "message" } as const);
    const message = "Cannot go on with a live message: its connection was replaced";
    throw new PlatformError({ platform, failure, message, maybeDone: false });
  };
  return {
    mode,
    maxLength,
    minIntervalMs,
    ...(expiresAfterMs === undefined ? {} : { expiresAfterMs }),
    async update(view: ReplyView) {
      check();
      await live.update(view);
    },
    async finish(view: ReplyView) {
      check();
      return await live.finish(view);
    },
    abandon: () => live.abandon(),
  };
}
