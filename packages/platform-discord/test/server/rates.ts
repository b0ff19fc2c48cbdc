import { refuse } from "@hermes/testkit/server";

const perMs = 5000;
const limit = 5;

/** Five messages in five seconds to one channel, as Discord tells of it in its headers. */
export class Rates {
  isOn = false;
  readonly #nowMs: () => number;
  readonly #used = new Map<string, { count: number; endsMs: number }>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The headers of an answer. @throws the refusal of one call too many. */
  take(channelId: string): Readonly<Record<string, string>> {
    if (!this.isOn) return {};
    const nowMs = this.#nowMs();
    const known = this.#used.get(channelId);
    const bucket = known === undefined || known.endsMs <= nowMs ? { count: 0, endsMs: nowMs + perMs } : known;
    this.#used.set(channelId, bucket);
    bucket.count += 1;
    const seconds = (bucket.endsMs - nowMs) / 1000;
    const headers = {
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(Math.max(0, limit - bucket.count)),
      "x-ratelimit-reset": String(bucket.endsMs / 1000),
      "x-ratelimit-reset-after": String(seconds),
      "x-ratelimit-bucket": "80c17d2f203122d936070c88c8d10f33",
    };
    if (bucket.count <= limit) return headers;
    const body = { message: "You are being rate limited.", retry_after: seconds, global: false };
    throw refuse(429, body, { ...headers, "x-ratelimit-scope": "user", "retry-after": String(Math.ceil(seconds)) });
  }
}
