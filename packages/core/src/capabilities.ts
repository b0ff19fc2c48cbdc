import type { Attachment } from "./event.ts";

/**
 * What a platform can do, as data with numbers. JSON-serialisable; absent = false, so that a capability added later breaks no
 * older adapter. Durations in milliseconds, sizes in bytes, lengths in the unit of the platform's `measure`.
 */
export interface Capabilities {
  readonly text: {
    /** null = no limit; never 0. */
    readonly maxLength: number | null;
    /** How many texts one send may carry. */
    readonly partsPerSend: number;
    readonly markdown: "full" | "partial" | "none";
    readonly tables: boolean;
  };
  /** What becomes of events while nobody listens; drives dedup retention and the honest sentence about downtime. */
  readonly inbound: {
    readonly replay: "cursor" | "retries" | "resume" | "none";
    readonly windowMs: number;
    readonly ackWithinMs?: number;
    /** People's clients tear what is meant as one apart there; absent: each message stands alone. */
    readonly burst?: BurstWindows;
  };
  /** `send` works on an instance that does not listen. */
  readonly sendWithoutListening: boolean;
  /** The platform itself drops a second send with the same idempotency key: always, or within so long after the first. */
  readonly idempotentSend: boolean | { readonly withinMs: number };
  readonly edit: false | { readonly minIntervalMs: number; readonly maxAgeMs?: number; readonly maxEdits?: number };
  readonly remove: false | { readonly maxAgeMs?: number };
  /**
   * `own`: the gateway itself shows what is live, as its own doors do. Opening costs nothing, so an answer is shown from its first word
   * on; and of a live message that is not finished nothing stays when the process ends, so it may be said again.
   */
  readonly live: boolean | "own";
  readonly typing: false | { readonly refreshMs: number };
  readonly reactions: false | { readonly allowed: "any" | readonly string[] };
  readonly actions: false | { readonly max: number; readonly maxDataBytes: number };
  readonly commands: false | { readonly max: number };
  /** `isConversation`: whoever says something in a thread in which the bot was spoken with means the bot; not so in topics of a forum. */
  readonly threads: false | { readonly create: boolean; readonly isConversation?: boolean };
  readonly directMessages: boolean;
  /** `findSent`: the platform can be asked whether a send happened. */
  readonly lookup: boolean;
  readonly catchUp: boolean;
  readonly listChats: boolean;
  /** `endAnswer`: whoever asks here waits for the end of the answer (an HTTP caller, a socket), and has to be told of it. */
  readonly answerEnds: boolean;
  /** `noteProgress`: what an agent does besides speaking is shown in a way of its own. */
  readonly progress: boolean;
  /** How many calls that show something the platform takes; more are held back instead of being refused there. */
  readonly pace: false | SendPace;
  readonly media: {
    /** Maximum size in bytes per kind. */
    readonly send: Readonly<Partial<Record<Attachment["kind"], number>>>;
    readonly receive: readonly Attachment["kind"][];
    /** In the unit of `measure`. Absent: a file has no caption there. */
    readonly captionMaxLength?: number;
    /** Several files in one message. Absent: each file is a message of its own. */
    readonly album?: AlbumRules;
  };
}

/** What one message may carry several of. */
export interface AlbumRules {
  readonly max: number;
  /** Kinds that may stand together in one album; a kind that is in none of these sets stands alone. */
  readonly together: readonly (readonly Attachment["kind"][])[];
}

/** How many calls within how long, in milliseconds. */
export interface CallLimit {
  readonly calls: number;
  readonly perMs: number;
}

/** How fast a platform lets a bot send and edit. */
export interface SendPace {
  /** To one chat; narrowed by `capabilitiesFor`. */
  readonly perChat?: CallLimit;
  /** Of the whole bot. */
  readonly overall?: CallLimit;
}

/** How long more is waited for after a message, since it may be one piece of several. */
export interface BurstWindows {
  /** After any message: another picture of an album, another line. */
  readonly windowMs: number;
  /** After a text of at least `splitLength`, which clients cut long pastes into. */
  readonly splitWindowMs: number;
  /** In UTF-16 code units. */
  readonly splitLength: number;
}

/** What an adapter writes: an absent entry means false. */
export type CapabilityTable = Pick<Capabilities, "text" | "inbound"> & {
  readonly [K in Exclude<keyof Capabilities, "text" | "inbound">]?: Capabilities[K];
};

const nothing: Omit<Capabilities, "text" | "inbound"> = {
  sendWithoutListening: true,
  idempotentSend: false,
  edit: false,
  remove: false,
  live: false,
  typing: false,
  reactions: false,
  actions: false,
  commands: false,
  threads: false,
  directMessages: false,
  lookup: false,
  catchUp: false,
  listChats: false,
  answerEnds: false,
  progress: false,
  pace: false,
  media: { send: {}, receive: [] },
};

/** The full table behind what an adapter wrote. Throws a `RangeError` for numbers that would make text impossible to place. */
export function completeCapabilities(table: CapabilityTable): Capabilities {
  const { maxLength, partsPerSend } = table.text;
  if (maxLength !== null && (!Number.isInteger(maxLength) || maxLength < 1)) {
    throw new RangeError(
      `Expected capabilities.text.maxLength to be a whole number above 0, or null for no limit, got ${maxLength}`,
    );
  }
  if (!Number.isInteger(partsPerSend) || partsPerSend < 1) {
    throw new RangeError(`Expected capabilities.text.partsPerSend to be a whole number above 0, got ${partsPerSend}`);
  }
  return { ...nothing, ...table };
}
