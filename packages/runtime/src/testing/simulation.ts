import type { AgentFeatures, Logger, PlatformEvent, UnknownSends } from "@hermes/core";
import type { BusyMode } from "../busy/busy-mode.ts";
import { createGateway } from "../gateway.ts";
import type { Gateway } from "../options.ts";
import type { Store } from "../store.ts";
import { createFakeClock, settle } from "./fake-clock.ts";
import { mortalClock, mortalPlatform, mortalStore, newLife, type Life } from "./mortal.ts";
import type { Fault, ScriptedPlatform, ScriptedStyle } from "./script.ts";
import { createScriptedPlatform } from "./scripted-platform.ts";
import { piecesOf, simulatedAgent, type SimulatedAnswer, type SimulatedDeeds } from "./simulation-agent.ts";

/**
 * One thing that happens in a simulated life of a gateway. Places are numbers: 0 and 1 are private chats of the same person, 2 and 3 two
 * people in one group; the stranger's chat is `stranger`.
 */
export type SimulationStep =
  | { readonly do: "say"; readonly chat: number; readonly how: SimulatedAnswer }
  | { readonly do: "command"; readonly chat: number; readonly text: SimulatedCommand }
  /** Handed on by a command that says how it is to be treated. */
  | { readonly do: "hand on"; readonly chat: number; readonly by: "/queue" | "/steer"; readonly how: SimulatedAnswer }
  /** Somebody changes what they have said, or takes it back; `back`: so many messages ago. */
  | { readonly do: "edit"; readonly back: number; readonly to: "other words" | "nothing" | "a command" }
  | { readonly do: "delete"; readonly back: number }
  /** The word that questions ask for, said by whom it was asked of or by somebody else in that chat. */
  | { readonly do: "answer"; readonly chat: number; readonly by: "asked" | "other" }
  | { readonly do: "intrude" }
  | { readonly do: "repeat"; readonly back: number }
  | { readonly do: "fault"; readonly fault: Fault }
  | { readonly do: "lose" }
  /** Somebody pauses the platform, or resumes it. */
  | { readonly do: "pause" | "resume" }
  | { readonly do: "refuse"; readonly writes: boolean }
  | { readonly do: "advance"; readonly ms: number }
  /** By hand, with the newest delivery, or the newest message. */
  | { readonly do: "ledger"; readonly what: ByHand["what"] }
  /** The process ends at its so many next writes from now, or at once with 0. */
  | { readonly do: "crash"; readonly write: number; readonly after: boolean }
  | { readonly do: "restart" };

/** What people ask of the gateway itself. */
export type SimulatedCommand =
  | "/whoami"
  | "/new"
  | "/stop"
  | "/retry"
  | "/queue"
  | "/queue drop 1"
  | "/queue drop all"
  | "/busy interrupt"
  | "/busy queue"
  | "/busy steer";

/** What somebody did by hand with what was said so far: at which message, and which message it was about. */
export interface ByHand {
  readonly what: "retry" | "drop" | "replay";
  readonly eventId: string;
  /** So many messages were said before. */
  readonly at: number;
}

/** A life of a gateway on one platform. */
export interface SimulationPlan {
  readonly style: ScriptedStyle;
  /** How it is known whether a send that was not answered happened: the platform drops its repetition, or can be asked. */
  readonly tells: "not at all" | "drops repetitions" | "answers";
  /** What the agent can do after a crash. */
  readonly resume: AgentFeatures["resume"];
  readonly unknown: UnknownSends;
  /** What becomes of messages that come while their conversation is answered. Default `queue`: every message has an answer of its own. */
  readonly busy?: BusyMode;
  /** How long more is waited for after a message. Default: not at all. */
  readonly burstMs?: number;
  readonly steps: readonly SimulationStep[];
}

/** Something that was said to the gateway. */
export interface Asked {
  readonly eventId: string;
  readonly chatId: string;
  readonly userId: string;
  /** What an agent gets of it. */
  readonly text: string;
  /** What it says since its author changed it: the agent gets one or the other, depending on when that was. */
  readonly changes: string[];
  /** Whether its author took it back. */
  readonly takenBack: string[];
  /** When, in ISO 8601. */
  readonly at: string;
  /** What its answer has to hold, in order; empty for a command. */
  readonly tokens: readonly string[];
}

/** What was asked in a simulated life, and what came of it. */
export interface SimulationResult {
  readonly asked: readonly Asked[];
  readonly byHand: readonly ByHand[];
  readonly deeds: SimulatedDeeds;
  readonly chat: ScriptedPlatform;
  readonly restarts: number;
  readonly busyLanes: number;
  /** Alarms that are still set after the stop. */
  readonly wakesLeft: number;
}

const silent: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Lives through a plan, mends everything at its end, and waits until all is quiet. */
export async function simulate(plan: SimulationPlan, openStore: () => Promise<Store>): Promise<SimulationResult> {
  const world = new World(plan, openStore);
  await world.start();
  for (const step of plan.steps) await world.step(step);
  return await world.end();
}

class World {
  readonly #chat: ScriptedPlatform;
  readonly #openStore: () => Promise<Store>;
  readonly #plan: SimulationPlan;
  readonly #byHand: ByHand[] = [];
  readonly #deeds: SimulatedDeeds = { done: new Map(), turns: [], answers: new Map(), given: new Map() };
  readonly #clock = createFakeClock();
  readonly #asked: Asked[] = [];
  /** What the platform has not been told is stored, in the order it happened. */
  #unacknowledged: PlatformEvent[] = [];
  readonly #events = new Map<Asked, PlatformEvent>();
  #changes = 0;
  #life = newLife();
  #gateway: Gateway | undefined;
  #restarts = -1;

  constructor(plan: SimulationPlan, openStore: () => Promise<Store>) {
    const { style, tells, burstMs } = plan;
    const burst = burstMs === undefined ? {} : { burst: { windowMs: burstMs, splitWindowMs: burstMs, splitLength: 1000 } };
    const [idempotentSend, lookup] = [tells === "drops repetitions" || style === "own", tells === "answers"];
    this.#chat = createScriptedPlatform({ style, idempotentSend, lookup, maxLength: 120, ...burst });
    this.#plan = plan;
    this.#openStore = openStore;
  }

  async start(): Promise<void> {
    if (this.#restarts >= 0) this.#chat.endProcess();
    const life = newLife();
    const clock = mortalClock(this.#clock, life);
    this.#life = life;
    this.#restarts += 1;
    this.#gateway = createGateway({
      platforms: [mortalPlatform(this.#chat.platform, life)],
      agent: simulatedAgent(clock, { resume: this.#plan.resume, steer: this.#plan.busy !== undefined }, this.#deeds),
      access: { allow: ["scripted:7", "scripted:9"] },
      unknownSends: this.#plan.unknown,
      busy: { mode: this.#plan.busy ?? "queue" },
      // What waited for an absent platform is answered together: where each message has an answer of its own, no absence counts.
      ...(this.#plan.burstMs === undefined ? { backlog: { tellAfterMs: Number.MAX_SAFE_INTEGER } } : {}),
      // Here everything has to be answered, however often the process ends.
      limits: { maxCrashedRuns: 1_000_000, maxQuickCrashes: 1_000_000 },
      store: mortalStore(await this.#openStore(), life),
      logger: silent,
      random: () => 0.5,
      clock,
    });
    await this.#gateway.start();
    await settle();
    void this.#offer(life);
    await settle();
  }

  async step(step: SimulationStep): Promise<void> {
    switch (step.do) {
      case "say":
        return this.#ask(placeOf(step.chat), step.how);
      case "command":
        return this.#ask(placeOf(step.chat), step.text);
      case "answer": {
        const { chatId, userId } = placeOf(step.chat);
        return this.#ask({ chatId, userId: step.by === "asked" ? userId : userId === "7" ? "9" : "7" }, "yes");
      }
      case "hand on":
        return this.#ask(placeOf(step.chat), step.how, `${step.by} `);
      case "edit":
      case "delete":
        return this.#change(step);
      case "intrude":
        return this.#ask({ chatId: "stranger", userId: "8" }, "short");
      case "ledger":
        return this.#act(step.what);
      case "repeat": {
        const again = this.#asked.at(-1 - step.back);
        const event = again === undefined ? undefined : this.#events.get(again);
        if (event !== undefined) this.#unacknowledged.push(event);
        return await this.#advance(0);
      }
      case "fault":
        return this.#chat.fail(step.fault);
      case "lose":
        this.#chat.lose({ kind: "unavailable" });
        return await settle();
      case "pause":
      case "resume":
        if (this.#life.isOver) return;
        // Not awaited: the process may end, or its store may not remember it.
        this.#gateway?.[step.do]("scripted").catch(() => undefined);
        return await settle();
      case "refuse":
        this.#life.refuses = step.writes;
        return;
      case "advance":
        return await this.#advance(step.ms);
      case "crash":
        this.#life.writesLeft = Math.min(this.#life.writesLeft, step.write);
        this.#life.lastWriteHappens = step.after;
        if (step.write === 0) this.#life.isOver = true;
        return;
      case "restart":
        return await this.#restart();
    }
  }

  async end(): Promise<SimulationResult> {
    this.#chat.mend();
    this.#life.refuses = false;
    this.#life.writesLeft = Infinity;
    if (this.#life.isOver) await this.#restart();
    await this.#gateway?.resume("scripted");
    for (let round = 0; round < 40; round += 1) await this.#advance(15_000);
    // What waits for a chat that could not be reached is tried again after an hour.
    await this.#advance(61 * 60_000);
    const idle = this.#gateway?.idle().then(() => true);
    const isIdle = await Promise.race([idle, settle().then(() => false)]);
    const busyLanes = this.#gateway?.status().busyLanes ?? 0;
    if (isIdle !== true) throw new Error(`The gateway does not become idle: ${busyLanes} lanes have work`);
    const stopped = this.#gateway?.stop();
    await this.#clock.advance(10_000);
    await stopped;
    return {
      asked: this.#asked,
      byHand: this.#byHand,
      deeds: this.#deeds,
      chat: this.#chat,
      restarts: this.#restarts,
      busyLanes,
      wakesLeft: this.#life.alarms.size,
    };
  }

  async #restart(): Promise<void> {
    if (!this.#life.isOver) {
      const stopped = this.#gateway?.stop();
      await this.#clock.advance(10_000);
      await stopped;
    }
    this.#life.isOver = true;
    await this.start();
  }

  async #advance(ms: number): Promise<void> {
    void this.#offer(this.#life);
    await this.#clock.advance(ms);
    if (this.#life.isOver) await this.start();
  }

  async #act(what: ByHand["what"]): Promise<void> {
    const { ledger } = this.#gateway ?? {};
    if (ledger === undefined || this.#life.isOver) return;
    const [[delivery], [event]] = await Promise.all([
      ledger.listDeliveries({ limit: 1 }).then(({ rows }) => rows),
      ledger.listEvents({ limit: 1, verdict: "run" }).then(({ rows }) => rows),
    ]);
    const about = what === "replay" ? event : delivery?.seq === undefined ? undefined : await ledger.event(delivery.seq);
    if (about === undefined) return;
    this.#byHand.push({ what, eventId: about.eventId.split("~")[0] ?? "", at: this.#asked.length });
    // Not awaited: the process may end before it is done, or the store may refuse it.
    const done =
      what === "replay"
        ? ledger.replayEvent(about.seq)
        : what === "drop"
          ? ledger.dropDelivery(delivery?.replyId ?? "")
          : ledger.retryDelivery(delivery?.replyId ?? "");
    done.catch(() => undefined);
    await settle();
  }

  async #change(step: Extract<SimulationStep, { do: "edit" | "delete" }>): Promise<void> {
    const about = this.#asked.filter(({ tokens }) => tokens.length > 0).at(-1 - step.back);
    const said = about === undefined ? undefined : this.#events.get(about);
    if (about === undefined || said?.type !== "message") return;
    const { version, chat, origin, messageId } = said;
    const common = { version, chat, origin, at: said.at, eventId: `change ${(this.#changes += 1)}` } as const;
    const changed = `${about.text} or so`;
    if (step.do === "edit" && step.to === "other words") about.changes.push(changed);
    else about.takenBack.push(common.eventId);
    const text = step.do === "delete" || step.to === "nothing" ? "" : step.to === "a command" ? "/new" : changed;
    this.#unacknowledged.push(
      step.do === "delete"
        ? { ...common, type: "delete", messageIds: [messageId] }
        : { ...common, type: "edit", messageId, text },
    );
    void this.#offer(this.#life);
    await settle();
  }

  async #ask({ chatId, userId }: Pick<Asked, "chatId" | "userId">, how: string, command = ""): Promise<void> {
    const number = this.#asked.length;
    const at = new Date(this.#clock.now()).toISOString();
    const isBare = how.startsWith("/") || how === "yes";
    const tokens = Array.from({ length: piecesOf(how) }, (_, index) => `[${number}.${index}]`);
    const text = isBare ? how : `${how} ${number}`;
    const asked: Asked = { eventId: `q${number}`, chatId, userId, text, changes: [], takenBack: [], at, tokens };
    const { eventId } = asked;
    const type = chatId === "group" ? "group" : "dm";
    const event = this.#chat.message(`${command}${text}`, { eventId, chatId, userId, at, type });
    this.#asked.push(asked);
    this.#events.set(asked, event);
    this.#unacknowledged.push(event);
    void this.#offer(this.#life);
    await settle();
  }

  /** As a platform does it: in order, and what was not acknowledged again and again. */
  async #offer(life: Life): Promise<void> {
    if (life.isOffering || !life.isConnected) return;
    life.isOffering = true;
    try {
      while (this.#unacknowledged.length > 0 && !life.isOver) {
        const batch = this.#unacknowledged.slice(0, 3);
        await this.#chat.offer(batch);
        if (life.isOver) return;
        this.#unacknowledged = this.#unacknowledged.filter((event) => !batch.includes(event));
      }
    } catch {
      // Refused, or not connected: offered again later.
    } finally {
      life.isOffering = false;
    }
  }
}

function placeOf(place: number): Pick<Asked, "chatId" | "userId"> {
  return place < 2 ? { chatId: `c${place}`, userId: "7" } : { chatId: "group", userId: place === 2 ? "7" : "9" };
}
