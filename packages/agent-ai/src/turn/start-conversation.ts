import type { Input, Logger, Turn } from "@hermes/core";
import type { AiParts } from "../ai-parts.ts";
import { goOn } from "../step/answer-step.ts";
import { cutOffNote, missingFrom, unsaid } from "../transcript/adopt-history.ts";
import { Conversation } from "../transcript/conversation.ts";
import type { CallPart, Entry, UserEntry } from "../transcript/entry.ts";
import { callsOf, lostResult } from "../transcript/repair.ts";
import { entriesOfRequest } from "./request.ts";
import { takeImages } from "./take-images.ts";
import { userText } from "./user-message.ts";

const maxAdoptedTokens = 16_000;

/** A conversation that a turn goes on with. */
export interface Started {
  readonly conversation: Conversation;
  /** What people have read of the answer that is to come: a process was cut off in it. */
  readonly said: string;
  /** An earlier process came to the end of this turn, and only its end was not noted. */
  readonly isAnswered: boolean;
  /** Calls that an earlier process was asked for, and of which nothing has happened yet: a person was asked first, or nobody had begun. */
  readonly unfinished: readonly CallPart[];
}

/** Reads what was said before; of another agent's turns and of answers that were cut off, what the history knows. */
export async function readConversation(turn: Turn, { host }: Pick<AiParts, "host">): Promise<Conversation> {
  return (await readBefore(turn, host.logger)).conversation;
}

/** `wasCutOff`: what was said last was never answered to its end. */
async function readBefore(
  turn: Turn,
  logger: Logger,
): Promise<{ readonly conversation: Conversation; readonly wasCutOff: boolean }> {
  const conversation = await Conversation.read(turn.transcript(), logger);
  const unfinished = unfinishedOf(turn, conversation);
  if (unfinished.length > 0) conversation.repairBefore(unfinished);
  else conversation.repair((call) => lostText(call, turn));
  const before = conversation.entries;
  if (conversation.of(turn.id).length > 0) return { conversation, wasCutOff: false };
  const missing = missingFrom(before, await turn.history({ maxTokens: maxAdoptedTokens }));
  for (const entry of missing) conversation.add(entry);
  const last = missing.at(-1);
  const isOpen = before.length > 0 && (before.at(-1)?.kind === "user" || before.at(-1)?.kind === "results");
  // What the history alone knows of a turn that is ours was said after the last thing that could be stored.
  return { conversation, wasCutOff: last === undefined ? isOpen : before.some((entry) => entry.turn === last.turn) };
}

/** The conversation with what is said in this turn. After a crash that is there already, and perhaps some of the answer. */
export async function startConversation(turn: Turn, parts: AiParts): Promise<Started> {
  const { conversation, wasCutOff } = await readBefore(turn, parts.host.logger);
  const isNew = !conversation.of(turn.id).some(({ kind }) => kind === "user");
  if (isNew) {
    for (const entry of entriesOfRequest(turn.request, turn.id)) conversation.add(entry);
    const entry = await userEntry(turn, turn.input, parts);
    conversation.add(wasCutOff ? { ...entry, text: `${cutOffNote}\n${entry.text}` } : entry);
  }
  const said = turn.resume?.after === "crash" ? unsaid(conversation.of(turn.id), turn.id, turn.resume.shown) : "";
  if (said !== "") {
    conversation.add({ version: 1, kind: "assistant", turn: turn.id, by: "", parts: [{ type: "text", text: said }] });
    conversation.add({ version: 1, kind: "user", turn: turn.id, text: goOn });
  }
  const unfinished = said === "" ? unfinishedOf(turn, conversation) : [];
  return { conversation, said, unfinished, isAnswered: !isNew && isEnd(conversation.entries.at(-1)) };
}

/**
 * A turn that may be taken up by itself has begun nothing that must not happen twice: the gateway would have cut it off. So what it was to
 * do next can be done now.
 */
function unfinishedOf({ id, resume }: Turn, conversation: Conversation): readonly CallPart[] {
  const hasBegun = resume?.open.some(({ effect }) => effect === "once") === true;
  return resume?.after === "crash" && !hasBegun ? conversation.unfinished(id) : [];
}

/** What people said, as one message. */
export async function userEntry(turn: Turn, inputs: readonly Input[], parts: AiParts): Promise<UserEntry> {
  const attachments = inputs.flatMap((input) => input.attachments);
  const { kept, missed } = await takeImages(turn, attachments, { images: parts.images, logger: parts.host.logger });
  const notTaken =
    missed === 0
      ? []
      : [
          `(${missed === 1 ? "An image" : `${missed} images`} could not be taken: too large, too many, or of a kind that cannot be seen.)`,
        ];
  const text = [...inputs.map((input) => userText(input, turn.chat)), ...notTaken].join("\n\n");
  return { version: 1, kind: "user", turn: turn.id, text, ...(kept.length === 0 ? {} : { images: [...kept] }) };
}

function isEnd(last: Entry | undefined): boolean {
  return last?.kind === "assistant" && callsOf(last).length === 0;
}

function lostText({ id }: CallPart, { resume }: Turn): string {
  const effect = resume?.open.find(({ callId }) => callId === id)?.effect;
  switch (effect) {
    case "once":
      return "This call was interrupted: it is not known whether it happened. Do not repeat it unless a person asks for that.";
    case "repeatable":
      return "This call was interrupted before it ended. It may be repeated.";
    case undefined:
      return lostResult;
  }
}
