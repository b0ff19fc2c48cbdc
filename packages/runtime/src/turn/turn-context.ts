import type { AgentTask, HistoryEntry, Json, Turn } from "@hermes/core";
import type { ClaimedTurn, InterruptedTurn, JournalledTool, Store } from "../store.ts";
import { inputOf } from "./input.ts";
import type { SteeringBox } from "./steering.ts";
import type { TurnRun } from "./turn-run.ts";

/** Entries read from the store at most; a model's window ends long before. */
const maxHistoryEntries = 500;
/** Where `maxTokens` is given: an estimate that errs on the safe side for Latin text. */
const charactersPerToken = 4;
const transcriptPageSize = 200;

/** What an agent is given for one turn: frozen at its start. */
export interface TurnContext {
  readonly claimed: ClaimedTurn;
  readonly signal: AbortSignal;
  readonly store: Store;
  readonly chosen: Turn["chosen"];
  readonly task: AgentTask | undefined;
  /** The session whose history and entries the agent is given: another one than its own where it is asked on the side. */
  readonly knownSessionId: string | undefined;
  readonly run: Pick<TurnRun, "ask">;
  readonly steering: SteeringBox;
  readonly resume: Turn["resume"];
  readonly download: Turn["download"];
}

/** The turn as its agent sees it. */
export function createTurn(context: TurnContext): Turn {
  const { claimed, signal, store, run, steering, resume, download, chosen, task, knownSessionId } = context;
  const { event, turnId, sessionId, sessionKey } = claimed;
  return {
    id: turnId,
    session: { id: sessionId, key: sessionKey },
    chat: event.chat,
    input: [inputOf([event, ...claimed.joined.map((each) => each.event)])],
    chosen,
    ...(task === undefined ? {} : { task }),
    ...(event.type === "message" && event.request !== undefined ? { request: event.request } : {}),
    signal,
    ...(resume === undefined ? {} : { resume }),
    async history({ maxTokens } = {}) {
      if (knownSessionId === undefined) return [];
      const isOwn = knownSessionId === sessionId;
      const before = isOwn ? { beforeTurnId: turnId } : {};
      const entries = await store.history({ sessionId: knownSessionId, limit: maxHistoryEntries, ...before });
      return maxTokens === undefined ? entries : newestWithin(entries, maxTokens * charactersPerToken);
    },
    transcript: () => transcriptOf(store, knownSessionId),
    // Whoever is cut off and still asks is given nothing: it would be answered by nobody.
    takeSteering: async () => (signal.aborted ? [] : await steering.take()),
    ask: (question) => run.ask(question),
    download,
  };
}

/** How an agent takes up what it left: its own turn after a crash, or what the session's last turn left open. */
export function resumeOf(
  { before }: ClaimedTurn,
  interrupted: InterruptedTurn | undefined,
  shown: string,
): Turn["resume"] | undefined {
  if (interrupted !== undefined) {
    const { state, tools } = interrupted;
    return { after: "crash", ...(state === undefined ? {} : { state }), shown, open: openOf(tools) };
  }
  if (before === undefined) return undefined;
  const { state, open } = before;
  return { after: "restart", ...(state === undefined ? {} : { state }), shown: before.shown, open: openOf(open) };
}

function openOf(tools: readonly JournalledTool[]): NonNullable<Turn["resume"]>["open"] {
  return tools.flatMap(({ callId, effect }) => (effect === "none" ? [] : [{ callId, effect }]));
}

async function* transcriptOf(store: Store, sessionId: string | undefined): AsyncGenerator<Json> {
  if (sessionId === undefined) return;
  for (let afterId = 0; ;) {
    const page = await store.transcript({ sessionId, afterId, limit: transcriptPageSize });
    for (const { body } of page) yield body;
    const last = page.at(-1);
    if (last === undefined) return;
    afterId = last.id;
  }
}

function newestWithin(entries: readonly HistoryEntry[], maxCharacters: number): readonly HistoryEntry[] {
  let used = 0;
  const start = entries.findLastIndex((entry) => (used += entry.text.length) > maxCharacters);
  return entries.slice(start + 1);
}
