import type { ChatRef, Received, SessionKey } from "@hermes/core";
import type { Admission } from "./admission.ts";
import type { Conversations } from "./conversations/conversations.ts";
import type { Channel, Delivered, DeliveryRequest } from "./delivery/delivery.ts";
import type { HomeChannel } from "./delivery/home-channels.ts";
import type { Ledger } from "./ledger/ledger.ts";
import type { MaintenanceFacts } from "./maintenance/task.ts";
import type {
  AccessFacts,
  Announced,
  Announcement,
  CommandFacts,
  DrainOptions,
  Gateway,
  GatewayOptions,
  StopOptions,
} from "./options.ts";
import type { GatewayStatus } from "./gateway-status.ts";
import { pauseUntil } from "./pause.ts";
import { recoverAnswers, recoverQueue } from "./recovery.ts";
import { untilDrained } from "./restart/drain.ts";
import type { RestartOutcome } from "./restart/restart-desk.ts";
import { buildRooms, type Rooms } from "./rooms/rooms.ts";
import { levelOf } from "./store-error.ts";
import { plain, routeWebhook } from "./webhooks.ts";

/** How long calls to platforms that are in flight may take to come back at a stop. */
const stopGraceMs = 1500;
const retryWorkMs = 1000;
const defaultDrainMs = 20_000;
/** What asks for a restart over a connection is answered before that is closed. */
const restartDelayMs = 200;

/**
 * Builds a gateway out of platforms and an agent; nothing runs before `start`.
 *
 * @throws TypeError for options that cannot be meant, saying what to write instead.
 */
export function createGateway(options: GatewayOptions): Gateway {
  return new Composition(options);
}

type Phase = GatewayStatus["phase"];

/** Starts and stops the rooms in order. */
class Composition implements Gateway {
  readonly ledger: Ledger;
  readonly conversations: Conversations;
  readonly #options: GatewayOptions;
  readonly #rooms: Rooms;
  readonly #stopping = new AbortController();
  #phase: Phase = "stopped";
  #starting: Promise<void> = Promise.resolve();
  /** Finding what waits in the store: as long as it goes on, the gateway is not idle. */
  #recovering: Promise<void> = Promise.resolve();
  #isRecovering = true;
  #maintaining: Promise<void> = Promise.resolve();
  #drained: Promise<void> | undefined;
  /** Ends a drain before its time. */
  readonly #interrupting = new AbortController();
  #stopped: Promise<void> | undefined;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#rooms = buildRooms(options, {
      isRecovering: () => this.#isRecovering,
      work: (key, kind, run) => this.#work(key, kind, run),
    });
    this.ledger = this.#rooms.ledger;
    this.conversations = this.#rooms.conversations;
  }

  async start(): Promise<void> {
    if (this.#phase !== "stopped" || this.#stopped !== undefined)
      throw new Error("A gateway starts once: create another one to start again");
    this.#phase = "starting";
    this.#starting = this.#start();
    await this.#starting;
  }

  async #start(): Promise<void> {
    const { lastSeq, lastReplyId } = await this.#rooms.store.open();
    if (lastReplyId !== undefined) this.#rooms.ids.startAfter(lastReplyId);
    await this.#rooms.lives.open(lastReplyId);
    await this.#rooms.restarts.open();
    await this.#rooms.access.open();
    await this.#rooms.homeChannels.open();
    await this.#rooms.presence.open();
    await this.#rooms.busyModes.open();
    this.#rooms.turns.startAfter(lastSeq);
    this.#rooms.desk.startAfter(lastSeq);
    const parts = {
      platforms: this.#rooms.platforms,
      store: this.#rooms.store,
      lanes: this.#rooms.lanes,
      turns: this.#rooms.turns,
      leftBehind: this.#rooms.leftBehind,
      outbox: this.#rooms.outbox,
      clock: this.#rooms.clock,
      logger: this.#rooms.logger,
    };
    await recoverAnswers(parts);
    const { signal } = this.#stopping;
    if (signal.aborted) throw new Error("The gateway was stopped before it had started");
    this.#phase = "running";
    await this.#rooms.platformDesk.open();
    for (const supervisor of this.#rooms.supervisors.values()) supervisor.start();
    this.#rooms.lanes.open();
    this.#recovering = recoverQueue(parts, signal).then(() => void (this.#isRecovering = false));
    this.#maintaining = this.#rooms.maintenance.keepRunning(signal);
    if (this.#options.restart?.isPassing === true) return;
    // Neither is awaited: their platforms may come much later. They never reject.
    void this.#rooms.restartNotices.tellStart(this.#rooms.restarts.askedIn);
    void this.#rooms.restarts.tellBack(signal);
  }

  async stop(options: StopOptions = {}): Promise<void> {
    if (options.mode !== "drain") this.#interrupting.abort();
    this.#stopped ??= this.#stop(options);
    await this.#stopped;
  }

  async drain(options: DrainOptions = {}): Promise<void> {
    if (this.#phase === "running") this.#drained = this.#drain(options);
    await this.#drained;
  }

  async #drain({ drainMs = defaultDrainMs, purpose = "stop" }: DrainOptions): Promise<void> {
    const { lanes, draining, clock } = this.#rooms;
    this.#phase = "draining";
    draining.begin(purpose);
    lanes.drain();
    await untilDrained(this.#rooms, clock.now() + drainMs, this.#interrupting.signal);
  }

  async restart(): Promise<Exclude<RestartOutcome, "done">> {
    const { restarts, clock } = this.#rooms;
    const outcome = await restarts.ask();
    const soon = pauseUntil(clock.now() + restartDelayMs, clock, this.#stopping.signal);
    // Not awaited: whoever asked is to be answered first. It never rejects.
    if (outcome === "restarting") void restarts.perform(soon);
    return outcome === "done" ? "under-way" : outcome;
  }

  async #stop(options: StopOptions): Promise<void> {
    await (options.mode === "drain" ? this.drain(options) : this.#drained);
    // From here on nothing that ends the process is a crash, whatever still runs.
    if (this.#phase !== "starting") await this.#within(stopGraceMs, this.#rooms.lives.end());
    this.#stopping.abort("shutdown");
    // Whoever started it is told of its failure; here it only has to be over.
    await this.#starting.catch(() => undefined);
    this.#phase = "stopping";
    await this.#within(stopGraceMs, this.#rooms.lives.end());
    // A lane whose answer waits for a platform does not end: the store has it, and the next start goes on.
    const ended = this.#rooms.lanes.close("shutdown");
    await this.#rooms.outbox.close(stopGraceMs);
    await this.#within(stopGraceMs, ended);
    // An adapter or agent that does not come back must not keep the process: nothing of theirs is waited for without end.
    await this.#within(
      stopGraceMs,
      this.#tried(Promise.all([...this.#rooms.supervisors.values()].map((supervisor) => supervisor.stop()))),
    );
    await this.#within(stopGraceMs, this.#rooms.presence.close());
    await this.#recovering;
    // A task that does not listen is left behind: what it asks of the store is refused once that is closed.
    await this.#within(stopGraceMs, this.#maintaining);
    this.#rooms.health.stop();
    this.#rooms.hooks.close();
    this.#rooms.backlog.close();
    await this.#rooms.store.close();
    await this.#within(stopGraceMs, this.#tried(Promise.all(this.#rooms.roster.all.map(async (agent) => agent.close?.()))));
    this.#phase = "stopped";
  }

  async #tried(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#rooms.logger.warn(`Something did not end as it should: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Waits for `work`, which never rejects, but no longer than `maxMs`. */
  async #within(maxMs: number, work: Promise<unknown>): Promise<void> {
    const done = new AbortController();
    void work.finally(() => done.abort());
    await pauseUntil(this.#rooms.clock.now() + maxMs, this.#rooms.clock, done.signal);
  }

  async fetch(request: Request): Promise<Response> {
    const received = await this.receive(request);
    if (received instanceof Response) return received;
    return plain(426, "This address is for sockets, and this gateway does not take them here");
  }

  async receive(request: Request, platform?: string): Promise<Received> {
    if (this.#phase !== "running" && this.#phase !== "draining") return plain(503, "The gateway is not running");
    return await routeWebhook(request, this.#rooms.platforms, this.#rooms.supervisors, this.#rooms.logger, platform);
  }

  async idle(): Promise<void> {
    await this.#recovering;
    await this.#rooms.lanes.idle();
    await this.#rooms.outbox.idle();
    // An answer may have brought the next message in before it was settled.
    if (this.#rooms.lanes.busyCount > 0 && this.#phase === "running") await this.idle();
  }

  status(): GatewayStatus {
    return {
      phase: this.#phase,
      platforms: this.#rooms.platformDesk.list(),
      runningTurns: this.#rooms.lanes.runningCount,
      busyLanes: this.#rooms.lanes.busyCount,
      undecodable: this.#rooms.inbox.undecodableCount,
      storeWritable: this.#rooms.health.refusal === undefined,
      ...(this.#rooms.inbox.pressure === undefined ? {} : { pressure: this.#rooms.inbox.pressure }),
      ...(this.#rooms.health.refusal === undefined ? {} : { storeRefusal: this.#rooms.health.refusal }),
    };
  }

  pause(platform: string): Promise<boolean> {
    return this.#rooms.platformDesk.pause(platform);
  }

  resume(platform: string): Promise<boolean> {
    return this.#rooms.platformDesk.resume(platform);
  }

  announce(announcement: Announcement): Promise<Announced> {
    return this.#rooms.announcements.make(announcement);
  }

  deliver(request: DeliveryRequest): Promise<readonly Delivered[]> {
    return this.#rooms.deliverer.deliver(request);
  }

  channels(platform?: string): Promise<readonly Channel[]> {
    return this.#rooms.deliverer.channels(platform === undefined ? [...this.#rooms.platforms.keys()] : [platform]);
  }

  targetOf(place: ChatRef): string | undefined {
    return this.#rooms.deliverer.targetOf(place);
  }

  homeChannels(): readonly HomeChannel[] {
    return this.#rooms.homeChannels.list();
  }

  maintenance(): readonly MaintenanceFacts[] {
    return this.#rooms.maintenance.facts;
  }

  watch(listener: (sessionKey: SessionKey) => void): () => void {
    return this.#rooms.activity.watch(listener);
  }

  commands(): readonly CommandFacts[] {
    return this.#rooms.registry.list.map((command) => ({
      name: command.name,
      description: command.description(this.#rooms.catalogue),
    }));
  }

  access(): Promise<AccessFacts> {
    return this.#rooms.access.facts();
  }

  decideAccess(platform: string, userId: string): Admission {
    return this.#rooms.access.decide(platform, userId);
  }

  revokeAccess(platform: string, userId: string): Promise<boolean> {
    return this.#rooms.access.revoke(platform, userId);
  }

  get storeLost(): AbortSignal {
    return this.#rooms.store.lost;
  }

  hasOwner(): Promise<boolean> {
    return this.#rooms.access.hasOwner();
  }

  openOwnerClaim(options: { readonly lifetimeMs?: number } = {}) {
    return this.#rooms.claims.open(options.lifetimeMs);
  }

  /** Work on a lane never rejects: when the store fails, it is offered again after a pause. */
  async #work(key: SessionKey, kind: "turn" | "command", run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.#rooms.logger[levelOf(error)](
        `The ${kind} of ${key} could not be worked off: ${error instanceof Error ? error.message : String(error)}`,
      );
      await pauseUntil(this.#rooms.clock.now() + retryWorkMs, this.#rooms.clock, this.#stopping.signal);
      // The next process finds it in the store.
      if (this.#stopping.signal.aborted) return;
      if (kind === "turn") this.#rooms.lanes.addTurns(key, 1);
      else this.#rooms.lanes.addCommands(key, 1);
    }
  }
}
