import type { Attachment, Chat, Json, MessageRef, Platform, PlatformManifest } from "@hermes/core";
import type { FakeClock } from "../fake-clock.ts";

/**
 * The harness a platform is put under: a package writes one, and the conformance suite does the rest. One harness tests one way in; a
 * platform that can be polled and pushed to is described twice.
 */
export interface PlatformHarness {
  /** A fresh server on loopback with what the cases need standing on it. Called once for each case. */
  start(setting: HarnessSetting): PlatformBench | Promise<PlatformBench>;
}

/** What the suite gives the harness. */
export interface HarnessSetting {
  /** For a platform that takes a clock: then waiting costs no time. */
  readonly clock: FakeClock;
  /** Where webhooks come in: each request to this address or below it is handed to the platform's `receive`. */
  readonly doorUrl: string;
}

/** One platform on one server. What is absent cannot be tested, and is reported so, or as a failure where the platform promises it. */
export interface PlatformBench {
  /** The platform as a process that starts makes it, on the same server each time. */
  readonly create: () => Platform;
  /** What a gateway's configuration says of the platform `create` makes: for tests with a whole gateway. */
  readonly configuration?: Json;
  /** What must show nowhere: tokens, webhook secrets. */
  readonly secrets: readonly string[];
  /** Where things are said; at least one. */
  readonly places: Places;
  readonly people: People;
  /** What stands in a chat or thread now, oldest first, of people and of the bot. */
  standing(chat: Chat): readonly StandingMessage[] | Promise<readonly StandingMessage[]>;
  /** How the server is brought to each failure that the platform knows. */
  readonly failures?: Readonly<Partial<Record<FailureName, FailureScript>>>;
  /** Ways to send what nobody can decode, such as a member of a wrong type; each must become an event marked `undecodable`. */
  readonly poison?: Readonly<Record<string, () => void | Promise<void>>>;
  /** Delivers again what was not acknowledged, where the server does not do so by itself. */
  redeliver?(): void | Promise<void>;
  readonly webhook?: WebhookHarness;
  /** Text that pings somebody where it is sent as it is: `@everyone`. */
  readonly pinging?: readonly string[];
  /** A person who can be pinged: what an agent writes, and whom it pings when their id is among `mentions`. */
  readonly mention?: { readonly markdown: string; readonly userId: string };
  /** Which emoji the bot may react with. Default 👍. */
  readonly emoji?: string;
  /** Presses of buttons that were answered so far. */
  settledPresses?(): number;
  /**
   * The server's own time goes on: what it holds open for no longer than that is answered. Wanted where a platform promises to report
   * (`reportsEveryMs`) by what its server does, and the server does not go by the suite's clock.
   */
  timePasses?(durationMs: number): void | Promise<void>;
  /** Resolves once the platform hears what is said from now on: for tests with a whole gateway, which sees only that it connected. */
  listening?(): Promise<void>;
  /** Requests of the platform that the server is answering right now, sockets included. */
  underWay?(): number;
  readonly manifest?: Pick<PlatformManifest, "capabilities" | "kind" | "parseTarget" | "parseUserId">;
  close(): Promise<void>;
}

/** Where things are said. `group` and `thread` hold people who can be told apart from the bot. */
export interface Places {
  readonly direct?: Place;
  readonly group?: Place;
  readonly thread?: Place;
}

export interface Place {
  /** As events from there name it. */
  readonly chat: Chat;
  /** As people write it when they name a target; read by the manifest's `parseTarget`. */
  readonly written?: string;
}

/** What people do on the server: functions of their own, called without `this`. */
export interface People {
  /** Resolves with where it stands. */
  readonly says: (said: Said) => MessageRef | Promise<MessageRef>;
  readonly edits?: (message: MessageRef, text: string) => void | Promise<void>;
  /** Something about the message changes and the platform tells so, but its text stays: a preview, a pin, a counter. */
  readonly touches?: (message: MessageRef) => void | Promise<void>;
  readonly deletes?: (message: MessageRef) => void | Promise<void>;
  readonly reacts?: (message: MessageRef, emoji: string) => void | Promise<void>;
  readonly presses?: (message: MessageRef, label: string) => void | Promise<void>;
}

export interface Said {
  readonly in: Chat;
  readonly text: string;
  /** Default `person`. `bot`: another bot. `ourselves`: the bot itself, from elsewhere, as an event of the platform. */
  readonly by?: "person" | "bot" | "ourselves";
  readonly file?: SampleFile;
}

export interface SampleFile {
  readonly kind: Attachment["kind"];
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** A message as it stands on the server. */
export interface StandingMessage {
  readonly messageId: string;
  readonly by: "person" | "bot";
  /** As people read it, without markup. */
  readonly text: string;
  /** How long the server says it is: what `measure` must say of its Markdown. */
  readonly length?: number;
  /** Whom the server notified by name. */
  readonly pings?: readonly string[];
  readonly silent?: boolean;
  /** The id of the message it answers. */
  readonly quotes?: string;
  readonly files?: readonly Pick<SampleFile, "bytes" | "name">[];
  /** Labels of its buttons. */
  readonly buttons?: readonly string[];
  /** Emoji the bot put there. */
  readonly reactions?: readonly string[];
}

/**
 * What can go wrong on the server's side. `unavailable` with its two answers to whether it happened all the same; `hang`: the server
 * takes the request and never answers.
 */
export type FailureName =
  | "rate-limited"
  | "not-found-chat"
  | "not-found-thread"
  | "not-found-message"
  | "forbidden"
  | "unauthorized"
  | "conflict"
  | "invalid"
  | "unavailable-not-done"
  | "unavailable-maybe-done"
  | "hang";

export interface FailureScript {
  /** What runs into it. Default `send`; `listen` for `conflict`, `edit` for `not-found-message`. */
  readonly on?: "send" | "edit" | "connect" | "listen";
  /** Brings the server there, as it would be by itself: not by a ready-made error. `message` is what `edit` will be called with. */
  arrange(message: MessageRef): void | Promise<void>;
  /** What the server tells with `rate-limited`. */
  readonly retryAfterMs?: number;
}

export interface WebhookHarness {
  /** Whether a sender is known by a header alone, or by a signature over the body, which then has to be read first. */
  readonly signed: "header" | "body";
  /** A request of the platform that is genuine, as it reaches the door. */
  genuine(text: string): Request | Promise<Request>;
  /** Headers of requests that are not: missing, wrong, cut, of another body. The key says what is wrong. */
  readonly forged: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** A challenge or ping that is answered without an event is none of these. */
  readonly method?: "POST" | "PUT";
}
