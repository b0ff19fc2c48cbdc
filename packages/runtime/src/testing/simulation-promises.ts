import type { Asked, SimulationPlan, SimulationResult } from "./simulation.ts";

const mark = "(This may be a repetition.)";
const restarted = "I was restarted";

/** What a simulated life broke of what the gateway promises, as sentences; none if all is well. */
export function brokenPromises(plan: SimulationPlan, result: SimulationResult): readonly string[] {
  const { asked, chat, busyLanes, wakesLeft } = result;
  const chats = new Set(asked.map(({ chatId }) => chatId));
  return [
    ...(busyLanes === 0 ? [] : [`${busyLanes} lanes are left`]),
    ...(wakesLeft === 0 ? [] : [`${wakesLeft} alarms are left after the stop`]),
    ...(chat.texts("stranger").length === 0 ? [] : ["A stranger was answered"]),
    ...[...chats]
      .filter((chatId) => chatId !== "stranger")
      .flatMap((chatId) => brokenIn(plan, result, chatId, [...new Set(asked.filter((one) => one.chatId === chatId))])),
  ];
}

function brokenIn(plan: SimulationPlan, { chat, restarts }: SimulationResult, chatId: string, asked: readonly Asked[]): string[] {
  const texts = chat.texts(chatId);
  const lastReset = asked.findLastIndex(({ text }) => text === "/new");
  const firstPlaces: number[] = [];
  const broken: string[] = [];
  let unanswered = 0;
  for (const [index, { tokens, eventId }] of asked.entries()) {
    const copies = tokens.map((token) => texts.flatMap((text, place) => (text.includes(token) ? [place] : [])));
    // What was asked before `/new` may have been dropped by it.
    if (index > lastReset && copies.some((copy) => copy.length === 0)) unanswered += 1;
    for (const copy of copies) {
      const unmarked = copy.filter((place) => !isMarked(place, texts, plan)).length;
      if (unmarked > 1) broken.push(`${eventId} was answered ${unmarked} times without a mark`);
      if (copy.length > 1 && plan.tells !== "not at all" && plan.style !== "live")
        broken.push(`${eventId} was answered ${copy.length} times`);
    }
    firstPlaces.push(...tokens.map((token) => texts.findIndex((text) => text.includes(token))).filter((place) => place >= 0));
  }
  if (firstPlaces.some((place, index) => place < (firstPlaces[index - 1] ?? 0)))
    broken.push(`${chatId} was answered out of order`);
  const excuses = restarts === 0 ? 0 : texts.filter((text) => text.includes(restarted)).length;
  if (unanswered > excuses) broken.push(`${unanswered - excuses} messages of ${chatId} were not answered`);
  for (const [command, answer] of [
    ["/whoami", "Let in by: allow:scripted:7"],
    ["/new", "New conversation."],
  ] as const) {
    const wanted = asked.filter(({ text }) => text === command).length;
    const answers = texts.filter((text) => text.includes(answer));
    if (answers.length < wanted) broken.push(`${wanted - answers.length} of ${command} were not answered`);
    if (answers.filter((text) => !text.includes(mark)).length > wanted)
      broken.push(`${command} was answered twice without a mark`);
  }
  return broken.map((what) => `${what} in ${chatId}: ${JSON.stringify(texts)}`);
}

/** Where one send carries several texts, the first of them carries the mark for all. */
function isMarked(place: number, texts: readonly string[], { style }: SimulationPlan): boolean {
  return texts.slice(style === "final" ? 0 : place, place + 1).some((text) => text.includes(mark));
}
