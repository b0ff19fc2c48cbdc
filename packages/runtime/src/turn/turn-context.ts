import type { HistoryEntry, Input, PlatformEvent, Turn } from "@hermes/core";
import type { ClaimedTurn, InterruptedTurn, Store } from "../store.ts";

/** Entries read from the store at most; a model's window ends long before. */
const maxHistoryEntries = 500;
/** Where `maxTokens` is given: an estimate that errs on the safe side for Latin text. */
const charactersPerToken = 4;

/** What an agent is given for one turn: frozen at its start. */
export function createTurn(
  claimed: ClaimedTurn,
  signal: AbortSignal,
  store: Store,
  interrupted: InterruptedTurn | undefined,
): Turn {
  const { event, turnId, sessionId, sessionKey } = claimed;
  return {
    id: turnId,
    session: { id: sessionId, key: sessionKey },
    chat: event.chat,
    input: [inputOf(event)],
    ...(event.type === "message" && event.request !== undefined ? { request: event.request } : {}),
    signal,
    ...(interrupted === undefined ? {} : { resume: { after: "crash", shown: shownText(interrupted), open: [] } }),
    async history({ maxTokens } = {}) {
      const entries = await store.history({ sessionId, limit: maxHistoryEntries, beforeTurnId: turnId });
      return maxTokens === undefined ? entries : newestWithin(entries, maxTokens * charactersPerToken);
    },
    // Checkpoints are not kept yet, so there is nothing an agent could have left; an agent that declares `resume: "replay"` needs none.
    async *transcript() {},
    takeSteering: async () => [],
    ask: async (question) => {
      throw new Error(`The question \`${question.key}\` cannot be asked: this gateway has no way yet to put questions to people`);
    },
  };
}

function inputOf(event: PlatformEvent): Input {
  const common = { author: event.origin.author, at: event.at };
  return event.type === "message"
    ? { ...common, text: event.text, attachments: event.attachments }
    : { ...common, text: "", attachments: [] };
}

function shownText(interrupted: InterruptedTurn): string {
  return interrupted.parts.flatMap((part) => part.shown).join("\n");
}

function newestWithin(entries: readonly HistoryEntry[], maxCharacters: number): readonly HistoryEntry[] {
  let used = 0;
  const start = entries.findLastIndex((entry) => (used += entry.text.length) > maxCharacters);
  return entries.slice(start + 1);
}
