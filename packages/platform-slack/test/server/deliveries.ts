import { createHmac } from "node:crypto";
import type { ServerSocket } from "@hermes/testkit/server";

/** What Slack has to tell, and how often it tried. */
interface Delivery {
  readonly id: string;
  readonly kind: "events_api" | "interactive" | "slash_commands";
  readonly payload: Readonly<Record<string, unknown>>;
  attempts: number;
  isUnderWay: boolean;
}

/** Where events go by HTTP. */
export interface HttpTarget {
  readonly url: string;
  readonly signingSecret: string;
}

/** A delivery that nobody took is given up after three more tries. */
const maxAttempts = 4;

/** Events on their way to the app. When a try that failed comes again is for whoever holds the clock to say: `retry`. */
export class Deliveries {
  target: HttpTarget | undefined;
  readonly sockets: ServerSocket[] = [];
  /** Statuses of the answers to requests, oldest first. */
  readonly answers: number[] = [];
  readonly acknowledged: string[] = [];
  readonly #waiting: Delivery[] = [];
  readonly #nowMs: () => number;
  readonly #changed: () => void;
  #count = 0;
  #turn = 0;
  #http: Promise<void> = Promise.resolve();

  constructor(nowMs: () => number, changed: () => void) {
    this.#nowMs = nowMs;
    this.#changed = changed;
  }

  /** How much was not acknowledged. */
  get waiting(): number {
    return this.#waiting.length;
  }

  push(kind: Delivery["kind"], payload: Delivery["payload"]): void {
    this.#count += 1;
    const delivery = { id: `env-${this.#count}`, kind, payload, attempts: 0, isUnderWay: false };
    this.#waiting.push(delivery);
    this.#try(delivery);
  }

  /** A frame as it is, of whatever kind. */
  write(frame: unknown): void {
    this.sockets.at(-1)?.send(frame);
  }

  /** Everything that was not acknowledged comes again. */
  retry(): void {
    for (const delivery of this.#waiting) this.#try(delivery);
  }

  opened(socket: ServerSocket): void {
    this.sockets.push(socket);
    this.#changed();
    this.retry();
  }

  closed(socket: ServerSocket): void {
    const at = this.sockets.indexOf(socket);
    if (at !== -1) this.sockets.splice(at, 1);
    this.#changed();
    // What that socket had not acknowledged goes to another one.
    if (this.sockets.length > 0) this.retry();
  }

  acknowledge(id: unknown): void {
    const at = this.#waiting.findIndex((delivery) => delivery.id === id);
    if (at === -1) return;
    this.#waiting.splice(at, 1);
    this.acknowledged.push(String(id));
    this.#changed();
  }

  #try(delivery: Delivery): void {
    if (this.target !== undefined) {
      const target = this.target;
      if (delivery.isUnderWay) return;
      delivery.isUnderWay = true;
      // In order, as far as one try goes.
      this.#http = this.#http.then(() => this.#post(delivery, target));
      return;
    }
    const socket = this.sockets[this.#turn++ % Math.max(1, this.sockets.length)];
    if (socket === undefined) return;
    const { id, kind, payload, attempts } = delivery;
    delivery.attempts += 1;
    const retry = attempts === 0 ? {} : { retry_attempt: attempts, retry_reason: "timeout" };
    socket.send({ envelope_id: id, type: kind, payload, accepts_response_payload: kind !== "events_api", ...retry });
  }

  async #post(delivery: Delivery, { url, signingSecret }: HttpTarget): Promise<void> {
    const { payload, kind, attempts } = delivery;
    delivery.attempts += 1;
    const form = kind === "slash_commands" ? payload : { payload: JSON.stringify(payload) };
    const body = kind === "events_api" ? JSON.stringify(payload) : String(new URLSearchParams(form as Record<string, string>));
    const type = kind === "events_api" ? "application/json" : "application/x-www-form-urlencoded";
    const retry = attempts === 0 ? {} : { "x-slack-retry-num": String(attempts), "x-slack-retry-reason": "http_error" };
    const headers = { "content-type": type, ...signed(body, signingSecret, this.#nowMs()), ...retry };
    const status = await fetch(url, { method: "POST", headers, body }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => 0,
    );
    delivery.isUnderWay = false;
    this.answers.push(status);
    if (status === 200 || delivery.attempts >= maxAttempts) this.acknowledge(delivery.id);
    // The first new try comes nearly at once.
    else if (delivery.attempts === 1) this.#try(delivery);
    this.#changed();
  }
}

/** The headers that Slack signs a body with. */
export function signed(body: string, secret: string, nowMs: number): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(nowMs / 1000));
  const value = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
  return { "x-slack-request-timestamp": timestamp, "x-slack-signature": `v0=${value}` };
}
