import type { Asked, SimulationResult } from "./simulation.ts";

/**
 * What was broken of the promise that an agent is given everything that people say, once and in its order, where messages may be
 * answered together, cut an answer off, or reach a turn that runs.
 */
export function brokenGivings(
  { asked, byHand, deeds }: SimulationResult,
  mayBeGone: (one: Asked, following: readonly Asked[]) => boolean,
  isSameSession: (a: Asked, b: Asked) => boolean,
): readonly string[] {
  const messages = [...new Set(asked)].filter(({ tokens, chatId }) => tokens.length > 0 && chatId !== "stranger");
  const order = [...deeds.given.values()].flat();
  const isGivenAgain = byHand.some(({ what }) => what !== "drop") || asked.some(({ text }) => text === "/retry");
  const broken: string[] = [];
  for (const one of messages) {
    const turns = [...deeds.given].filter(([, texts]) => texts.includes(one.text));
    if (turns.length === 0 && !mayBeGone(one, asked.slice(asked.indexOf(one))))
      broken.push(`${one.eventId} was given to no agent`);
    if (turns.length > 1 && !isGivenAgain) broken.push(`${one.eventId} was given to ${turns.length} turns`);
  }
  if (isGivenAgain) return broken;
  for (const one of messages) {
    const before = messages.slice(0, messages.indexOf(one)).filter((other) => isSameSession(one, other));
    const late = before.filter(
      ({ text }) => order.includes(text) && order.includes(one.text) && order.indexOf(text) > order.indexOf(one.text),
    );
    for (const { eventId } of late) broken.push(`${one.eventId} was given before ${eventId}`);
  }
  return broken;
}
