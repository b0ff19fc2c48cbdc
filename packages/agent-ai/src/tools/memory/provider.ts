import type { Turn } from "@hermes/core";
import type { MemoryOwner } from "./owner.ts";

/** `memory`: what the agent learnt. `user`: who it talks to. */
export type MemoryTarget = "memory" | "user";

/** What is noted, entry by entry, oldest first. */
export type MemoryNotes = Readonly<Record<MemoryTarget, readonly string[]>>;

/** One change of the notes. `old` is a part of the one entry that is meant. */
export type MemoryChange =
  | { readonly action: "add"; readonly target: MemoryTarget; readonly text: string }
  | { readonly action: "replace"; readonly target: MemoryTarget; readonly old: string; readonly text: string }
  | { readonly action: "remove"; readonly target: MemoryTarget; readonly old: string };

/** What came of a change; a refusal is a sentence for the model. */
export type MemoryChanged = { readonly notes: MemoryNotes } | { readonly refusal: string };

/** Keeps what an agent notes for longer than a conversation. */
export interface MemoryProvider {
  read(who: MemoryOwner): Promise<MemoryNotes>;
  /** Resolves when the change is durable, or kept until `flush`. */
  change(who: MemoryOwner, change: MemoryChange): Promise<MemoryChanged>;
  /** Makes what is kept durable: called before a conversation is compressed or forgotten. */
  flush(turn: Turn): Promise<void>;
}

/** How many characters of each may be noted: what is always in the prompt has to be short. */
export const memoryLimits: Readonly<Record<MemoryTarget, number>> = { memory: 2200, user: 1375 };

/** Stands between two entries. */
export const entrySeparator = "\n§\n";
