import type { AgentFeatures, AgentFunction, Clock, Logger } from "@hermes/core";
import { createGateway } from "../gateway.ts";
import type { Gateway } from "../options.ts";
import type { Store } from "../store.ts";
import { createFakeClock, settle } from "./fake-clock.ts";
import { mortalClock, mortalPlatform, mortalStore, newLife, type Life } from "./mortal.ts";
import type { Fault, ScriptedPlatform, ScriptedStyle } from "./script.ts";
import { createScriptedPlatform } from "./scripted-platform.ts";

/** One thing that happens in a simulated life of a gateway. Chats are numbers; the stranger's chat is `stranger`. */
export type SimulationStep =
  | { readonly do: "say"; readonly chat: number; readonly how: "short" | "segments" | "long" | "slow" | "steps" }
  | { readonly do: "command"; readonly chat: number; readonly text: "/whoami" | "/new" }
  | { readonly do: "intrude" }
  | { readonly do: "repeat"; readonly back: number }
  | { readonly do: "fault"; readonly fault: Fault }
  | { readonly do: "lose" }
  | { readonly do: "refuse"; readonly writes: boolean }
  | { readonly do: "advance"; readonly ms: number }
  /** The process ends at its so many next writes from now, or at once with 0. */
  | { readonly do: "crash"; readonly write: number; readonly after: boolean }
  | { readonly do: "restart" };

/** A life of a gateway on one platform. */
export interface SimulationPlan {
  readonly style: ScriptedStyle;
  /** How it is known whether a send that was not answered happened: the platform drops its repetition, or can be asked. */
  readonly tells: "not at all" | "drops repetitions" | "answers";
  /** What the agent can do after a crash. */
  readonly resume: AgentFeatures["resume"];
  readonly steps: readonly SimulationStep[];
}

/** Something that was said to the gateway. */
export interface Asked {
  readonly eventId: string;
  readonly chatId: string;
  readonly text: string;
  /** What its answer has to hold, in order; empty for a command. */
  readonly tokens: readonly string[];
}

/** What was asked in a simulated life, and what came of it. */
export interface SimulationResult {
  readonly asked: readonly Asked[];
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
  readonly #resume: SimulationPlan["resume"];
  readonly #clock = createFakeClock();
  readonly #asked: Asked[] = [];
  /** What the platform has not been told is stored, in the order it happened. */
  #unacknowledged: Asked[] = [];
  #life = newLife();
  #gateway: Gateway | undefined;
  #restarts = -1;

  constructor({ style, tells, resume }: SimulationPlan, openStore: () => Promise<Store>) {
    const [idempotentSend, lookup] = [tells === "drops repetitions", tells === "answers"];
    this.#chat = createScriptedPlatform({ style, idempotentSend, lookup, maxLength: 120 });
    this.#resume = resume;
    this.#openStore = openStore;
  }

  async start(): Promise<void> {
    const life = newLife();
    const clock = mortalClock(this.#clock, life);
    this.#life = life;
    this.#restarts += 1;
    this.#gateway = createGateway({
      platforms: [mortalPlatform(this.#chat.platform, life)],
      agent: { features: { steer: false, undo: false, resume: this.#resume }, run: answering(clock) },
      access: { allow: ["scripted:7"] },
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
        return this.#ask(`c${step.chat}`, step.how);
      case "command":
        return this.#ask(`c${step.chat}`, step.text);
      case "intrude":
        return this.#ask("stranger", "short");
      case "repeat": {
        const again = this.#asked.at(-1 - step.back);
        if (again !== undefined) this.#unacknowledged.push(again);
        return await this.#advance(0);
      }
      case "fault":
        return this.#chat.fail(step.fault);
      case "lose":
        this.#chat.lose({ kind: "unavailable" });
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

  async #ask(chatId: string, how: string): Promise<void> {
    const number = this.#asked.length;
    const isCommand = how.startsWith("/");
    const pieces = piecesOf(how);
    const tokens = isCommand ? [] : Array.from({ length: pieces }, (_, index) => `[${number}.${index}]`);
    const asked = { eventId: `q${number}`, chatId, text: isCommand ? how : `${how} ${number}`, tokens };
    this.#asked.push(asked);
    this.#unacknowledged.push(asked);
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
        await this.#chat.offer(
          batch.map(({ eventId, chatId, text }) =>
            this.#chat.message(text, { eventId, chatId, userId: chatId === "stranger" ? "8" : "7" }),
          ),
        );
        if (life.isOver) return;
        this.#unacknowledged = this.#unacknowledged.filter((asked) => !batch.includes(asked));
      }
    } catch {
      // Refused, or not connected: offered again later.
    } finally {
      life.isOffering = false;
    }
  }
}

function piecesOf(how: string): number {
  switch (how) {
    case "segments":
    case "slow":
      return 2;
    case "steps":
      return 3;
    case "long":
      return 6;
    default:
      return 1;
  }
}

/** An agent whose answers hold the tokens of what was asked; taken up again, it goes on behind what it knows it has said. */
function answering(clock: Clock): AgentFunction {
  return async function* (turn) {
    const [how = "", number = ""] = turn.input[0].text.split(" ");
    const pieces = piecesOf(how);
    const shown = turn.resume?.after === "crash" ? turn.resume.shown : "";
    for (let index = 0; index < pieces; index += 1) {
      if (shown.includes(`[${number}.${index}]`)) continue;
      if (how === "slow" && index > 0) await new Promise<void>((resolve) => clock.wakeAt(clock.now() + 3000, resolve));
      yield { type: "text-delta", text: `[${number}.${index}] ${"words ".repeat(how === "long" ? 12 : 1)}\n\n` };
      if (how === "segments") yield { type: "segment-end" };
      if (how === "steps") {
        yield { type: "tool-start", callId: `${index}`, title: "look", effect: "repeatable" };
        await new Promise<void>((resolve) => clock.wakeAt(clock.now() + 700, resolve));
        yield { type: "tool-end", callId: `${index}`, outcome: "done" };
        yield { type: "checkpoint", transcript: [index], state: index };
      }
    }
  };
}
