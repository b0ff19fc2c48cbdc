import { platformOfSession, type Clock, type SessionKey, type StopReason } from "@hermes/core";

/** What the lanes call to get work done. Neither may reject. */
export interface LaneWork {
  /**
   * Takes the lane's next turn and works it off; comes back when its answer is shown. `release` gives the turn's place to other
   * lanes before that, once the agent is done.
   */
  turn(key: SessionKey, signal: AbortSignal, release: () => void): Promise<void>;
  command(key: SessionKey): Promise<void>;
}

/** No platform is called so. */
const ofNoPlatform = "";

interface Lane {
  readonly key: SessionKey;
  turnsWaiting: number;
  /** While it is set its next turn may get more to work with. */
  cancelHold: (() => void) | undefined;
  commandsWaiting: number;
  isQueued: boolean;
  isCommanding: boolean;
  running: { readonly controller: AbortController; readonly ended: Promise<void>; readonly isAtWork: () => boolean } | undefined;
}

/**
 * One serial lane per session, served in turn: after one turn a lane goes behind the others. Commands pass a running turn, one at
 * a time, and no turn begins before those that wait are answered. What waits is in the store; here are only counts, and only of
 * lanes that have work.
 */
export class Lanes {
  readonly #work: LaneWork;
  readonly #maxTurns: number;
  readonly #clock: Clock;
  readonly #lanes = new Map<SessionKey, Lane>();
  readonly #busy = new Map<string, number>();
  readonly #ready: Lane[] = [];
  #places = 0;
  #isOpen = false;
  #isDraining = false;
  #isClosed = false;
  #whenIdle: (() => void)[] = [];

  constructor(work: LaneWork, maxTurns: number, clock: Clock) {
    this.#work = work;
    this.#clock = clock;
    this.#maxTurns = maxTurns;
  }

  get busyCount(): number {
    return this.#lanes.size;
  }

  /** How many lanes of a platform have work. */
  busyOf(platform: string): number {
    return this.#busy.get(platform) ?? 0;
  }

  /** How many lanes beside all platforms' conversations have work. */
  get backgroundCount(): number {
    return this.busyOf(ofNoPlatform);
  }

  get runningCount(): number {
    return this.#places;
  }

  /** Until it is opened, work only gathers. */
  open(): void {
    this.#isOpen = true;
    this.#pump();
    for (const lane of this.#lanes.values()) this.#startCommands(lane);
  }

  /** Starts nothing any more and interrupts what runs; resolves when nothing runs. */
  async close(reason: StopReason): Promise<void> {
    this.#isOpen = false;
    this.#isClosed = true;
    this.#ready.length = 0;
    this.#tellIdle();
    for (const lane of this.#lanes.values()) lane.cancelHold?.();
    const running = [...this.#lanes.values()].flatMap((lane) => (lane.running === undefined ? [] : [lane.running]));
    for (const turn of running) turn.controller.abort(reason);
    await Promise.all(running.map((turn) => turn.ended));
  }

  /** No new turns; commands are still answered, and what runs goes on. */
  drain(): void {
    this.#isDraining = true;
    this.#ready.length = 0;
  }

  /** Lanes whose turn is not over, and whether its agent works. */
  running(): readonly { readonly key: SessionKey; readonly isAtWork: boolean }[] {
    return [...this.#lanes.values()].flatMap(({ key, running }) =>
      running === undefined ? [] : [{ key, isAtWork: running.isAtWork() }],
    );
  }

  /** `holdUntilMs`: the lane's next turn begins no earlier, since more that belongs to it may come. */
  addTurns(key: SessionKey, count: number, holdUntilMs?: number): void {
    const lane = this.#lane(key);
    lane.turnsWaiting += count;
    if (holdUntilMs !== undefined) this.#hold(lane, holdUntilMs);
    this.#offer(lane);
  }

  addCommands(key: SessionKey, count: number): void {
    const lane = this.#lane(key);
    lane.commandsWaiting += count;
    this.#startCommands(lane);
  }

  waiting(key: SessionKey): number {
    return this.#lanes.get(key)?.turnsWaiting ?? 0;
  }

  /** The lane has nothing to do: what is added now begins at once, as far as there is a place. */
  isResting(key: SessionKey): boolean {
    return !this.#lanes.has(key);
  }

  isRunning(key: SessionKey): boolean {
    return this.#lanes.get(key)?.running !== undefined;
  }

  /** Some of the waiting turns are gone from the store. */
  forget(key: SessionKey, count: number): void {
    const lane = this.#lanes.get(key);
    if (lane === undefined) return;
    lane.turnsWaiting = Math.max(0, lane.turnsWaiting - count);
    this.#retire(lane);
  }

  /** Ends the lane's running turn; resolves to false if none ran, else when it has ended. */
  async interrupt(key: SessionKey, reason: StopReason): Promise<boolean> {
    const running = this.#lanes.get(key)?.running;
    if (running === undefined) return false;
    running.controller.abort(reason);
    await running.ended;
    return true;
  }

  /** Resolves when no lane has work, or they are closed: what waits then waits for the next process. */
  async idle(): Promise<void> {
    if (this.#lanes.size > 0 && !this.#isClosed) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  #lane(key: SessionKey): Lane {
    let lane = this.#lanes.get(key);
    if (lane === undefined) {
      lane = {
        key,
        turnsWaiting: 0,
        cancelHold: undefined,
        commandsWaiting: 0,
        isQueued: false,
        isCommanding: false,
        running: undefined,
      };
      this.#lanes.set(key, lane);
      this.#count(key, 1);
    }
    return lane;
  }

  #count(key: SessionKey, by: 1 | -1): void {
    const platform = platformOfSession(key) ?? ofNoPlatform;
    this.#busy.set(platform, this.busyOf(platform) + by);
  }

  #offer(lane: Lane): void {
    if (lane.isQueued || !this.#isReady(lane)) return;
    lane.isQueued = true;
    this.#ready.push(lane);
    this.#pump();
  }

  #pump(): void {
    while (this.#isOpen && !this.#isDraining && this.#places < this.#maxTurns) {
      const lane = this.#ready.shift();
      if (lane === undefined) break;
      lane.isQueued = false;
      if (this.#isReady(lane)) this.#runTurn(lane);
      else this.#retire(lane);
    }
  }

  /** It is offered again once it is not held. Its alarm alone counts: a clock that is set back holds nothing longer. */
  #hold(lane: Lane, untilMs: number): void {
    lane.cancelHold?.();
    lane.cancelHold = undefined;
    if (untilMs <= this.#clock.now() || this.#isClosed) return;
    lane.cancelHold = this.#clock.wakeAt(untilMs, () => {
      lane.cancelHold = undefined;
      this.#offer(lane);
    });
  }

  #isReady(lane: Lane): boolean {
    return lane.turnsWaiting > 0 && lane.running === undefined && !isCommanded(lane) && lane.cancelHold === undefined;
  }

  #runTurn(lane: Lane): void {
    lane.turnsWaiting -= 1;
    this.#places += 1;
    let held = true;
    const release = (): void => {
      if (!held) return;
      held = false;
      this.#places -= 1;
      this.#pump();
    };
    const controller = new AbortController();
    const ended = this.#work.turn(lane.key, controller.signal, release).finally(() => {
      lane.running = undefined;
      release();
      this.#offer(lane);
      this.#retire(lane);
    });
    lane.running = { controller, ended, isAtWork: () => held };
  }

  #startCommands(lane: Lane): void {
    // Not awaited: `LaneWork.command` never rejects, and `idle` sees the lane until its commands are done.
    if (this.#isOpen && !lane.isCommanding && lane.commandsWaiting > 0) void this.#runCommands(lane);
  }

  async #runCommands(lane: Lane): Promise<void> {
    lane.isCommanding = true;
    while (lane.commandsWaiting > 0 && this.#isOpen) {
      lane.commandsWaiting -= 1;
      await this.#work.command(lane.key);
    }
    lane.isCommanding = false;
    this.#offer(lane);
    this.#retire(lane);
  }

  #retire(lane: Lane): void {
    // One that is queued is looked at again when it comes up: forgotten now, it would be there twice once its session speaks again.
    const hasWork = lane.turnsWaiting > 0 || lane.isQueued || isCommanded(lane) || lane.running !== undefined;
    if (hasWork || !this.#lanes.has(lane.key)) return;
    lane.cancelHold?.();
    this.#lanes.delete(lane.key);
    this.#count(lane.key, -1);
    if (this.#lanes.size === 0) this.#tellIdle();
  }

  #tellIdle(): void {
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}

/** A turn that began now could belong to the wrong side of a command: what came after `/new` would be answered before it. */
function isCommanded({ commandsWaiting, isCommanding }: Lane): boolean {
  return commandsWaiting > 0 || isCommanding;
}
