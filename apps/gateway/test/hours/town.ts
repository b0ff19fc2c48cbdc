import type { Logger } from "@hermes/core";
import { createGateway, type Gateway, type Store } from "@hermes/runtime";
import { createFakeClock, createScriptedPlatform, settle, type FakeClock, type ScriptedPlatform } from "@hermes/runtime/testing";
import { busyAgent } from "./busy-agent.ts";
import { chanceFrom, type Chance } from "./chance.ts";
import { Mischief } from "./mischief.ts";
import { People } from "./people.ts";
import { heapSizes, SignalWatch, storeSizes, type Sizes } from "./sizes.ts";

const minuteMs = 60_000;
const tickMs = 1000;
/** What is settled is forgotten after this time. */
const keepMs = 10 * minuteMs;
/** Longer than anything waits by itself: a chat that could not be reached is tried again after an hour. */
const quietMs = 70 * minuteMs;
/** One thing in so many ticks, on each platform. */
const ticksPerAct = 4;
/** More than anything in the gateway remembers. */
const crowd = 6000;
const newcomersPerTick = 20;

const platforms = [
  { id: "edit-one", style: "edit", burst: { windowMs: 600, splitWindowMs: 2000, splitLength: 500 } },
  { id: "edit-two", style: "edit", idempotentSend: true },
  { id: "final", style: "final", lookup: true },
  { id: "live", style: "live" },
  { id: "own", style: "own", idempotentSend: true },
] as const;

/** What an hour was made of. */
export interface HourFacts {
  readonly said: number;
  readonly refusals: number;
  /** Conversations that began. */
  readonly newcomers: number;
  /** Alarms that were set while there was traffic, on average. */
  readonly alarms: number;
  readonly troubles: Readonly<Record<string, number>>;
  /** What the gateway itself complained of. */
  readonly faults: readonly string[];
}

/** A gateway whose platforms fail in every way they can, and people who do all that people can do, in time that passes quickly. */
export class Town {
  readonly #clock: FakeClock = createFakeClock();
  readonly #chance: Chance;
  readonly #store: Store;
  readonly #signals = new SignalWatch();
  readonly #chats: readonly ScriptedPlatform[];
  readonly #mischief: readonly Mischief[];
  readonly #people: readonly People[];
  readonly #gateway: Gateway;
  readonly #faults = new Set<string>();

  constructor(store: Store, seed: number) {
    this.#store = store;
    this.#signals.begin();
    this.#chance = chanceFrom(seed);
    this.#chats = platforms.map((options) => createScriptedPlatform(options));
    this.#mischief = this.#chats.map((chat) => new Mischief(chat, this.#chance));
    this.#people = this.#chats.map((chat) => new People(chat, this.#chance, chat.platform.id === "own"));
    this.#gateway = createGateway({
      platforms: this.#mischief.map(({ platform }) => platform),
      agent: busyAgent(this.#clock),
      access: { allowAll: true },
      busy: { platforms: { "edit-two": "steer", live: "queue" } },
      retention: { keepBodiesMs: keepMs, keepHistoryMs: keepMs },
      hooks: [() => undefined],
      limits: { deliveryMaxMs: 30 * minuteMs },
      // In quarters: what comes of it are whole milliseconds.
      random: () => Math.floor(this.#chance.next() * 4) / 4,
      logger: this.#logger(),
      clock: this.#clock,
      store,
    });
  }

  async start(): Promise<void> {
    await this.#gateway.start();
    await settle();
    // What is remembered of so many conversations and no more is full from the beginning.
    for (let newcomer = 0; newcomer < crowd; newcomer += 1) {
      this.#chance.pick(this.#people).visit();
      if (newcomer % newcomersPerTick === 0) await this.#clock.advance(tickMs);
    }
  }

  /** So much traffic and trouble. */
  async live(minutes: number): Promise<HourFacts> {
    const before = this.#totals();
    const ticks = (minutes * minuteMs) / tickMs;
    let alarms = 0;
    for (let tick = 0; tick < ticks; tick += 1) {
      for (const mischief of this.#mischief) mischief.act();
      for (const people of this.#people) if (this.#chance.onceIn(ticksPerAct)) people.act();
      if (this.#chance.onceIn(900)) await this.#rest();
      await this.#clock.advance(tickMs);
      alarms += this.#clock.pending / ticks;
    }
    const after = this.#totals();
    return {
      said: after.said - before.said,
      refusals: after.refusals - before.refusals,
      newcomers: after.newcomers - before.newcomers,
      alarms,
      troubles: sums(this.#mischief.flatMap(({ counts }) => [...counts])),
      faults: [...this.#faults],
    };
  }

  /** Nothing goes wrong any more, and everybody falls silent. Resolves once nothing is left to be done. */
  async calm(): Promise<void> {
    for (const mischief of this.#mischief) mischief.end();
    for (const { platform } of this.#chats) await this.#gateway.resume(platform.id);
    await this.#clock.advance(5 * minuteMs);
    for (const text of ["/stop", "short at last"]) {
      for (const people of this.#people) people.settleDown(text);
      await this.#clock.advance(2 * minuteMs);
    }
    await this.#clock.advance(quietMs);
    const idle = this.#gateway.idle().then(() => true);
    if (!(await Promise.race([idle, settle().then(() => false)])))
      throw new Error(`It does not become idle: ${JSON.stringify(this.#gateway.status())}`);
    // On a busy machine the file may settle the last of it when these minutes are all but over: it is kept its time from then.
    await this.#clock.advance(keepMs + 2 * minuteMs);
    for (const chat of this.#chats) chat.forget();
  }

  /** What there is while nothing goes on. */
  async sizes(): Promise<Sizes> {
    const rows = await storeSizes(
      this.#store,
      platforms.map(({ id }) => id),
    );
    const heap = await heapSizes();
    return {
      ...rows,
      alarms: this.#clock.pending,
      lanes: this.#gateway.status().busyLanes,
      abortListeners: this.#signals.listeners,
      processListeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
      resources: process.getActiveResourcesInfo().length,
      ...heap,
    };
  }

  async stop(): Promise<void> {
    const stopped = this.#gateway.stop();
    await this.#clock.advance(minuteMs);
    await stopped;
  }

  /** Somebody has a platform rest for a while. */
  async #rest(): Promise<void> {
    const { platform } = this.#chance.pick(this.#chats);
    await this.#gateway.pause(platform.id);
    await this.#clock.advance(30_000);
    await this.#gateway.resume(platform.id);
  }

  #totals() {
    return {
      said: this.#people.reduce((sum, { count }) => sum + count, 0),
      refusals: this.#people.reduce((sum, { refusals }) => sum + refusals, 0),
      newcomers: this.#people.reduce((sum, { newcomers }) => sum + newcomers, 0),
    };
  }

  /** What goes wrong with platforms and agents is meant to; what goes wrong with the gateway is not. */
  #logger(): Logger {
    const note = (message: string): void => {
      if (/by a fault|could not be worked off|could not be taken up|was not noted/u.test(message)) this.#faults.add(message);
    };
    return { debug: () => undefined, info: () => undefined, warn: note, error: note };
  }
}

function sums(counts: readonly (readonly [string, number])[]): Readonly<Record<string, number>> {
  const total: Record<string, number> = {};
  for (const [what, count] of counts) total[what] = (total[what] ?? 0) + count;
  return total;
}
