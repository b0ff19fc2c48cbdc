import type { Chat, Origin, SessionKey } from "@hermes/core";

/** Where a reply goes, and what it answers. */
export interface ReplyTarget {
  readonly replyId: string;
  readonly sessionKey: SessionKey;
  readonly chat: Chat;
  readonly origin?: Origin;
}
