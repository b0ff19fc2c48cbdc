import type { BotApiServer } from "../../loopback/bot-api.ts";
import { cpuMs, machineCpuMs } from "../measure/process-facts.ts";
import type { LoopDelay } from "../processes/loop-delay.ts";
import type { Program } from "../processes/program.ts";
import { answerTo, openConversations, sayNext, tally, type Conversation, type Place, type Tally } from "./conversation.ts";
import { openDelivery, type Delivery } from "./deliver.ts";

/** An answer that stays away for so long is given up, and the chat goes on. */
const patienceMs = 8000;
const redeliverAfterMs = 50;
/** Whoever answers twice has done it by then. */
const lateMs = 300;

export interface LoadOptions {
  readonly chats: number;
  readonly place: Place;
  readonly warmMs: number;
  readonly measureMs: number;
  /** The measurement ends at the latest after so many answers. */
  readonly maxMessages: number;
}

/** What happened between the two moments of measurement, and the tally of the whole run. */
export interface LoadResult extends Tally {
  readonly elapsedMs: number;
  readonly answered: number;
  readonly cpuMs: number;
  /** Of the bot's own event loop. */
  readonly loopDelay: LoopDelay;
  /** From handing over a message to its answer at the Bot API. */
  readonly latenciesMs: readonly number[];
  /** Deliveries that were not answered with 2xx, and were repeated. */
  readonly redelivered: number;
  /** Calls of the Bot API, by method, of the whole run. */
  readonly calls: Readonly<Record<string, number>>;
  /** How much of one core the load generator and the Bot API used: near 1 they are the limit, not the contender. */
  readonly generatorLoad: number;
  /** How much of the cores everything else on this machine used. */
  readonly othersLoad: number;
}

/** Loads a bot with chats that each say their next thing when the last one was answered. */
export class ClosedLoop {
  readonly #api: BotApiServer;
  readonly #delivery: Delivery;
  readonly #conversations: readonly Conversation[];
  readonly #byId: ReadonlyMap<number, Conversation>;
  readonly #bot: Pick<Program, "pid" | "watchLoop">;
  #latenciesMs: number[] = [];
  #seenCalls = 0;
  #answered = 0;
  #updateId = 1;
  #redelivered = 0;
  #isOver = false;
  #onAnswer: () => void = () => undefined;

  readonly #options: LoadOptions;

  /** `bot` is the process that is measured. */
  constructor(
    api: BotApiServer,
    webhook: { readonly url: string; readonly secret: string },
    options: LoadOptions,
    bot: Pick<Program, "pid" | "watchLoop">,
  ) {
    this.#api = api;
    this.#options = options;
    this.#delivery = openDelivery(webhook.url, webhook.secret);
    this.#conversations = openConversations(api, options.chats, options.place);
    this.#byId = new Map(this.#conversations.map((conversation) => [conversation.id, conversation]));
    this.#bot = bot;
  }

  async run(): Promise<LoadResult> {
    const { warmMs, measureMs, maxMessages } = this.#options;
    // Never resolves: a way to be told whenever something happened at the server.
    void this.#api.until(() => this.#look());
    const givingUp = setInterval(() => this.#giveUp(), 250);
    try {
      for (const conversation of this.#conversations) this.#say(conversation);
      await pause(warmMs);
      const measured = await this.#measure(measureMs, maxMessages);
      this.#isOver = true;
      await this.#quiet();
      return { ...measured, ...tally(this.#api, this.#conversations), redelivered: this.#redelivered, calls: this.#countCalls() };
    } finally {
      this.#isOver = true;
      clearInterval(givingUp);
      this.#delivery.close();
    }
  }

  async #measure(measureMs: number, maxMessages: number): Promise<Omit<LoadResult, keyof Tally | "redelivered" | "calls">> {
    this.#latenciesMs = [];
    const before = {
      atMs: performance.now(),
      answered: this.#answered,
      cpuMs: cpuMs(this.#bot.pid),
      loopDelay: this.#bot.watchLoop(),
      machineMs: machineCpuMs(),
      own: process.cpuUsage(),
    };
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, measureMs);
      this.#onAnswer = () => {
        if (this.#answered - before.answered < maxMessages) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#onAnswer = () => undefined;
    const answered = this.#answered - before.answered;
    const elapsedMs = performance.now() - before.atMs;
    const latenciesMs = this.#latenciesMs.slice();
    const own = process.cpuUsage(before.own);
    const ownMs = (own.user + own.system) / 1000;
    const botMs = cpuMs(this.#bot.pid) - before.cpuMs;
    const othersMs = machineCpuMs() - before.machineMs - ownMs - botMs;
    return {
      elapsedMs,
      answered,
      cpuMs: botMs,
      loopDelay: await before.loopDelay(),
      latenciesMs,
      generatorLoad: ownMs / elapsedMs,
      othersLoad: Math.max(0, othersMs / elapsedMs),
    };
  }

  #say(conversation: Conversation): void {
    if (this.#isOver) return;
    // Never rejects: a broken connection is an answer of its own.
    void this.#deliver(sayNext(this.#api, conversation, this.#updateId++));
  }

  async #deliver(body: string): Promise<void> {
    for (
      let status = await this.#delivery.post(body);
      (status < 200 || status > 299) && !this.#isOver;
      status = await this.#delivery.post(body)
    ) {
      this.#redelivered += 1;
      await pause(redeliverAfterMs);
    }
  }

  /** Takes note of what the bot sent since the last look. */
  #look(): false {
    const { calls } = this.#api;
    for (; this.#seenCalls < calls.length; this.#seenCalls++) {
      const call = calls[this.#seenCalls];
      if (call?.method.toLowerCase() !== "sendmessage") continue;
      const conversation = this.#byId.get(Number(call.payload["chat_id"]));
      const waiting = conversation?.waiting;
      // Anything else is told by the tally.
      if (conversation === undefined || waiting === undefined || call.payload["text"] !== answerTo(waiting.text)) continue;
      conversation.waiting = undefined;
      this.#latenciesMs.push(performance.now() - waiting.sinceMs);
      this.#answered += 1;
      this.#onAnswer();
      this.#say(conversation);
    }
    return false;
  }

  #giveUp(): void {
    const sinceMs = performance.now() - patienceMs;
    for (const conversation of this.#conversations) {
      if (conversation.waiting === undefined || conversation.waiting.sinceMs > sinceMs) continue;
      conversation.waiting = undefined;
      this.#say(conversation);
    }
  }

  /** All have their answers or were given up, and nothing more came. */
  async #quiet(): Promise<void> {
    while (this.#conversations.some(({ waiting }) => waiting !== undefined)) await pause(20);
    await pause(lateMs);
  }

  #countCalls(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { method } of this.#api.calls) counts[method] = (counts[method] ?? 0) + 1;
    return counts;
  }
}

function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
