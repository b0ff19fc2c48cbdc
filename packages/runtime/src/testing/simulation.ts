import type { Logger, PlatformEvent } from "@hermes/core";
import { createFakeClock, createScriptedPlatform, settle, type ScriptedPlatform } from "@hermes/testkit";
import { createGateway } from "../gateway.ts";
import type { Gateway } from "../options.ts";
import type { Store } from "../store.ts";
import { mortalClock, mortalPlatform, mortalStore, newLife, type Life } from "./mortal.ts";
import type { SimulationStep, ByHand, SimulationPlan, Asked, SimulationResult } from "./simulation-plan.ts";
import { piecesOf, simulatedAgent, type SimulatedDeeds } from "./simulation-agent.ts";

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
      progress: { scripted: { tools: "all", cleanUp: true, titleLength: 20 } },
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
