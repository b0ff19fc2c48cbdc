import type { ToldEnding } from "@hermes/testkit";
import type { Asked, SimulationResult } from "./simulation-plan.ts";

/** What was broken of what a platform is promised that is told when answers end; `repetitionsOf` says how often somebody asked for one again. */
export function brokenEndings(
  result: SimulationResult,
  repetitionsOf: (asked: Asked) => number,
  /** Whether agents take messages while they run. */
  mayBeTaken: boolean,
): string[] {
  const { asked, byHand, chat, restarts } = result;
  const own = [...new Set(asked)].filter(({ chatId }) => chatId !== "stranger");
  const tellingsOf = ({ eventId }: Asked): readonly ToldEnding[] => chat.endings.filter(({ messageId }) => messageId === eventId);
  const untold = own.filter((one) => tellingsOf(one).length === 0);
  return [
    // Whoever asked is gone with a process that ended at that very moment: only without such an end everybody is told.
    ...(restarts === 0 ? untold.map(({ eventId }) => `Nobody was told of the end of ${eventId}`) : []),
    ...own.flatMap((one) => {
      const isDoneByHand = byHand.some(({ what, eventId }) => what === "retry" && eventId === one.eventId);
      const times = 1 + repetitionsOf(one);
      return isDoneByHand ? [] : brokenTellings(one, tellingsOf(one), times, chat.texts(one.chatId), mayBeTaken);
    }),
  ];
}

function brokenTellings(
  { eventId, tokens }: Asked,
  told: readonly ToldEnding[],
  times: number,
  texts: readonly string[],
  mayBeTaken: boolean,
): string[] {
  const broken: string[] = [];
  // What an agent took while it ran and lost with its process is told of again once the next one has answered it.
  const processes = new Set(told.map(({ process }) => process)).size;
  if (told.length > (mayBeTaken ? times * processes : times))
    broken.push(`The end of ${eventId} was told ${told.length} times: ${JSON.stringify(told)}`);
  const standing = tokens.filter((token) => texts.some((text) => text.includes(token)));
  const last = told.at(-1);
  const missing = last === undefined ? [] : standing.filter((token) => last.texts.every((text) => !text.includes(token)));
  if (missing.length > 0)
    broken.push(`The end of ${eventId} was told before ${missing.join()} stood there: ${JSON.stringify([told, texts])}`);
  if (times === 1 && last?.ending === "dropped" && standing.length > 0)
    broken.push(`${eventId} was answered, and called dropped`);
  return broken;
}
