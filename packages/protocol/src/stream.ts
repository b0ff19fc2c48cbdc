import type { ChatAttachment, ChatOutcome, ChatStep } from "./chat.ts";

interface InSession {
  readonly session_key: string;
  /** Grows by one with each event of a conversation; goes into `since` of `session.subscribe`. */
  readonly seq: number;
}

/** What a gateway tells by itself of a conversation. A later version may add kinds: a `switch` over them keeps a `default`. */
export type ProtocolEvent =
  /** Somebody said something here: also oneself, from another window. */
  | (InSession & {
      readonly type: "chat.message";
      readonly message_id: string;
      readonly text: string;
      readonly timestamp: string;
      readonly author?: string;
      readonly attachments?: readonly ChatAttachment[];
    })
  /** More of an answer. Deltas in their order are the whole text; between two parts stands a blank line, which is part of the delta. */
  | (InSession & { readonly type: "chat.delta"; readonly message_id: string; readonly delta: string; readonly part: number })
  /** A part of an answer reads differently now: this is all of it, with the blank line it begins with behind another one. */
  | (InSession & { readonly type: "chat.part"; readonly message_id: string; readonly part: number; readonly text: string })
  /** A tool was begun or is over. */
  | (InSession & {
      readonly type: "chat.step";
      readonly message_id: string;
      readonly after_part: number;
      readonly step: ChatStep;
    })
  /** What the agent thinks, where it tells. */
  | (InSession & { readonly type: "chat.reasoning"; readonly message_id: string; readonly delta: string })
  /** The answer is over. */
  | (InSession & {
      readonly type: "chat.done";
      readonly message_id: string;
      readonly outcome: ChatOutcome;
      /** All of it, where it has more than deltas have told. */
      readonly text: string;
      readonly timestamp: string;
    })
  /** Something was said by itself, not in answer to a message. */
  | (InSession & { readonly type: "chat.notice"; readonly message_id: string; readonly text: string; readonly timestamp: string })
  /** Title, messages or state are others now: read them again. */
  | (InSession & { readonly type: "session.changed" });

/** What comes by itself over a connection that stays open. */
export interface EventNotification {
  readonly jsonrpc: "2.0";
  readonly method: "event";
  readonly params: ProtocolEvent;
}
