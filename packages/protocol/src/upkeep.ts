import { needed, object, optional, type ObjectShape } from "./object-shape.ts";
import { chat, type Chat } from "./places.ts";
import { anyText, choice, flag, integer, moment } from "./shape.ts";

/** Where a platform tells what concerns whoever looks after the gateway. */
export interface HomeChannel {
  readonly platform: string;
  readonly target?: string;
  readonly chat: Chat;
  readonly by: "chat" | "configuration";
}

/** Something that is done again and again off the way of messages, and how that goes. */
export interface MaintenanceTask {
  readonly name: string;
  readonly everyMs: number;
  readonly isRunning: boolean;
  readonly runs: number;
  readonly failures: number;
  readonly startedAtMs?: number;
  readonly durationMs?: number;
  /** Absent before the first run is over. */
  readonly ok?: boolean;
  readonly result?: string;
  readonly nextAtMs?: number;
}

/** Where everything is kept. */
export interface StoreInfo {
  readonly path: string;
  readonly sizeBytes: number;
  readonly writable: boolean;
  readonly refusal?: string;
}

export const homeChannel: ObjectShape<HomeChannel> = object<HomeChannel>("HomeChannel", {
  platform: needed(anyText, "the platform's id"),
  target: optional(anyText, "how it is written as a target"),
  chat: needed(chat, "where it is"),
  by: needed(choice(["chat", "configuration"]), "`chat`: chosen there with /sethome, which counts more"),
});

export const maintenanceTask: ObjectShape<MaintenanceTask> = object<MaintenanceTask>("MaintenanceTask", {
  name: needed(anyText, "what it is known by"),
  everyMs: needed(integer(1), "from the end of one run to the beginning of the next"),
  isRunning: needed(flag, "a run goes on"),
  runs: needed(integer(0), "runs that have ended since the gateway started"),
  failures: needed(integer(0), "how many of them failed"),
  startedAtMs: optional(moment, "when the newest run began"),
  durationMs: optional(integer(0), "of the newest run that is over"),
  ok: optional(flag, "that run did not fail"),
  result: optional(anyText, "what it did, or why it failed"),
  nextAtMs: optional(moment, "when the next run begins"),
});

export const storeInfo: ObjectShape<StoreInfo> = object<StoreInfo>("StoreInfo", {
  path: needed(anyText, "its file"),
  sizeBytes: needed(integer(0), "of the file and its log"),
  writable: needed(flag, "it took the last thing that was asked of it"),
  refusal: optional(anyText, "why it did not"),
});
