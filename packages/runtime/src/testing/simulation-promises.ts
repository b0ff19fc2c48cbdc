import { brokenGivings } from "./simulation-givings.ts";
import { brokenEndings } from "./simulation-endings.ts";
import type { Asked, ByHand, SimulationPlan, SimulationResult } from "./simulation-plan.ts";

const mark = "(This may be a repetition.)";
const restarted = "I was restarted";
const failed = "Something went wrong";
/** What commands are answered with. */
const commandAnswers = {
  "/whoami": ["Let in by: allow:scripted:"],
  "/new": ["New conversation."],
  "/stop": ["Stopped.", "Nothing was running."],
  "/retry": ["Once more, then.", "There is nothing to repeat."],
} as const;

/** What a simulated life broke of what the gateway promises, as sentences; none if all is well. */
export function brokenPromises(plan: SimulationPlan, result: SimulationResult): readonly string[] {
  const { asked, chat, busyLanes, wakesLeft } = result;
  const chats = new Set(asked.map(({ chatId }) => chatId));
  const isEachAlone = (plan.busy ?? "queue") === "queue" && plan.burstMs === undefined;
  return [
    ...(busyLanes === 0 ? [] : [`${busyLanes} lanes are left`]),
    ...(wakesLeft === 0 ? [] : [`${wakesLeft} alarms are left after the stop`]),
    ...(plan.style === "own" && chat.standing.some(({ text }) => text.includes(mark))
      ? ["Something was marked as a repetition"]
      : []),
    ...(chat.texts("stranger").length === 0 ? [] : ["A stranger was answered"]),
    ...brokenDeeds(result),
    ...(plan.style === "own"
      ? brokenEndings(result, ({ eventId }) => repetitionsOf(eventId, asked, result.byHand), plan.busy !== undefined)
      : []),
    ...(isEachAlone
      ? []
      : brokenGivings(
          result,
          (one, following) => mayBeGone(one, following, result),
          isSameSession,
          // What was offered to a turn waits behind it after a restart, and newer words may reach that turn first.
          (plan.busy !== "steer" || result.restarts === 0) &&
            !plan.steps.some(({ do: what }) => what === "hand on") &&
            asked.every(({ text }) => !text.startsWith("/busy")),
        )),
    ...[...chats]
      .filter((chatId) => chatId !== "stranger" && isEachAlone)
      .flatMap((chatId) => brokenIn(plan, result, chatId, [...new Set(asked.filter((one) => one.chatId === chatId))])),
  ];
}

/** What must not be done twice was done once for each time that a person said so; and only who was asked has answered. */
function brokenDeeds({ asked, byHand, deeds, chat }: SimulationResult): string[] {
  const broken: string[] = [];
  for (const { text, changes, eventId, userId, chatId } of asked) {
    const times = [...new Set([text, ...changes])].reduce((sum, each) => sum + (deeds.done.get(each) ?? 0), 0);
    if (times > 1 + repetitionsOf(eventId, asked, byHand)) broken.push(`What ${eventId} asked for was done ${times} times`);
    const others = (deeds.answers.get(text) ?? []).filter((answer) => "by" in answer && answer.by !== userId);
    if (others.length > 0)
      broken.push(`A question of ${eventId} was answered by somebody else: ${JSON.stringify(chat.texts(chatId))}`);
  }
  return broken;
}

/** How often somebody asked for a message to be worked off again, at most. */
function repetitionsOf(eventId: string, asked: readonly Asked[], byHand: readonly ByHand[]): number {
  const own = asked.find((one) => one.eventId === eventId);
  const behind = new Set(asked.slice(asked.findIndex((one) => one.eventId === eventId)));
  const retries = [...behind].filter((one) => own !== undefined && isSameSession(one, own) && one.text === "/retry");
  const again = byHand.filter(
    (one) => one.what === "replay" && [eventId, ...retries.map((retry) => retry.eventId)].includes(one.eventId),
  );
  return retries.length + again.length;
}

function isSameSession(a: Asked, b: Asked): boolean {
  return a.chatId === b.chatId && (a.chatId !== "group" || a.userId === b.userId);
}

function brokenIn(plan: SimulationPlan, result: SimulationResult, chatId: string, asked: readonly Asked[]): string[] {
  const { chat, restarts } = result;
  const texts = chat.texts(chatId);
  const broken = [...brokenCommands(plan, texts, asked, result.byHand)];
  let unanswered = 0;
  for (const [index, one] of asked.entries()) {
    const missing = one.tokens.filter((token) => texts.every((text) => !text.includes(token)));
    if (missing.length > 0 && !mayBeGone(one, asked.slice(index), result)) unanswered += 1;
    broken.push(...repeatedUnmarked(one, texts, plan, result));
  }
  broken.push(...outOfOrder(texts, asked, result).map((eventId) => `${eventId} was answered out of order`));
  const isRefusing = plan.steps.some((step) => step.do === "refuse");
  const isExcuse = (text: string): boolean => (restarts > 0 && text.includes(restarted)) || (isRefusing && text.includes(failed));
  const excuses = texts.filter(isExcuse).length;
  if (unanswered > excuses && !mayBeLeft(plan)) broken.push(`${unanswered - excuses} messages of ${chatId} were not answered`);
  return broken.map((what) => `${what} in ${chatId}: ${JSON.stringify(texts)}`);
}

/** What was asked before `/new` or `/stop` may have been dropped by it; what was dropped by hand is. */
function mayBeGone(one: Asked, following: readonly Asked[], { byHand, asked }: SimulationResult): boolean {
  const isReset = ({ text }: Asked): boolean => text === "/new" || text === "/stop" || text.startsWith("/queue drop");
  const isResetAgain = byHand.some(({ what, eventId, at }) => {
    const about = asked.find((other) => other.eventId === eventId);
    return what === "replay" && about !== undefined && isReset(about) && isSameSession(about, one) && asked.indexOf(one) < at;
  });
  const isDropped = byHand.some(({ what, eventId }) => what === "drop" && eventId === one.eventId);
  return (
    one.takenBack.length > 0 ||
    isDropped ||
    isResetAgain ||
    following.some((other) => isReset(other) && isSameSession(other, one))
  );
}

/** Whether something may be left unsaid, since nobody can tell whether it was said. */
function mayBeLeft({ unknown, tells, style }: SimulationPlan): boolean {
  return style !== "own" && unknown !== "repeat-marked" && (tells === "not at all" || style === "live");
}

/** Within one turn nothing is said twice without a mark, and not at all where the platform can tell; one turn is all a message gets. */
function repeatedUnmarked(
  { tokens, eventId }: Asked,
  texts: readonly string[],
  plan: SimulationPlan,
  result: SimulationResult,
): string[] {
  const broken: string[] = [];
  const turns = new Set<string>();
  for (const token of tokens) {
    const places = new Map<string, number[]>();
    for (const [place, text] of texts.entries()) {
      const turn = text.includes(token) ? /^~(\d+)/u.exec(text.slice(text.indexOf(token) + token.length))?.[1] : undefined;
      if (turn !== undefined) places.set(turn, [...(places.get(turn) ?? []), place]);
    }
    for (const [turn, copies] of places) {
      turns.add(turn);
      const unmarked = copies.filter((place) => !isMarked(place, texts, plan)).length;
      if (unmarked > 1) broken.push(`${eventId} was answered ${unmarked} times without a mark`);
      if (copies.length > 1 && (plan.style === "own" || (plan.tells !== "not at all" && plan.style !== "live")))
        broken.push(`${eventId} was answered ${copies.length} times`);
    }
  }
  if (turns.size > 1 + repetitionsOf(eventId, result.asked, result.byHand))
    broken.push(`${eventId} was answered in ${turns.size} turns`);
  return broken;
}

/** Of each session, unless somebody asked for something again. */
function outOfOrder(texts: readonly string[], asked: readonly Asked[], { byHand }: SimulationResult): string[] {
  if (byHand.some(({ what }) => what !== "drop")) return [];
  return asked.flatMap((one, index) => {
    const session = asked.filter((other) => isSameSession(one, other));
    if (session.some(({ text }) => text === "/retry")) return [];
    const firstPlaces = (tokens: readonly string[]): number[] =>
      tokens.map((token) => texts.findIndex((text) => text.includes(token))).filter((place) => place >= 0);
    const own = firstPlaces(one.tokens);
    const before = asked
      .slice(0, index)
      .filter((other) => isSameSession(one, other))
      .flatMap(({ tokens }) => firstPlaces(tokens));
    const isMixed = own.some((place, at) => place < (own[at - 1] ?? 0)) || Math.min(...own) < Math.max(...before);
    return isMixed ? [one.eventId] : [];
  });
}

function brokenCommands(
  plan: SimulationPlan,
  texts: readonly string[],
  asked: readonly Asked[],
  byHand: readonly ByHand[],
): string[] {
  return Object.entries(commandAnswers).flatMap(([command, words]) => {
    const given = asked.filter(({ text }) => text === command);
    const isGiven = ({ eventId }: ByHand): boolean => given.some((one) => one.eventId === eventId);
    const dropped = byHand.filter((one) => one.what === "drop" && isGiven(one)).length;
    const again = byHand.filter((one) => one.what === "replay" && isGiven(one)).length;
    const answers = texts.filter((text) => words.some((word) => text.includes(word)));
    const unmarked = answers.filter((text) => !text.includes(mark)).length;
    return [
      ...(answers.length < given.length - dropped && !mayBeLeft(plan)
        ? [`${given.length - answers.length} of ${command} were not answered`]
        : []),
      ...(unmarked > given.length + again ? [`${command} was answered twice without a mark`] : []),
    ];
  });
}

/** Where one send carries several texts, the first of them carries the mark for all. */
function isMarked(place: number, texts: readonly string[], { style }: SimulationPlan): boolean {
  return texts.slice(style === "final" ? 0 : place, place + 1).some((text) => text.includes(mark));
}
