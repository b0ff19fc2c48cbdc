import type { Input, Logger, Turn } from "@hermes/core";
import type { AiParts } from "../ai-parts.ts";
import { goOn } from "../step/answer-step.ts";
import type { ModelCall } from "../step/model-call.ts";
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
  /** Calls that an earlier process did not come to the end of, before the model is asked again. */
  readonly left: readonly LeftCall[];
}

/** A call of an earlier process. `lost`: it had begun, and this is all that can be told of it; else it is yet to be made. */
export interface LeftCall {
  readonly call: ModelCall;
  readonly lost?: string;
}

/** Reads what was said before; of another agent's turns and of answers that were cut off, what the history knows. */
export async function readConversation(turn: Turn, { host }: Pick<AiParts, "host">): Promise<Conversation> {
  return (await readBefore(turn, host.logger)).conversation;
}

/** `wasCutOff`: what was said last was never answered to its end. */
async function readBefore(
  turn: Turn,
  logger: Logger,
): Promise<{ readonly conversation: Conversation; readonly wasCutOff: boolean; readonly left: readonly LeftCall[] }> {
  const conversation = await Conversation.read(turn.transcript(), logger);
  const left = turn.resume?.after === "crash" ? conversation.unanswered(turn.id).map((call) => leftCall(call, turn)) : [];
  conversation.repair((call) => lostText(call, turn), left.length > 0);
  const before = conversation.entries;
  if (conversation.of(turn.id).length > 0) return { conversation, wasCutOff: false, left };
  const missing = missingFrom(before, await turn.history({ maxTokens: maxAdoptedTokens }));
  for (const entry of missing) conversation.add(entry);
  const last = missing.at(-1);
  const isOpen = before.length > 0 && (before.at(-1)?.kind === "user" || before.at(-1)?.kind === "results");
  // What the history alone knows of a turn that is ours was said after the last thing that could be stored.
  return { conversation, wasCutOff: last === undefined ? isOpen : before.some((entry) => entry.turn === last.turn), left };
}

/** The conversation with what is said in this turn. After a crash that is there already, and perhaps some of the answer. */
export async function startConversation(turn: Turn, parts: AiParts): Promise<Started> {
  const { conversation, wasCutOff, left } = await readBefore(turn, parts.host.logger);
  const isNew = !conversation.of(turn.id).some(({ kind }) => kind === "user");
  if (isNew) {
    for (const entry of entriesOfRequest(turn.request, turn.id)) conversation.add(entry);
    const entry = await userEntry(turn, turn.input, parts);
    conversation.add(wasCutOff ? { ...entry, text: `${cutOffNote}\n${entry.text}` } : entry);
  }
  const isCut = turn.resume?.after === "crash" && left.length === 0;
  const said = isCut ? unsaid(conversation.of(turn.id), turn.id, turn.resume?.shown ?? "") : "";
  if (said !== "") {
    conversation.add({ version: 1, kind: "assistant", turn: turn.id, by: "", parts: [{ type: "text", text: said }] });
    conversation.add({ version: 1, kind: "user", turn: turn.id, text: goOn });
  }
  return { conversation, said, isAnswered: !isNew && isEnd(conversation.entries.at(-1)), left };
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

/** What has begun may have happened; what waited for a person, or for its turn behind others, has not: it is made now. */
function leftCall(part: CallPart, turn: Turn): LeftCall {
  const { id, name, input } = part;
  const call = { id, name, input: JSON.parse(input) as NonNullable<ModelCall["input"]> };
  return turn.resume?.open.some(({ callId }) => callId === id) === true ? { call, lost: lostText(part, turn) } : { call };
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
