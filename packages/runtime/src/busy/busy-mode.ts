import type { Capabilities } from "@hermes/core";

/**
 * What becomes of a message that comes while its conversation is being answered.
 *
 * - `interrupt`: the answer is cut off, and the message is the next one.
 * - `queue`: it waits for its turn.
 * - `steer`: the agent gets it at its next step; where it takes none, it waits.
 */
export type BusyMode = (typeof busyModes)[number];

/** Every mode, in the order they are offered. */
export const busyModes = ["interrupt", "queue", "steer"] as const;

/** What people do with messages that come while something runs; a chat's own choice goes before all of it. */
export interface BusyPolicy {
  /** Default `interrupt`; on platforms where somebody waits for each answer (requests, the gateway's own page) `queue`. */
  readonly mode?: BusyMode;
  /** By platform. */
  readonly platforms?: Readonly<Record<string, BusyMode>>;
  /** By `platform:chat`. */
  readonly chats?: Readonly<Record<string, BusyMode>>;
  /** Whether people are told what becomes of such a message. Default true. */
  readonly acknowledge?: boolean;
}

/** The mode that a name stands for. */
export function parseBusyMode(name: string): BusyMode | undefined {
  return busyModes.find((mode) => mode === name.trim().toLowerCase());
}

/** Where somebody waits for the end of each answer, none is cut off unasked. */
export function defaultModeOn(capabilities: Pick<Capabilities, "answerEnds"> | undefined): BusyMode {
  return capabilities?.answerEnds === true ? "queue" : "interrupt";
}
