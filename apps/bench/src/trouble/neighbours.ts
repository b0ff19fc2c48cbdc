import { Bot, type Chat } from "./bot.ts";

const chatsEach = 20;
const messageEveryMs = 500;
const breakEveryMs = 1000;
/** More than can be called in the time. */
const always = 20_000;

/** Bots beside those that are measured, each with people of its own. In trouble, one is limited, one hangs and one flaps. */
export class Neighbours implements AsyncDisposable {
  readonly limited: Bot;
  readonly hanging: Bot;
  readonly flapping: Bot;
  readonly #timers: NodeJS.Timeout[] = [];
  #said = 0;

  private constructor([limited, hanging, flapping]: readonly [Bot, Bot, Bot]) {
    this.limited = limited;
    this.hanging = hanging;
    this.flapping = flapping;
  }

  static async start(firstNumber: number): Promise<Neighbours> {
    return new Neighbours([
      await Bot.start("limited", firstNumber, "webhook"),
      await Bot.start("hanging", firstNumber + 1, "webhook"),
      await Bot.start("flapping", firstNumber + 2, "polling"),
    ]);
  }

  get bots(): readonly Bot[] {
    return [this.limited, this.hanging, this.flapping];
  }

  /** To be called before the gateway starts: from then on this one does not get connected. */
  hang(): void {
    this.hanging.api.fail("getMe", { type: "hang", acted: false }, always);
  }

  /** To be called once the others are connected. */
  begin(inTrouble: boolean): void {
    for (const bot of this.bots) this.#talk(bot);
    if (!inTrouble) return;
    for (const method of ["sendMessage", "editMessageText", "sendChatAction", "getMe"])
      this.limited.api.fail(method, { type: "rate-limit", retryAfter: 1 }, always);
    this.#timers.push(setInterval(() => this.#break(), breakEveryMs));
  }

  /** What became of them. */
  get facts() {
    const refused = new Set(["sendMessage", "editMessageText", "sendChatAction"]);
    return {
      said: this.#said,
      limitedCalls: this.limited.api.calls.filter(({ method }) => refused.has(method)).length,
      hangingConnects: this.hanging.api.callsOf("getMe").length,
      flappingConnects: this.flapping.api.callsOf("getMe").length,
    };
  }

  /** The next poll ends the connection, and the next message is shown without anybody hearing of it. */
  #break(): void {
    const { api } = this.flapping;
    api.faults.clear();
    api.fail("getUpdates", { type: "error", code: 400, description: "Bad Request: the connection is over" });
    api.fail("sendMessage", { type: "drop", when: "after" });
  }

  #talk(bot: Bot): void {
    const chats = Array.from({ length: chatsEach }, (_, index): Chat => bot.openChat(index));
    let next = 0;
    const say = (): void => {
      const chat = chats[next % chatsEach];
      next += 1;
      this.#said += 1;
      if (chat !== undefined) bot.say(chat, `neighbour's question ${next}`);
    };
    this.#timers.push(setInterval(say, messageEveryMs));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    for (const bot of this.bots) await bot[Symbol.asyncDispose]();
  }
}
