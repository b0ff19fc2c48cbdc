import type { PlatformHost } from "@hermes/core";
import { fromKept, toKept, type Answer } from "./answer.ts";
import { Ring } from "./ring.ts";

const lifetimeMs = 30 * 24 * 60 * 60_000;
const maxPerCaller = 1000;

type Memory = PlatformHost["memory"];

/** Answers that can be read again and gone on from, each for the key it was asked with alone. */
export class KeptResponses {
  readonly #rings = new Map<string, Ring>();
  /** Being gone on from right now. */
  readonly #claimed = new Set<string>();

  async keep(memory: Memory, answer: Answer): Promise<void> {
    const { id, caller } = answer.facts;
    await memory.set(keyOf(id), toKept(answer), { ttlMs: lifetimeMs });
    // As many as there are keys.
    const ring = this.#rings.get(caller) ?? new Ring(`responses:${caller}`, maxPerCaller);
    this.#rings.set(caller, ring);
    await ring.add(memory, keyOf(id));
  }

  /** By `resp_…` or, as part of a conversation, `msg_…`. Undefined also for another caller's. */
  async find(memory: Memory, id: string, caller: string): Promise<Answer | undefined> {
    const bare = /^(?:resp|msg)_([0-9a-f-]{36})$/u.exec(id)?.[1];
    const answer = bare === undefined ? undefined : fromKept(await memory.get(keyOf(bare)));
    return answer?.facts.caller === caller ? answer : undefined;
  }

  async remove(memory: Memory, { facts }: Answer): Promise<void> {
    await memory.delete(keyOf(facts.id));
  }

  /** Goes on from an answer; undefined where another request does already, so that this one is a branch. */
  async claim(memory: Memory, { facts }: Answer): Promise<Claim | undefined> {
    const key = `continued:${facts.id}`;
    const isContinued = (await memory.get(key)) !== undefined;
    if (isContinued || this.#claimed.has(key)) return undefined;
    this.#claimed.add(key);
    return {
      hold: async () => {
        await memory.set(key, true, { ttlMs: lifetimeMs });
        this.#claimed.delete(key);
      },
      release: () => void this.#claimed.delete(key),
    };
  }
}

/** The right to be the next message of a conversation. */
export interface Claim {
  /** The message was taken. */
  readonly hold: () => Promise<void>;
  readonly release: () => void;
}

function keyOf(id: string): string {
  return `response:${id}`;
}
