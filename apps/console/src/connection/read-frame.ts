import type { ProtocolEvent } from "@hermes/protocol";

/** What came over the socket. */
export type Frame =
  | { readonly kind: "event"; readonly event: ProtocolEvent }
  | { readonly kind: "answer"; readonly id: unknown; readonly answer: unknown };

/** Tells events from answers; undefined for what is neither, or of a kind this page does not know. */
export function readFrame(data: unknown): Frame | undefined {
  if (typeof data !== "string") return undefined;
  const value = parse(data);
  if (!isRecord(value)) return undefined;
  if (value["method"] === "event") return readEvent(value["params"]);
  return "id" in value && ("result" in value || "error" in value)
    ? { kind: "answer", id: value["id"], answer: value }
    : undefined;
}

/** Members that each kind must have beside `session_key` and `seq`. */
const members: Readonly<Record<ProtocolEvent["type"], Readonly<Record<string, "string" | "number" | "object">>>> = {
  "chat.message": { message_id: "string", text: "string", timestamp: "string" },
  "chat.delta": { message_id: "string", delta: "string", part: "number" },
  "chat.part": { message_id: "string", part: "number", text: "string" },
  "chat.step": { message_id: "string", after_part: "number", step: "object" },
  "chat.reasoning": { message_id: "string", delta: "string" },
  "chat.done": { message_id: "string", outcome: "string", text: "string", timestamp: "string" },
  "chat.notice": { message_id: "string", text: "string", timestamp: "string" },
  "session.changed": {},
};

function readEvent(params: unknown): Frame | undefined {
  if (!isRecord(params) || typeof params["session_key"] !== "string" || typeof params["seq"] !== "number") return undefined;
  const type = params["type"];
  if (typeof type !== "string" || !Object.hasOwn(members, type)) return undefined;
  const needed = members[type as ProtocolEvent["type"]];
  for (const [name, kind] of Object.entries(needed)) {
    if (typeof params[name] !== kind || params[name] === null) return undefined;
  }
  // Each member that is used was looked at above.
  return { kind: "event", event: params as unknown as ProtocolEvent };
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
