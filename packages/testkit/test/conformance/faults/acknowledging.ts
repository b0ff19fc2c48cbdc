import type { Json, PlatformEvent, PlatformHost } from "@hermes/core";
import type { CaseName } from "../../../src/cases.ts";
import { connection, host, events, type Fault } from "./ways-to-be-bad.ts";

let count = 0;
const lostMessages: CaseName[] = [
  "what could not be stored comes again, the same",
  "what was not stored when the process ended comes again, the same",
];

/** Faults in acknowledging. */
export const acknowledgingFaults = {
  "what could not be stored comes again, the same": {
    ...host((good) => ({
      async accept(given, cursor) {
        try {
          return await good.accept(given, cursor);
        } catch {
          // Lost: the batch goes on as if it were stored.
          return given.map(() => "stored");
        }
      },
    })),
    alsoSeenBy: lostMessages,
  },
  "what was not stored when the process ended comes again, the same": {
    ...events((event) =>
      event.type === "message" && event.text === "across the end"
        ? { ...event, at: new Date((count += 1)).toISOString() }
        : event,
    ),
  },
  "what was stored and is told again is known by its event id": {
    ...events((event) =>
      event.type === "message" && event.text === "stored already" ? { ...event, eventId: `new-${(count += 1)}` } : event,
    ),
  },
  "nothing is acknowledged while it is not stored": {
    ...host((good) => ({
      async accept(given, cursor) {
        if (cursor !== undefined) await good.memory.set(cursor.key, cursor.value);
        return await good.accept(given, cursor);
      },
    })),
    alsoSeenBy: lostMessages,
  },
  "nothing is lost and nothing doubled while the store is slow": events((event) =>
    event.type === "message" && event.text === "slow 3" ? undefined : event,
  ),
  "what was refused is acknowledged like the rest": host((good) => ({
    async accept(given, cursor) {
      const answers = await good.accept(given);
      if (answers.includes("refused")) throw new Error("refused");
      return cursor === undefined ? answers : await good.accept([], cursor);
    },
  })),
  "what was stored does not come again after a restart": {
    platform: (good) => ({
      ...good,
      async connect(given, signal) {
        const kept = (await given.memory.get("kept")) as PlatformEvent | undefined;
        if (kept !== undefined) await given.accept([kept]);
        const accept: PlatformHost["accept"] = async (all, cursor) => {
          const answers = await given.accept(all, cursor);
          const once = all.find((event) => event.type === "message" && event.text === "only once");
          if (once !== undefined) await given.memory.set("kept", once as unknown as Json);
          return answers;
        };
        return await good.connect({ ...given, accept }, signal);
      },
    }),
  },
  "what is said while nobody listens arrives later": events((event) =>
    event.type === "message" && event.text === "while you were away" ? undefined : event,
  ),
  "what is caught up on is what would have been heard, and nothing older": connection((good) => ({
    async *catchUp(...parameters) {
      for await (const event of good.catchUp?.(...parameters) ?? []) yield { ...event, eventId: `caught-${event.eventId}` };
    },
  })),
} satisfies Partial<Record<CaseName, Fault>>;
