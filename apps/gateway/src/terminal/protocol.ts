/** What a terminal asks: one message of one person. */
export interface TerminalMessage {
  /** Whose conversation it belongs to. */
  readonly user: string;
  readonly text: string;
}

/** What comes back, one JSON object per line, until the answer is over. */
export type TerminalLine =
  /** More of the answer. */
  | { readonly type: "text"; readonly text: string }
  /** What follows is a message of its own. */
  | { readonly type: "message-end" }
  | { readonly type: "end"; readonly outcome: TerminalOutcome };

/**
 * How an answer ended. `refused`: too many messages wait, or nobody let this person in. `dropped`: a command took the message out of
 * the queue. `shutdown`: the gateway ended first.
 */
export type TerminalOutcome = "finished" | "interrupted" | "failed" | "refused" | "dropped" | "shutdown";

const outcomes: ReadonlySet<string> = new Set<TerminalOutcome>([
  "finished",
  "interrupted",
  "failed",
  "refused",
  "dropped",
  "shutdown",
]);
const maxTextLength = 200_000;

/** The message in a request's body; undefined when it is none. */
export function parseTerminalMessage(body: string): TerminalMessage | undefined {
  const { user, text } = parseObject(body) ?? {};
  if (typeof user !== "string" || !/^[A-Za-z0-9._-]{1,64}$/u.test(user)) return undefined;
  if (typeof text !== "string" || text.trim() === "" || text.length > maxTextLength) return undefined;
  return { user, text };
}

/** One line of an answer; undefined for what this version does not know. */
export function parseTerminalLine(line: string): TerminalLine | undefined {
  const { type, text, outcome } = parseObject(line) ?? {};
  if (type === "text" && typeof text === "string") return { type, text };
  if (type === "message-end") return { type };
  if (type === "end" && isOutcome(outcome)) return { type, outcome };
  return undefined;
}

function isOutcome(value: unknown): value is TerminalOutcome {
  return typeof value === "string" && outcomes.has(value);
}

function parseObject(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
