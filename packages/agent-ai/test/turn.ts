import {
  buildSessionKey,
  type AgentEvent,
  type Answer,
  type Chat,
  type HistoryEntry,
  type Input,
  type Json,
  type Question,
  type Turn,
} from "@hermes/core";

/** What is remembered of a conversation, as the gateway's store does. */
export class Sessions {
  readonly transcript: { readonly turnId: string; readonly body: Json }[] = [];
  readonly history: HistoryEntry[] = [];
}

/** What a turn is made of beside its words. */
export interface TurnOptions extends Partial<Pick<Turn, "task" | "chosen" | "request" | "resume" | "id">> {
  readonly sessions?: Sessions;
  readonly chat?: Chat;
  readonly input?: Input;
  readonly userId?: string;
  readonly signal?: AbortSignal;
  readonly steering?: Input[];
  readonly answer?: (question: Question) => Answer;
  readonly download?: Turn["download"];
}

export const directChat: Chat = { ref: { platform: "chat", chatId: "1" }, type: "dm" };
let turns = 0;

/** Something that Ada said. */
export function inputOf(text: string, more: Partial<Input> = {}): Input {
  return {
    text,
    author: { id: "ada", name: "Ada", isBot: false, assurance: "platform" },
    attachments: [],
    at: "2026-01-02T03:04:00.000Z",
    ...more,
  };
}

/** A turn whose conversation is kept in `sessions`. */
export function turnOf(text: string, options: TurnOptions = {}): Turn {
  const { sessions = new Sessions(), chat = directChat, steering = [], signal = new AbortController().signal } = options;
  turns += 1;
  const id = options.id ?? `turn-${turns}`;
  return {
    id,
    session: { id: "session-1", key: buildSessionKey({ kind: "chat", chat }) },
    chat,
    input: [options.input ?? inputOf(text)],
    chosen: options.chosen ?? {},
    signal,
    ...(options.task === undefined ? {} : { task: options.task }),
    ...(options.request === undefined ? {} : { request: options.request }),
    ...(options.resume === undefined ? {} : { resume: options.resume }),
    history: async () => sessions.history.filter(({ turnId }) => turnId !== id),
    async *transcript() {
      yield* sessions.transcript.map(({ body }) => reordered(body));
    },
    takeSteering: async () => steering.splice(0),
    ask: async (question) => options.answer?.(question) ?? { expired: true },
    download: options.download ?? (() => Promise.reject(new Error("There is nothing to download"))),
  };
}

/** The same value with its keys the other way round: a store may give them back in any order. */
function reordered(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(reordered);
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, each]) => [key, reordered(each)]),
  );
}

/** What a run told. */
export interface Heard {
  readonly events: readonly AgentEvent[];
  /** What people read, notices apart. */
  readonly text: string;
  readonly notices: readonly string[];
}

/** Runs a turn to its end and keeps its checkpoints, and what was said, in `sessions`. `onEvent` may throw to let the process die there. */
export async function listen(
  run: AsyncIterable<AgentEvent>,
  turn: Turn,
  sessions?: Sessions,
  onEvent: (event: AgentEvent) => void = () => undefined,
): Promise<Heard> {
  const events: AgentEvent[] = [];
  const heard = (): Heard => ({
    events,
    text: events
      .map((event) => (event.type === "text-delta" ? event.text : event.type === "segment-end" ? "\n\n" : ""))
      .join("")
      .trim(),
    notices: events.flatMap((event) => (event.type === "notice" ? [event.text] : [])),
  });
  try {
    for await (const event of run) {
      events.push(event);
      if (event.type === "checkpoint") sessions?.transcript.push(...event.transcript.map((body) => ({ turnId: turn.id, body })));
      onEvent(event);
    }
  } finally {
    if (turn.task === undefined) {
      sessions?.history.push({ role: "user", text: turn.input.map(({ text }) => text).join("\n"), turnId: turn.id });
      if (heard().text !== "") sessions?.history.push({ role: "assistant", text: heard().text, turnId: turn.id });
    }
  }
  return heard();
}
