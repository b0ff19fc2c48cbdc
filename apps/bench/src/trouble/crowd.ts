import type { Bot, Chat } from "./bot.ts";
import { answerMs, quick, wholeAnswer } from "./model.ts";

const pauseMs = 200;
/** From one question of a chat to its next, nearly: an answer's last edit waits for its turn. */
export const cycleMs = answerMs + 700;
const betweenQuestionsMs = 50;
const probes = 4;
/** Telegram trims what it is sent. */
const shownAnswer = (question: string): string => wholeAnswer(question).trim();

/** What was measured of a crowd, in milliseconds. */
export interface CrowdFigures {
  readonly firstShownMs: readonly number[];
  readonly completeMs: readonly number[];
  readonly probeMs: readonly number[];
}

interface Asked {
  readonly question: string;
  readonly atMs: number;
  isShown: boolean;
}

interface Finished {
  readonly bot: Bot;
  readonly chatId: number;
  readonly question: string;
}

/** Chats on healthy bots: most have long answers streamed to them, one after the other, and a few ask short questions all the time. */
export class Crowd {
  readonly #bots: readonly Bot[];
  readonly #asked = new Map<string, Asked>();
  readonly #finished: Finished[] = [];
  #figures = { firstShownMs: [] as number[], completeMs: [] as number[], probeMs: [] as number[] };
  #isOver = false;

  constructor(bots: readonly Bot[]) {
    this.#bots = bots;
    for (const bot of bots) bot.onShown((chatId, text) => this.#hear(bot, chatId, text));
  }

  /** Lets them all begin, one after the other, so that they are everywhere in their answers at once. */
  begin(streams: number): void {
    for (let index = 0; index < streams + probes; index += 1) {
      const bot = this.#bots[index % this.#bots.length];
      if (bot === undefined) throw new Error("There is no bot to talk to");
      const chat = bot.openChat(index);
      const isProbe = index >= streams;
      setTimeout(() => this.#ask(bot, chat, isProbe, 1), (cycleMs / streams) * (index % streams));
    }
  }

  /** What was measured since the last time. */
  take(): CrowdFigures {
    const figures = this.#figures;
    this.#figures = { firstShownMs: [], completeMs: [], probeMs: [] };
    return figures;
  }

  /** Nobody asks anything more; resolves when all are answered, or are not within `maxMs`. */
  async end(maxMs: number): Promise<void> {
    this.#isOver = true;
    for (const untilMs = performance.now() + maxMs; this.#asked.size > 0 && performance.now() < untilMs;) await pause(50);
  }

  /** How many answers stand there whole and once, and how many were asked for and do not. */
  get tally(): { readonly whole: number; readonly broken: number } {
    const isWhole = ({ bot, chatId, question }: Finished): boolean =>
      bot.api.texts(chatId, "bot").filter((text) => text === shownAnswer(question)).length === 1;
    const whole = this.#finished.filter(isWhole).length;
    return { whole, broken: this.#finished.length - whole + this.#asked.size };
  }

  #ask(bot: Bot, chat: Chat, isProbe: boolean, number: number): void {
    if (this.#isOver) return;
    const question = `${isProbe ? `${quick} ` : ""}question ${number} of chat ${chat.chat.id}`;
    this.#asked.set(keyOf(bot, chat.chat.id), { question, atMs: performance.now(), isShown: false });
    bot.say(chat, question);
  }

  #hear(bot: Bot, chatId: number, text: string): void {
    const asked = this.#asked.get(keyOf(bot, chatId));
    if (asked === undefined) return;
    const { question, atMs, isShown } = asked;
    const tookMs = performance.now() - atMs;
    const isProbe = question.startsWith(quick);
    if (!isShown && !isProbe) this.#figures.firstShownMs.push(tookMs);
    asked.isShown = true;
    if (!text.endsWith(isProbe ? `echo: ${question}` : question)) return;
    (isProbe ? this.#figures.probeMs : this.#figures.completeMs).push(tookMs);
    this.#asked.delete(keyOf(bot, chatId));
    if (!isProbe) this.#finished.push({ bot, chatId, question });
    const number = Number(/question (\d+)/u.exec(question)?.[1]) + 1;
    const chat = bot.api.world.ensure(chatId);
    setTimeout(() => this.#ask(bot, chat, isProbe, number), isProbe ? betweenQuestionsMs : pauseMs);
  }
}

function keyOf(bot: Bot, chatId: number): string {
  return `${bot.setUp.id} ${chatId}`;
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
