import { createHash } from "node:crypto";
import type { Json } from "@hermes/core";
import { isTimestamp } from "../place.ts";
import { objectIn, objectsIn, textIn } from "./answers.ts";
import type { Calls } from "./calls.ts";
import type { Spot } from "./messages.ts";

/** Asking what was sent. */
export interface LookupCalls {
  /**
   * The message that carries this key, if it is among those since then. Looks through a thousand at most. Costs a call of tier 3; apps
   * that are distributed outside the Marketplace have one a minute, of 15 messages each (Slack, Rate limit changes of May 2025).
   */
  findByKey(spot: Spot, idempotencyKey: string, sinceMs: number): Promise<string | undefined>;
}

const eventType = "hermes_message";
const pageSize = 200;
const maxPages = 5;
/** What the clocks of two machines may differ by. */
const toleranceMs = 60_000;

/** Put along with a message, unseen by people: by this it is found again. Holds a hash of the key, nothing else. */
export function metadataOf(idempotencyKey: string): Json {
  return { event_type: eventType, event_payload: { key: hashOf(idempotencyKey) } };
}

export function lookupCalls({ raw, attempt }: Calls): LookupCalls {
  return {
    async findByKey({ channel, thread }, idempotencyKey, sinceMs) {
      const key = hashOf(idempotencyKey);
      const oldest = Math.max(0, (sinceMs - toleranceMs) / 1000).toFixed(6);
      let cursor: string | undefined;
      for (let page = 0; page < maxPages; page += 1) {
        const fields = { channel, oldest, inclusive: true, limit: pageSize, include_all_metadata: true, cursor };
        const answer = await attempt(`look for a message in ${channel}`, () =>
          thread === undefined ? raw("conversations.history", fields) : raw("conversations.replies", { ...fields, ts: thread }),
        );
        const found = objectsIn(answer["messages"]).find((message) => keyIn(message) === key)?.["ts"];
        if (isTimestamp(found)) return found;
        cursor = textIn(objectIn(answer["response_metadata"])["next_cursor"]);
        if (cursor === undefined) return undefined;
      }
      return undefined;
    },
  };
}

function keyIn(message: Readonly<Record<string, unknown>>): string | undefined {
  const metadata = objectIn(message["metadata"]);
  return metadata["event_type"] === eventType ? textIn(objectIn(metadata["event_payload"])["key"]) : undefined;
}

function hashOf(idempotencyKey: string): string {
  return createHash("sha256").update(idempotencyKey).digest("hex").slice(0, 40);
}
