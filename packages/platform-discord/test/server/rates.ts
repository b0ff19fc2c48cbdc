import { refuse } from "@hermes/testkit/server";

interface Limit {
  readonly calls: number;
  readonly perMs: number;
  /** Discord's name of the bucket. */
  readonly bucket: string;
}

const limits = {
  /** Five messages and edits in five seconds to one channel. */
  messages: { calls: 5, perMs: 5000, bucket: "80c17d2f203122d936070c88c8d10f33" },
  /** One reaction in a quarter of a second in one channel, put there or taken away. */
  reactions: { calls: 1, perMs: 250, bucket: "4a7c2e1f9b5d8360a1c4e7f2d5b80936" },
} as const satisfies Readonly<Record<string, Limit>>;

/** How often may be called in one channel, as Discord tells of it in its headers. */
export class Rates {
  isOn = false;
  /** Of which kinds the calls were that were one too many. */
  readonly refused: string[] = [];
  readonly #nowMs: () => number;
  readonly #used = new Map<string, { count: number; endsMs: number }>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The headers of an answer. @throws the refusal of one call too many. */
  take(kind: keyof typeof limits, channelId: string): Readonly<Record<string, string>> {
    if (!this.isOn) return {};
    const { calls, perMs, bucket: name } = limits[kind];
    const nowMs = this.#nowMs();
    const key = `${kind} ${channelId}`;
    const known = this.#used.get(key);
    const bucket = known === undefined || known.endsMs <= nowMs ? { count: 0, endsMs: nowMs + perMs } : known;
    this.#used.set(key, bucket);
    bucket.count += 1;
    const seconds = (bucket.endsMs - nowMs) / 1000;
    const headers = {
      "x-ratelimit-limit": String(calls),
      "x-ratelimit-remaining": String(Math.max(0, calls - bucket.count)),
      "x-ratelimit-reset": String(bucket.endsMs / 1000),
      "x-ratelimit-reset-after": String(seconds),
      "x-ratelimit-bucket": name,
    };
    if (bucket.count <= calls) return headers;
    this.refused.push(kind);
    const body = { message: "You are being rate limited.", retry_after: seconds, global: false };
    throw refuse(429, body, { ...headers, "x-ratelimit-scope": "user", "retry-after": String(Math.ceil(seconds)) });
  }
}
