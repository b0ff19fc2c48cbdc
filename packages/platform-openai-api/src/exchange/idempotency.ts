import { hash } from "node:crypto";
import type { Json, PlatformHost } from "@hermes/core";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import { fromKept, toKept, type Answer } from "./answer.ts";
import { Ring } from "./ring.ts";

const lifetimeMs = 24 * 60 * 60_000;
const maxPerCaller = 1000;

type Memory = PlatformHost["memory"];

/** A request that may come more than once. */
export interface Repeatable {
  /** The name of the key it came with. */
  readonly caller: string;
  readonly idempotencyKey: string;
  /** What was asked, all of it, hashed. */
  readonly fingerprint: string;
}

interface Flight<Found> {
  readonly fingerprint: string;
  readonly found: Promise<Found>;
}

/** What is known of a name. */
interface Known {
  readonly answer?: Answer | undefined;
  /** How often it was begun and given up because nobody waited any more. */
  readonly givenUp: number;
}

/** Sees to it that what is asked twice under one name is answered once. */
export class Idempotency<Found> {
  readonly #flights = new Map<string, Flight<Found>>();
  readonly #rings = new Map<string, Ring>();

  /** What is under way under this name, or was answered, or else what `start` begins: under an event id that is always the same. */
  async open(asked: Repeatable, memory: Memory, { revive, start }: Openings<Found>): Promise<Found> {
    const name = nameOf(asked);
    const flight = this.#flights.get(name);
    if (flight !== undefined) {
      if (flight.fingerprint !== asked.fingerprint) throw conflict();
      return await flight.found;
    }
    // Held at once: whoever comes while the memory is asked joins.
    const found = this.#read(memory, name, asked.fingerprint).then(({ answer, givenUp }) =>
      answer === undefined ? start({ eventId: eventIdOf(asked, givenUp), givenUp }) : revive(answer),
    );
    this.#flights.set(name, { fingerprint: asked.fingerprint, found });
    try {
      return await found;
    } catch (error) {
      this.#flights.delete(name);
      throw error;
    }
  }

  /** It is over: what was kept of it is in memory. */
  close(asked: Repeatable): void {
    this.#flights.delete(nameOf(asked));
  }

  /** Keeps an answer; `givenUp` instead where nobody waited for it and so it was cut short: whoever asks again has it begun anew. */
  async keep(
    asked: Repeatable,
    memory: Memory,
    outcome: { readonly answer: Answer } | { readonly givenUp: number },
  ): Promise<void> {
    const name = nameOf(asked);
    const kept: Json = {
      fingerprint: asked.fingerprint,
      ...("answer" in outcome ? { answer: toKept(outcome.answer) } : { givenUp: outcome.givenUp }),
    };
    await memory.set(name, kept, { ttlMs: lifetimeMs });
    // As many as there are keys.
    const ring = this.#rings.get(asked.caller) ?? new Ring(`repeatable:${asked.caller}`, maxPerCaller);
    this.#rings.set(asked.caller, ring);
    await ring.add(memory, name);
  }

  async #read(memory: Memory, name: string, fingerprint: string): Promise<Known> {
    const kept = keptSchema.safeParse(await memory.get(name)).data;
    if (kept === undefined) return { givenUp: 0 };
    if (kept.fingerprint !== fingerprint) throw conflict();
    return { answer: fromKept(kept.answer), givenUp: kept.givenUp };
  }
}

/** How a request under a name may go on. */
export interface Openings<Found> {
  readonly revive: (answer: Answer) => Found;
  readonly start: (begun: Begun) => Promise<Found>;
}

export interface Begun {
  /** The same happening has the same id, also after a restart. */
  readonly eventId: string;
  readonly givenUp: number;
}

const keptSchema = z.object({ fingerprint: z.string(), answer: z.unknown().optional(), givenUp: z.number().default(0) });

function eventIdOf({ caller, idempotencyKey, fingerprint }: Repeatable, givenUp: number): string {
  return `repeatable-${hash("sha256", JSON.stringify([caller, idempotencyKey, fingerprint, givenUp]))}`;
}

function nameOf({ caller, idempotencyKey }: Repeatable): string {
  return `repeatable:${hash("sha256", JSON.stringify([caller, idempotencyKey]))}`;
}

function conflict(): ApiError {
  return new ApiError({
    status: 409,
    code: "idempotency_conflict",
    message: "Another request came with this Idempotency-Key: use a new key for a new request",
    headers: { "x-should-retry": "false" },
  });
}
