import type {
  AnswerEnding,
  Attachment,
  BurstWindows,
  Chat,
  Cursor,
  Failure,
  MessageEvent,
  Platform,
  PlatformEvent,
} from "@hermes/core";

/**
 * How the platform shows replies.
 *
 * - `edit`: messages can be edited.
 * - `final`: messages cannot be changed; each message brings the right to one answer of up to five texts.
 * - `live`: a native stream that only grows, closed by `finish`.
 * - `own`: a door of the gateway itself. What is live and not finished goes with the process, the same part said again by another
 *   process takes the place of what stood there, and it is told when answers end.
 */
export type ScriptedStyle = "edit" | "final" | "live" | "own";

/** What the next call of a kind runs into. `acted`: the platform did it all the same, and the answer was lost. */
export interface Fault {
  readonly on: "send" | "edit" | "open" | "update" | "finish" | "connect" | "find";
  readonly failure: Failure;
  readonly acted?: boolean;
  /** The platform never answers. */
  readonly hangs?: boolean;
}

/** A message that stands on the platform. */
export interface Standing {
  readonly id: string;
  readonly chatId: string;
  text: string;
  /** Still a stream that nobody closed. */
  isLive: boolean;
}

/** The end of an answer, as it was told. */
export interface ToldEnding {
  readonly messageId: string;
  readonly ending: AnswerEnding;
  /** Counted by `endProcess`. */
  readonly process: number;
  /** What stood in the chat at that moment. */
  readonly texts: readonly string[];
}

/** One call, as it arrived. */
export interface Call {
  readonly name: Fault["on"];
  readonly chatId: string;
  readonly key?: string;
}

/** A platform whose other side is a script: for testing what happens to messages, without a protocol. */
export interface ScriptedPlatform {
  readonly platform: Platform;
  readonly standing: readonly Standing[];
  readonly calls: readonly Call[];
  /** How often the right to answer was used, and how often something was said without it. */
  readonly grants: { readonly used: number; readonly without: number };
  /** Ends of answers, where the style is told of them. */
  readonly endings: readonly ToldEnding[];
  /** Each sign of life, and of its end. */
  readonly typing: readonly { readonly active: boolean; readonly status?: string }[];
  /** What stands in a chat, oldest first. */
  texts(chatId?: string): readonly string[];
  fail(...faults: readonly Fault[]): void;
  /** No fault that was announced comes any more. */
  mend(): void;
  /** Somebody says something; answers what the gateway made of it. */
  says(text: string, more?: Partial<Spoken>): Promise<string>;
  offer(events: readonly PlatformEvent[], cursor?: Cursor): Promise<readonly string[]>;
  message(text: string, more?: Partial<Spoken>): MessageEvent;
  /** The gateway's process is over, and with it what of the platform lives there. */
  endProcess(): void;
  /** The connection breaks. */
  lose(failure: Failure): void;
  /** What was said and called so far is forgotten, so that hours of it fit in memory. Call it while nothing is being shown. */
  forget(): void;
}

/** How something is said; each has a default. */
export interface Spoken {
  readonly chatId: string;
  readonly userId: string;
  readonly eventId: string;
  readonly type: Chat["type"];
  readonly addressed: boolean;
  readonly isBot: boolean;
  readonly assurance: "platform" | "asserted";
  readonly lifetime: "durable" | "request";
  /** ISO 8601. */
  readonly at: string;
  readonly threadId: string;
  readonly albumId: string;
  readonly attachments: readonly Attachment[];
}

/** What the scripted platform can do. */
export interface ScriptedOptions {
  readonly id?: string;
  readonly style: ScriptedStyle;
  readonly maxLength?: number;
  readonly claims?: Platform["claims"];
  /** The platform drops a second send with the same key. */
  readonly idempotentSend?: boolean;
  /** The platform says whether a send with a key happened. */
  readonly lookup?: boolean;
  /** People's clients tear messages apart there. */
  readonly burst?: BurstWindows;
}
