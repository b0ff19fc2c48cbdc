import {
  isPlatformError,
  pause,
  PlatformError,
  toPlatformError,
  type Acceptance,
  type Clock,
  type Cursor,
  type Ended,
  type PlatformEvent,
  type PlatformHost,
} from "@hermes/core";
import type { Api } from "./api.ts";
import { refusalCode } from "./api/failure.ts";
import type { KnownEvents } from "./decode/known-events.ts";
import type { Rooms } from "./rooms.ts";
import { Chores } from "./transport/chores.ts";
import { Invites, type InviteOptions } from "./transport/invites.ts";
import { readNews, startReading, type Reading } from "./transport/news.ts";
import { markRead } from "./transport/receipts.ts";
import { readSync, type RoomNews, type SyncAnswer } from "./transport/sync-answer.ts";

export interface Listening {
  readonly platform: string;
  readonly botId: string;
  readonly botName: () => string | undefined;
  readonly api: Api;
  readonly host: PlatformHost;
  readonly clock: Clock;
  readonly rooms: Rooms;
  readonly known: KnownEvents;
  readonly commands: () => ReadonlySet<string>;
  readonly invites: InviteOptions["policy"];
  readonly receipts: boolean;
}

/** How long the homeserver holds an answer back that has nothing to tell. */
const heldMs = 30_000;
/** Each answer is told of; one that stays away fails within this time. */
export const reportsEveryMs = 120_000;
/** What passes by itself is tried again so often before the supervisor hears of it. */
const patience = 5;
const firstPauseMs = 1000;
const longestRateLimitMs = 60_000;
const firstStorePauseMs = 250;
const maxStorePauseMs = 30_000;
/** How many events of a room come by themselves; fewer after a failure, in case the answer was too large. */
const limits = [50, 10, 1] as const;
/** So many events are stored in one commit, that memory stays bounded whatever happened meanwhile. */
const batchSize = 100;
/** So many answers in a row that came at once with nothing in them are a fault of the homeserver, which is not asked as fast as it goes. */
const maxIdleAnswers = 20;
const atOnceMs = 500;

/**
 * Asks for what is new until `signal` is aborted or the homeserver refuses. The token of the next answer moves in the commit that stores
 * the events before it. What passes by itself is tried again after 1, 2, 4, 8 and 16 seconds, a rate limit after the time that is named;
 * everything else ends the loop as `lost`. Never rejects; nothing runs any more when it comes back.
 */
export async function listen(listening: Listening, signal: AbortSignal): Promise<Ended> {
  const { host, rooms, platform } = listening;
  const chores = {
    errands: new Chores(host.logger, 600),
    joins: new Chores(host.logger, 100),
    receipts: new Chores(host.logger, 100),
  };
  rooms.isListening = true;
  try {
    return await new Loop(listening, chores).run(signal);
  } catch (error) {
    if (signal.aborted) return { reason: "requested" };
    return { reason: "lost", error: error instanceof Error ? error : toPlatformError(error, platform) };
  } finally {
    rooms.isListening = false;
    await Promise.all(Object.values(chores).map((each) => each.end()));
  }
}

class Loop {
  readonly #listening: Listening;
  readonly #chores: Readonly<Record<"errands" | "joins" | "receipts", Chores>>;
  readonly #invites: Invites;
  #failures = 0;
  #idleAnswers = 0;
  #signal: AbortSignal = new AbortController().signal;

  constructor(listening: Listening, chores: Readonly<Record<"errands" | "joins" | "receipts", Chores>>) {
    const { platform, botId, api, host, clock, rooms } = listening;
    this.#listening = listening;
    this.#chores = chores;
    const { errands, joins } = chores;
    this.#invites = new Invites({
      platform,
      botId,
      policy: listening.invites,
      api,
      host,
      clock,
      rooms,
      joins,
      chores: errands,
      offer: (events) => this.#offer(events),
      untilStored: (write) => this.#untilStored(write),
    });
  }

  async run(signal: AbortSignal): Promise<Ended> {
    const { api, host, clock, rooms } = this.#listening;
    this.#signal = signal;
    let since = await this.#storedToken();
    let isUp = false;
    await this.#invites.resume();
    while (!signal.aborted) {
      try {
        if (!isUp) rooms.setDirect(await api.directRooms(signal));
        const limit = since === undefined ? 1 : (limits[Math.min(this.#failures, limits.length - 1)] ?? 1);
        // The first answer comes at once, so that it is known whether it works.
        const askedAtMs = clock.now();
        const answer = readSync(await api.sync({ since, timeoutMs: isUp ? heldMs : 0, limit }, signal));
        if (answer === undefined) throw this.#fault("the answer does not say where the next one begins");
        await this.#take(answer, since);
        const isIdle = isUp && (isEmpty(answer) || answer.nextBatch === since) && clock.now() - askedAtMs < atOnceMs;
        this.#idleAnswers = isIdle ? this.#idleAnswers + 1 : 0;
        since = answer.nextBatch;
      } catch (error) {
        if (!signal.aborted && since !== undefined && isRefusedToken(error)) {
          host.logger.error("The homeserver no longer knows where it was left off; what was said meanwhile is not heard");
          since = undefined;
          continue;
        }
        const pauseMs = signal.aborted ? undefined : retryAfterMs(error, ++this.#failures);
        if (pauseMs === undefined) throw error;
        isUp = false;
        host.report("resuming", error instanceof Error ? error.message : undefined);
        await pause(pauseMs, clock, signal);
        continue;
      }
      this.#failures = 0;
      isUp = true;
      host.report("up");
      if (this.#idleAnswers >= maxIdleAnswers) await pause(firstPauseMs, clock, signal);
    }
    return { reason: "requested" };
  }

  /** The token belongs to one account: another under the same instance name starts anew. */
  get #cursorKey(): string {
    return `since:${this.#listening.botId}`;
  }

  async #storedToken(): Promise<string | undefined> {
    const stored = await this.#listening.host.memory.get(this.#cursorKey);
    return typeof stored === "string" && stored !== "" ? stored : undefined;
  }

  async #take(answer: SyncAnswer, since: string | undefined): Promise<void> {
    const { rooms } = this.#listening;
    if (answer.direct !== undefined) rooms.setDirect(answer.direct);
    await this.#invites.handle(answer.invites, since);
    const waiting: PlatformEvent[] = [];
    // Without a token, everything that is told is from before: nobody is answered who did not expect it.
    if (since !== undefined) {
      const reading = startReading(since, this.#failures);
      for (const news of answer.joined) {
        waiting.push(...(await this.#eventsIn(news, reading)));
        while (waiting.length >= batchSize) await this.#offer(waiting.splice(0, batchSize));
      }
      for (const news of answer.left) {
        waiting.push(...(await this.#eventsIn({ ...news, gapBefore: undefined }, reading)));
        rooms.forget(news.roomId);
      }
      await this.#invites.follow(reading.upgrades);
    }
    if (waiting.length === 0 && answer.nextBatch === since) return;
    await this.#offer(waiting, { key: this.#cursorKey, value: answer.nextBatch });
  }

  #eventsIn(news: RoomNews, reading: Reading): Promise<readonly PlatformEvent[]> {
    return readNews(news, reading, { ...this.#listening, errands: this.#chores.errands }, this.#signal);
  }

  /** Stores a batch, however long that takes. */
  async #offer(events: readonly PlatformEvent[], cursor?: Cursor): Promise<readonly Acceptance[]> {
    const { host, api, receipts } = this.#listening;
    const answers = await this.#untilStored(() => host.accept(events, cursor));
    const stored = events.filter((_, index) => answers[index] === "stored");
    if (receipts) markRead(stored, api, this.#chores.receipts);
    return answers;
  }

  /** Tries again until the store takes it; rejects once listening is to end. */
  async #untilStored<Result>(write: () => Promise<Result>): Promise<Result> {
    const { host, clock } = this.#listening;
    for (let pauseMs = firstStorePauseMs; ; pauseMs = Math.min(pauseMs * 2, maxStorePauseMs)) {
      try {
        const result = await write();
        if (pauseMs > firstStorePauseMs) host.report("up");
        return result;
      } catch (error) {
        host.report("degraded", `Events cannot be stored: ${error instanceof Error ? error.name : "unknown error"}`);
        if (this.#signal.aborted) throw error;
        await pause(pauseMs, clock, this.#signal);
        if (this.#signal.aborted) throw error;
      }
    }
  }

  #fault(why: string): PlatformError {
    const { platform } = this.#listening;
    return new PlatformError({ platform, failure: { kind: "unavailable" }, message: `Cannot ask for what is new: ${why}` });
  }
}

function isEmpty({ joined, left, invites, direct }: SyncAnswer): boolean {
  return joined.length === 0 && left.length === 0 && invites.length === 0 && direct === undefined;
}

/**
 * A homeserver whose database was put back to an earlier day does not know the tokens it gave since. It says so itself, in a code of its
 * own: a proxy's page in place of an answer is no reason to forget where the bot was.
 */
function isRefusedToken(error: unknown): boolean {
  const code = refusalCode(error);
  return isPlatformError(error) && error.failure.kind === "invalid" && code.startsWith("M_") && code !== "M_UNRECOGNIZED";
}

/** How long to wait before asking again; undefined when that is not this loop's decision. */
function retryAfterMs(error: unknown, failures: number): number | undefined {
  if (!isPlatformError(error)) return undefined;
  const byItselfMs = failures <= patience ? firstPauseMs * 2 ** (failures - 1) : undefined;
  if (error.failure.kind === "rate-limited") {
    const waitMs = error.failure.retryAfterMs ?? byItselfMs;
    return waitMs !== undefined && waitMs <= longestRateLimitMs ? waitMs : undefined;
  }
  return error.failure.kind === "unavailable" ? byItselfMs : undefined;
}
