import { BotApiError } from "./bot-api-error.ts";

interface Window {
  readonly calls: number;
  readonly perMs: number;
}

/** "avoid sending more than one message per second" to one chat, "more than 20 messages per minute" to a group, and "about 30 messages per second" in all (Bots FAQ). */
const perPerson: Window = { calls: 1, perMs: 1000 };
const perGroup: Window = { calls: 20, perMs: 60_000 };
const overall: Window = { calls: 30, perMs: 1000 };

/** How many calls that show something Telegram takes. Off until a test turns it on. */
export class Rates {
  isOn = false;
  readonly #calls: { readonly chatId: number; readonly atMs: number }[] = [];

  /** @throws BotApiError 429 for a call too many; such a call is not counted. */
  take(chatId: number, nowMs: number): void {
    if (!this.isOn) return;
    const toChat = this.#calls.filter((call) => call.chatId === chatId).map(({ atMs }) => atMs);
    const all = this.#calls.map(({ atMs }) => atMs);
    const waitMs = Math.max(waitFor(toChat, chatId > 0 ? perPerson : perGroup, nowMs), waitFor(all, overall, nowMs));
    if (waitMs <= 0) return void this.#calls.push({ chatId, atMs: nowMs });
    const retryAfter = Math.ceil(waitMs / 1000);
    throw new BotApiError(429, `Too Many Requests: retry after ${retryAfter}`, { retry_after: retryAfter });
  }
}

/** How long until one more fits, in milliseconds. */
function waitFor(atMs: readonly number[], { calls, perMs }: Window, nowMs: number): number {
  const within = atMs.filter((at) => at > nowMs - perMs);
  const first = within[within.length - calls];
  return first === undefined ? 0 : first + perMs - nowMs;
}
