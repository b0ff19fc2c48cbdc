import { toAgent, systemClock, type Platform, type Received, type SessionKey } from "@hermes/core";
import { compileAccess, letsAnybodyIn, type AccessRules } from "./access.ts";
import { catalogueOf } from "./catalogue/languages.ts";
import { CommandDesk } from "./commands/command-desk.ts";
import { Connections } from "./connections.ts";
import { createHost } from "./host.ts";
import { createIds, type Ids } from "./ids.ts";
import { Inbox } from "./inbox.ts";
import { createLedger } from "./ledger/create-ledger.ts";
import type { Ledger } from "./ledger/ledger.ts";
import { completeLimits } from "./limits.ts";
import { Lanes } from "./lanes.ts";
import { createProcessLocks } from "./locks.ts";
import { defaultRetention, keepMaintaining } from "./maintenance.ts";
import { createMemoryStore } from "./memory/memory-store.ts";
import type { Gateway, GatewayOptions, GatewayStatus, StopOptions } from "./options.ts";
import { AnswerListener } from "./outbox/answer-listener.ts";
import { Outbox } from "./outbox/outbox.ts";
import { OwnerClaims } from "./owner-claim.ts";
import { pauseUntil } from "./pause.ts";
import { checkPlatforms } from "./platforms.ts";
import { QueueFullNotices } from "./queue-full.ts";
import { recoverAnswers, recoverQueue } from "./recovery.ts";
import { standardErrorLogger } from "./standard-error-logger.ts";
import { levelOf } from "./store-error.ts";
import { StoreHealth } from "./store-health.ts";
import { Supervisor } from "./supervisor.ts";
import { Questions } from "./turn/questions.ts";
import { Turns } from "./turn/turns.ts";
import { plain, routeWebhook } from "./webhooks.ts";

/** How long calls to platforms that are in flight may take to come back at a stop. */
const stopGraceMs = 1500;
const retryWorkMs = 1000;

/**
 * Builds a gateway out of platforms and an agent; nothing runs before `start`.
 *
 * @throws TypeError for options that cannot be meant, saying what to write instead.
 */
export function createGateway(options: GatewayOptions): Gateway {
  return new Composition(options);
}

type Phase = GatewayStatus["phase"];

/** The only place that knows all rooms: builds, starts and stops them in order. */
class Composition implements Gateway {
  readonly ledger: Ledger;
  readonly #options: GatewayOptions;
  readonly #platforms: ReadonlyMap<string, Platform>;
  readonly #clock;
  readonly #logger;
  readonly #health: StoreHealth;
  readonly #store;
  readonly #claims;
  readonly #ids: Ids;
  readonly #connections = new Connections();
  readonly #supervisors: ReadonlyMap<string, Supervisor>;
  readonly #inbox: Inbox;
  readonly #lanes: Lanes;
  readonly #outbox: Outbox;
  readonly #turns: Turns;
  readonly #desk: CommandDesk;
  readonly #queueFull: QueueFullNotices;
  readonly #stopping = new AbortController();
  #rules: AccessRules;
  #phase: Phase = "stopped";
  #starting: Promise<void> = Promise.resolve();
  /** Finding what waits in the store: as long as it goes on, the gateway is not idle. */
  #recovering: Promise<void> = Promise.resolve();
  #isRecovering = true;
  #maintaining: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  constructor(options: GatewayOptions) {
    const { clock = systemClock, logger = standardErrorLogger, language = "en" } = options;
    this.#health = new StoreHealth(options.store ?? createMemoryStore(), clock, logger);
    const { store } = this.#health;
    this.#options = options;
    this.#platforms = checkPlatforms(options.platforms);
    this.#rules = compileAccess(options.access ?? {}, []);
    this.#clock = clock;
    this.#logger = logger;
    this.#store = store;
    this.#claims = new OwnerClaims(clock);
    const limits = completeLimits(options.limits ?? {});
    const ids = createIds(clock);
    this.#ids = ids;
    const catalogue = catalogueOf(language);
    const answers = new AnswerListener({ connections: this.#connections, logger });
    const common = { store, clock, logger, catalogue, ids, connections: this.#connections, platforms: this.#platforms, answers };
    this.#lanes = new Lanes(
      {
        turn: (key, signal, release) => this.#work(key, "turn", () => this.#turns.runNext(key, signal, release)),
        command: (key) => this.#work(key, "command", () => this.#desk.answerNext(key)),
      },
      limits.maxTurns,
    );
    this.#outbox = new Outbox({
      ...common,
      firstShowMs: limits.firstShowMs,
      deliveryMaxMs: limits.deliveryMaxMs,
      callTimeoutMs: limits.callTimeoutMs,
      unknownSends: options.unknownSends ?? "repeat-marked",
    });
    const questions = new Questions(common);
    const agent = toAgent(options.agent);
    this.#turns = new Turns({
      ...common,
      agent,
      outbox: this.#outbox,
      questions,
      again: (key) => this.#lanes.addTurns(key, 1),
    });
    this.ledger = createLedger({
      store,
      clock,
      capabilitiesOf: (platform) => this.#platforms.get(platform)?.capabilities,
      hands: {
        find: (replyId) => this.#outbox.find(replyId),
        show: (reply) => void this.#outbox.takeUp(reply),
        unpark: (chat) => this.#outbox.parking.unpark(chat),
        accept: async (platform, event) => (await this.#inbox.accept(platform, [event]))[0] ?? "refused",
      },
    });
    this.#desk = new CommandDesk({
      ...common,
      ledger: this.ledger,
      lanes: this.#lanes,
      outbox: this.#outbox,
      stopLeftBehind: (key) => this.#turns.stopLeftBehind(key),
      forget: async (sessionId) => agent.forget?.(sessionId),
      onOwner: (platform, userId) => this.#crown(platform, userId),
    });
    this.#queueFull = new QueueFullNotices({ ...common, outbox: this.#outbox });
    this.#inbox = new Inbox({
      ...common,
      lanes: this.#lanes,
      claims: this.#claims,
      questions,
      parking: this.#outbox.parking,
      maxQueuedPerSession: limits.maxQueuedPerSession,
      maxBusyLanes: limits.maxBusySessions,
      isRecovering: () => this.#isRecovering,
      pressure: () => options.pressure?.(),
      rules: () => this.#rules,
      onQueueFull: (event, sessionKey, waiting) => this.#queueFull.tell(event, sessionKey, waiting),
    });
    this.#supervisors = new Map(
      [...this.#platforms.values()].map((platform) => [platform.id, this.#supervise(platform, limits.connectTimeoutMs)]),
    );
  }

  #supervise(platform: Platform, connectTimeoutMs: number): Supervisor {
    const { locks = createProcessLocks(), random = Math.random } = this.#options;
    return new Supervisor({
      platform,
      connections: this.#connections,
      locks,
      clock: this.#clock,
      random,
      logger: this.#logger,
      connectTimeoutMs,
      holder: `process ${process.pid}`,
      createHost: (report) =>
        createHost({
          platform: platform.id,
          logger: this.#logger,
          store: this.#store,
          inbox: this.#inbox,
          clock: this.#clock,
          report,
        }),
    });
  }

  async start(): Promise<void> {
    if (this.#phase !== "stopped" || this.#stopped !== undefined)
      throw new Error("A gateway starts once: create another one to start again");
    this.#phase = "starting";
    this.#starting = this.#start();
    await this.#starting;
  }

  async #start(): Promise<void> {
    const { lastSeq, lastReplyId } = await this.#store.open();
    if (lastReplyId !== undefined) this.#ids.startAfter(lastReplyId);
    this.#rules = compileAccess(this.#options.access ?? {}, await this.#store.listGrants());
    if (!letsAnybodyIn(this.#rules)) {
      this.#logger.warn(
        `Nobody is let in: every message is refused. Name people in \`access.allow\`, for example ["${[...this.#platforms.keys()][0] ?? "*"}:123456789"].`,
      );
    }
    this.#turns.startAfter(lastSeq);
    this.#desk.startAfter(lastSeq);
    const parts = {
      platforms: this.#platforms,
      store: this.#store,
      lanes: this.#lanes,
      turns: this.#turns,
      outbox: this.#outbox,
      clock: this.#clock,
      logger: this.#logger,
    };
    await recoverAnswers(parts);
    const { signal } = this.#stopping;
    if (signal.aborted) throw new Error("The gateway was stopped before it had started");
    this.#phase = "running";
    for (const supervisor of this.#supervisors.values()) supervisor.start();
    this.#lanes.open();
    this.#recovering = recoverQueue(parts, signal).then(() => void (this.#isRecovering = false));
    this.#maintaining = keepMaintaining(
      this.#store,
      this.#options.retention ?? defaultRetention,
      this.#clock,
      this.#logger,
      signal,
    );
  }

  async stop(options: StopOptions = {}): Promise<void> {
    this.#stopped ??= this.#stop(options);
    await this.#stopped;
  }

  async #stop({ drainMs = 0 }: StopOptions): Promise<void> {
    this.#stopping.abort("shutdown");
    // Whoever started it is told of its failure; here it only has to be over.
    await this.#starting.catch(() => undefined);
    this.#phase = "stopping";
    if (drainMs > 0) await this.#within(drainMs, this.#lanes.drain());
    // A lane whose answer waits for a platform does not end: the store has it, and the next start goes on.
    const ended = this.#lanes.close("shutdown");
    await this.#outbox.close(stopGraceMs);
    await this.#within(stopGraceMs, ended);
    // An adapter or agent that does not come back must not keep the process: nothing of theirs is waited for without end.
    await this.#within(
      stopGraceMs,
      this.#tried(Promise.all([...this.#supervisors.values()].map((supervisor) => supervisor.stop()))),
    );
    await Promise.all([this.#recovering, this.#maintaining]);
    this.#health.stop();
    await this.#store.close();
    await this.#within(stopGraceMs, this.#tried(closeAgent(this.#options)));
    this.#phase = "stopped";
  }

  async #tried(work: Promise<unknown>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#logger.warn(`Something did not end as it should: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Waits for `work`, which never rejects, but no longer than `maxMs`. */
  async #within(maxMs: number, work: Promise<unknown>): Promise<void> {
    const done = new AbortController();
    void work.finally(() => done.abort());
    await pauseUntil(this.#clock.now() + maxMs, this.#clock, done.signal);
  }

  async fetch(request: Request): Promise<Response> {
    const received = await this.receive(request);
    if (received instanceof Response) return received;
    return plain(426, "This address is for sockets, and this gateway does not take them here");
  }

  async receive(request: Request): Promise<Received> {
    if (this.#phase !== "running") return plain(503, "The gateway is not running");
    return await routeWebhook(request, this.#platforms, this.#supervisors, this.#logger);
  }

  async idle(): Promise<void> {
    await this.#recovering;
    await this.#lanes.idle();
    await this.#outbox.idle();
    // An answer may have brought the next message in before it was settled.
    if (this.#lanes.busyCount > 0 && this.#phase === "running") await this.idle();
  }

  status(): GatewayStatus {
    return {
      phase: this.#phase,
      platforms: [...this.#supervisors.values()].map((supervisor) => supervisor.status),
      runningTurns: this.#lanes.runningCount,
      busyLanes: this.#lanes.busyCount,
      undecodable: this.#inbox.undecodableCount,
      storeWritable: this.#health.refusal === undefined,
      ...(this.#inbox.pressure === undefined ? {} : { pressure: this.#inbox.pressure }),
      ...(this.#health.refusal === undefined ? {} : { storeRefusal: this.#health.refusal }),
    };
  }

  get storeLost(): AbortSignal {
    return this.#store.lost;
  }

  async hasOwner(): Promise<boolean> {
    return (await this.#store.listGrants()).some((grant) => grant.role === "owner");
  }

  openOwnerClaim(options: { readonly lifetimeMs?: number } = {}) {
    return this.#claims.open(options.lifetimeMs);
  }

  async #crown(platform: string, userId: string): Promise<void> {
    await this.#store.grantAccess({ platform, userId, role: "owner", grantedAtMs: this.#clock.now() });
    this.#rules = compileAccess(this.#options.access ?? {}, await this.#store.listGrants());
    this.#logger.info(`[${platform}] ${userId} is the owner now`);
  }

  /** Work on a lane never rejects: when the store fails, it is offered again after a pause. */
  async #work(key: SessionKey, kind: "turn" | "command", run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.#logger[levelOf(error)](
        `The ${kind} of ${key} could not be worked off: ${error instanceof Error ? error.message : String(error)}`,
      );
      await pauseUntil(this.#clock.now() + retryWorkMs, this.#clock, this.#stopping.signal);
      if (kind === "turn") this.#lanes.addTurns(key, 1);
      else this.#lanes.addCommands(key, 1);
    }
  }
}

async function closeAgent({ agent }: GatewayOptions): Promise<void> {
  if (typeof agent !== "function") await agent.close?.();
}
