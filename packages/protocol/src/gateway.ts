import { needed, object, optional, type ObjectShape } from "./object-shape.ts";
import { anyText, choice, flag, integer, listOf, moment, text } from "./shape.ts";
import { messageRef, type MessageRef } from "./places.ts";
import { homeChannel, maintenanceTask, storeInfo, type HomeChannel, type MaintenanceTask, type StoreInfo } from "./upkeep.ts";

/** Whether the gateway lives and does what it is configured for. */
export interface Health {
  readonly status: "ok";
  readonly ready: boolean;
}

export const health: ObjectShape<Health> = object<Health>("Health", {
  status: needed(choice(["ok"]), "it lives"),
  ready: needed(flag, "it runs, the store takes writes and no platform is failed, blocked or late"),
});

/** The gateway as it is now. */
export interface GatewayInfo {
  readonly version: string;
  readonly startedAtMs: number;
  readonly ready: boolean;
  /** Why it is not. */
  readonly reasons: readonly string[];
  readonly runningTurns: number;
  readonly busyConversations: number;
  readonly connections: number;
  readonly residentBytes: number;
  readonly agent: string;
  readonly phase?: "stopped" | "starting" | "running" | "draining" | "stopping";
  readonly pid?: number;
  readonly home?: string;
  readonly store?: StoreInfo;
  /** Why nothing new is taken, beside what the store refuses. */
  readonly pressure?: string;
  readonly homeChannels?: readonly HomeChannel[];
  readonly maintenance?: readonly MaintenanceTask[];
  /** Ids of platforms that are configured and cannot be used. */
  readonly brokenPlatforms?: readonly string[];
  /** Ids of platforms that are switched off. */
  readonly disabledPlatforms?: readonly string[];
}

/** A command that people can give in a chat. */
export interface CommandInfo {
  readonly name: string;
  readonly description: string;
}

export interface CommandList {
  readonly rows: readonly CommandInfo[];
}

/** Something that is said without being asked. */
export interface Message {
  /** `platform`, `platform:chat`, `platform:chat:thread`, `platform:#name`, `all`, an alias, or several with commas between. */
  readonly target: string;
  readonly text: string;
  readonly idempotencyKey?: string;
}

/**
 * What is known of it: it counts as delivered only with the platform's word for it. Where it was said in several places, `replyId`,
 * `state` and `failure` are of the one that stands worst.
 */
export interface MessageEvidence {
  readonly replyId: string;
  /** `queued`: it is kept, and sent as soon as that works. */
  readonly state: "sent" | "queued" | "unknown" | "failed";
  readonly refs: readonly MessageRef[];
  readonly failure?: string;
  readonly places: readonly MessagePlace[];
}

/** The same of one place. */
export interface MessagePlace {
  readonly target: string;
  readonly replyId: string;
  readonly state: MessageEvidence["state"];
  readonly refs: readonly MessageRef[];
  readonly failure?: string;
}

/** A one-time code that signs a browser in. */
export interface ConsoleCode {
  readonly code: string;
  readonly expiresAtMs: number;
}

/** How long the old token is still good. */
export interface TokenRotation {
  readonly keepMs?: number;
}

/** The home has a new token. */
export interface TokenRotated {
  readonly oldGoodUntilMs: number;
}

const strict = { unknown: "refused" } as const;

export const gatewayInfo: ObjectShape<GatewayInfo> = object<GatewayInfo>("GatewayInfo", {
  version: needed(anyText, "of the program"),
  startedAtMs: needed(moment, "since when it runs"),
  ready: needed(flag, "it does what it is configured for"),
  reasons: needed(listOf(anyText), "why it is not ready"),
  runningTurns: needed(integer(0), "answers that are being made"),
  busyConversations: needed(integer(0), "conversations with anything to do"),
  connections: needed(integer(0), "sockets that are open"),
  residentBytes: needed(integer(0), "memory of the process"),
  agent: needed(anyText, "who answers"),
  phase: optional(choice(["stopped", "starting", "running", "draining", "stopping"]), "how far its life has come"),
  pid: optional(integer(1), "the process's number"),
  home: optional(anyText, "the home it serves"),
  store: optional(storeInfo, "where everything is kept"),
  pressure: optional(anyText, "why nothing new is taken, beside what the store refuses"),
  homeChannels: optional(listOf(homeChannel), "where each platform tells what concerns whoever looks after the gateway"),
  maintenance: optional(listOf(maintenanceTask), "what is done again and again off the way of messages"),
  brokenPlatforms: optional(listOf(anyText), "ids of platforms that are configured and cannot be used: the log says why"),
  disabledPlatforms: optional(listOf(anyText), "ids of platforms that are switched off"),
});

export const commandList: ObjectShape<CommandList> = object<CommandList>("CommandList", {
  rows: needed(
    listOf(
      object<CommandInfo>("CommandInfo", {
        name: needed(anyText, "without the slash"),
        description: needed(anyText, "what it does, in the gateway's language"),
      }),
    ),
    "in the order of /help",
  ),
});

export const message: ObjectShape<Message> = object<Message>(
  "Message",
  {
    target: needed(
      text({ maxLength: 2048 }),
      "`platform` (its home channel), `platform:chat`, `platform:chat:thread`, `platform:#name`, `all`, an alias, or several with commas between",
    ),
    text: needed(text({ maxLength: 200_000 }), "what is said, in Markdown"),
    idempotencyKey: optional(text(), "the same key within a day is the same message"),
  },
  strict,
);

const evidence = {
  replyId: needed(anyText, "the delivery's id"),
  state: needed(choice(["sent", "queued", "unknown", "failed"]), "`queued`: it is kept, and sent as soon as that works"),
  refs: needed(listOf(messageRef), "what stands on the platform"),
  failure: optional(anyText, "why the last call failed"),
};

const messagePlace: ObjectShape<MessagePlace> = object<MessagePlace>("MessagePlace", {
  target: needed(anyText, "the chat's own target"),
  ...evidence,
});

export const messageEvidence: ObjectShape<MessageEvidence> = object<MessageEvidence>("MessageEvidence", {
  ...evidence,
  places: needed(listOf(messagePlace), "the same of each place; what stands above is of the one that stands worst"),
});

export const consoleCode: ObjectShape<ConsoleCode> = object<ConsoleCode>("ConsoleCode", {
  code: needed(anyText, "works once"),
  expiresAtMs: needed(moment, "until when"),
});

export const tokenRotation: ObjectShape<TokenRotation> = object<TokenRotation>(
  "TokenRotation",
  { keepMs: optional(integer(0, 30 * 24 * 60 * 60_000), "how long the old token is still good; default 0") },
  strict,
);

export const tokenRotated: ObjectShape<TokenRotated> = object<TokenRotated>("TokenRotated", {
  oldGoodUntilMs: needed(moment, "when the old token's sockets are closed"),
});
