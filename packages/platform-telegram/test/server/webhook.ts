import type { Update } from "grammy/types";
import { badRequest } from "./bot-api-error.ts";
import type { UpdateQueue } from "./update-queue.ts";

/** One try to deliver an update. */
export interface Delivery {
  readonly update: Update;
  /** The answer's status; 0 when the connection failed. */
  readonly status: number;
}

/** How often a refused delivery is tried again, in milliseconds: far quicker than Telegram, so that tests do not wait. */
const retryAfterMs = [5, 10, 20, 40, 80, 160];

/** Pushes updates to the bot's address, one after the other, each until it is answered with 2xx. */
export class Webhook {
  url = "";
  secret: string | undefined;
  lastError: string | undefined;
  readonly deliveries: Delivery[] = [];
  readonly #queue: UpdateQueue;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;

  constructor(queue: UpdateQueue) {
    this.#queue = queue;
  }

  /** @throws BotApiError for a secret or an address that Telegram would not take. */
  set(url: string, secret: string | undefined): void {
    const address = URL.parse(url);
    const loopback = address?.protocol === "http:" && address.hostname === "127.0.0.1";
    if (url !== "" && address?.protocol !== "https:" && !loopback) {
      throw badRequest("bad webhook: An HTTPS URL must be provided for webhook");
    }
    if (secret !== undefined && secret.length > 256) throw badRequest("secret token is too long");
    if (secret !== undefined && !/^[A-Za-z0-9_-]*$/u.test(secret)) throw badRequest("secret token contains unallowed characters");
    this.url = url;
    this.secret = secret === "" ? undefined : secret;
    if (url !== "") this.#queue.interrupt("terminated by setWebhook request");
    this.wake();
  }

  /** Starts delivering what is pending, unless that is going on. */
  wake(): void {
    if (this.url === "" || this.#closing.signal.aborted) return;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#queue.pending.length > 0) this.wake();
    });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let failures = 0; this.url !== "" && !this.#closing.signal.aborted;) {
      const update = this.#queue.pending[0];
      if (update === undefined) return;
      const status = await this.#post(update);
      this.deliveries.push({ update, status });
      if (status >= 200 && status < 300) {
        failures = 0;
        this.#queue.remove(update);
      } else {
        this.lastError = status === 0 ? "Connection failed" : `Wrong response from the webhook: ${status}`;
        this.#queue.onChange();
        await pause(retryAfterMs[Math.min(failures++, retryAfterMs.length - 1)] ?? 0, this.#closing.signal);
      }
    }
  }

  async #post(update: Update): Promise<number> {
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(this.secret === undefined ? {} : { "x-telegram-bot-api-secret-token": this.secret }),
        },
        body: JSON.stringify(update),
        signal: this.#closing.signal,
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      // To Telegram every broken connection is the same: it tries again.
      return 0;
    }
  }
}

function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, durationMs);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
