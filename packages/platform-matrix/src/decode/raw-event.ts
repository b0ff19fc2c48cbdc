import { isEventId, isUserId } from "../identifiers.ts";

/** A JSON object whose members are not looked at yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** A room's event, as far as every event is the same. */
export interface RawEvent {
  readonly id: string;
  readonly type: string;
  readonly sender: string;
  readonly atMs: number;
  readonly content: Fields;
  /** Set for state alone. */
  readonly stateKey: string | undefined;
  /** The id that a redaction names: in the content since room version 11. */
  readonly redacts: string | undefined;
  /** What stood there was taken out. */
  readonly isRedacted: boolean;
  /** The membership before, where the event is one of membership and the homeserver says it. */
  readonly membershipBefore: string | undefined;
}

/** The year 2100: what a server's clock says beyond it is no time. */
const latestMs = Date.UTC(2100, 0, 1);

/** Reads an event of a room; undefined for what is none. */
export function readEvent(raw: unknown): RawEvent | undefined {
  const event = fieldsOf(raw);
  const content = event?.["content"];
  if (event === undefined || fieldsOf(content) === undefined) return undefined;
  const { event_id: id, type, sender, origin_server_ts: atMs, state_key: stateKey, redacts: oldRedacts } = event;
  if (typeof id !== "string" || !isEventId(id) || typeof type !== "string" || type === "") return undefined;
  if (typeof sender !== "string" || !isUserId(sender)) return undefined;
  if (typeof atMs !== "number" || !Number.isSafeInteger(atMs) || atMs < 0 || atMs > latestMs) return undefined;
  const found = content as Fields;
  const unsigned = fieldsOf(event["unsigned"]) ?? {};
  const redacts = found["redacts"] ?? oldRedacts;
  const before = fieldsOf(unsigned["prev_content"] ?? event["prev_content"])?.["membership"];
  return {
    id,
    type,
    sender,
    atMs,
    content: found,
    stateKey: typeof stateKey === "string" ? stateKey : undefined,
    redacts: typeof redacts === "string" && isEventId(redacts) ? redacts : undefined,
    isRedacted: fieldsOf(unsigned["redacted_because"]) !== undefined,
    membershipBefore: typeof before === "string" ? before : undefined,
  };
}

export function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

export function textIn(fields: Fields | undefined, key: string): string | undefined {
  const value = fields?.[key];
  return typeof value === "string" ? value : undefined;
}
