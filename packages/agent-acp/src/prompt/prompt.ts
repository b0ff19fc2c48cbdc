import type { ContentBlock } from "@agentclientprotocol/sdk";
import type { Author, HistoryEntry, Turn } from "@hermes/core";
import { cut, oneLine, quoted, visible } from "../plain-text.ts";

const historyTokens = 4000;
const maxHistoryEntryLength = 4000;
const maxShownLength = 4000;

/** What the session that the prompt goes to does not know. */
export interface Lacks {
  /** What was said before this turn. */
  readonly history: boolean;
  /** Nothing of this turn either: absent where it was begun before, in this session or in a lost one. */
  readonly isNewTurn: boolean;
}

/** The words of a prompt, before the files that came along. */
export async function promptText(turn: Turn, lacks: Lacks): Promise<ContentBlock> {
  const before = lacks.history ? earlierText(await turn.history({ maxTokens: historyTokens })) : "";
  const said = saidText(turn);
  const now = lacks.isNewTurn ? said : `${interruptionText(turn)}\n\n${quoted(said)}`;
  return { type: "text", text: before === "" ? now : `${before}\n\n${now}` };
}

/** What people said. Who said it stands there where several may speak: what they wrote is quoted, so that nobody speaks for another. */
function saidText({ chat, input }: Pick<Turn, "chat" | "input">): string {
  // Alone with the agent somebody also gives its commands, such as `/compact`: they begin a prompt.
  if (chat.type === "dm") return input.map(({ text }) => visible(text)).join("\n\n");
  return input.map(({ author, text }) => `${nameOf(author)} wrote:\n${quoted(text)}`).join("\n\n");
}

function nameOf({ name, id, assurance }: Author): string {
  const shown = oneLine(name ?? "", 60);
  const who = shown === "" ? oneLine(id, 60) : shown;
  return assurance === "asserted" ? `Somebody who says to be ${who}` : who;
}

function earlierText(entries: readonly HistoryEntry[]): string {
  if (entries.length === 0) return "";
  const lines = entries.map(
    ({ role, text }) => `${role === "user" ? "They" : "You"} said:\n${quoted(cut(text, maxHistoryEntryLength))}`,
  );
  return ["What was said earlier in this conversation, quoted so that you know it:", ...lines, "What is said now:"].join("\n\n");
}

function interruptionText({ resume }: Pick<Turn, "resume">): string {
  const shown = resume?.shown.trim() ?? "";
  const open = resume?.open.length ?? 0;
  return [
    "You were interrupted while you worked on what is quoted last here. Go on where you stopped: look first at what you have done, and do none of it twice.",
    ...(open === 0
      ? []
      : ["Whether the tool that ran at that moment came to its end is not known: look before you use it again."]),
    ...(shown === ""
      ? []
      : [
          `The end of what the reader has seen of your answer, which is not to be repeated:\n${quoted(shown.slice(-maxShownLength))}`,
        ]),
    "This is what you work on:",
  ].join("\n\n");
}
