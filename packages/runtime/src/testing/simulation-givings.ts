import type { Asked, SimulationResult } from "./simulation-plan.ts";

/**
 * What was broken of the promise that an agent is given everything that people say, once and in its order, where messages may be
 * answered together, cut an answer off, or reach a turn that runs.
 */
export function brokenGivings(
  { asked, byHand, deeds }: SimulationResult,
  mayBeGone: (one: Asked, following: readonly Asked[]) => boolean,
  isSameSession: (a: Asked, b: Asked) => boolean,
  /** Nothing asked to pass what waits. */
  isInOrder: boolean,
): readonly string[] {
  const messages = [...new Set(asked)].filter(({ tokens, chatId }) => tokens.length > 0 && chatId !== "stranger");
  const order = [...deeds.given.values()].flat();
  const isGivenAgain = byHand.some(({ what }) => what !== "drop") || asked.some(({ text }) => text === "/retry");
  const broken: string[] = [];
  const saysIt = (one: Asked, text: string): boolean => text === one.text || one.changes.includes(text);
  for (const one of messages) {
    const turns = [...deeds.given].flatMap(([, texts]) => texts.filter((text) => saysIt(one, text)));
    if (turns.length === 0 && !mayBeGone(one, asked.slice(asked.indexOf(one))))
      broken.push(`${one.eventId} was given to no agent`);
    if (turns.length > 1 && !isGivenAgain) broken.push(`${one.eventId} was given to ${turns.length} turns`);
  }
  const place = (one: Asked): number => order.findIndex((text) => saysIt(one, text));
  if (isGivenAgain || !isInOrder) return broken;
  for (const one of messages) {
    const before = messages.slice(0, messages.indexOf(one)).filter((other) => isSameSession(one, other));
    const late = before.filter((other) => place(other) >= 0 && place(one) >= 0 && place(other) > place(one));
    for (const { eventId } of late) broken.push(`${one.eventId} was given before ${eventId}`);
  }
  return broken;
}
