import { inspect } from "node:util";
import {
  isPlatformError,
  type Capabilities,
  type Chat,
  type MessageEvent,
  type MessageRef,
  type PlatformError,
  type PlatformEvent,
} from "@hermes/core";
import { createFakeClock, type FakeClock } from "../fake-clock.ts";
import { NotApplicable } from "./case.ts";
import { openDoor, type Door } from "./door.ts";
import type { Place, PlatformBench, PlatformHarness, Said, StandingMessage } from "./harness.ts";
import { createLife, type Life } from "./life.ts";
import { createStorage, type Storage } from "./storage.ts";

/** How long something real may take before it counts as not happening, in milliseconds. */
const patienceMs = 3000;

/** Where one case is played: a server, the gateway's storage, and lives of a process one after another. */
export class Stage {
  readonly clock: FakeClock;
  readonly storage: Storage = createStorage();
  readonly door: Door;
  readonly bench: PlatformBench;
  /** Errors of the platform, as a log would print them. */
  readonly errors: string[] = [];
  readonly #lives: Life[] = [];

  readonly #harness: PlatformHarness;

  private constructor(harness: PlatformHarness, clock: FakeClock, door: Door, bench: PlatformBench) {
    this.#harness = harness;
    this.clock = clock;
    this.door = door;
    this.bench = bench;
  }

  static async open(harness: PlatformHarness): Promise<Stage> {
    const door = await openDoor();
    const clock = createFakeClock();
    try {
      return new Stage(harness, clock, door, await harness.start({ clock, doorUrl: door.url }));
    } catch (error) {
      await door.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    try {
      for (const life of this.#lives.toReversed()) await this.within("The platform stopped at the end of the case", life.end());
    } finally {
      await this.bench.close();
      await this.door.close();
    }
  }

  /** Plays something on a server of its own, for what would be in the way of the rest. */
  async elsewhere<T>(play: (stage: Stage) => Promise<T>): Promise<T> {
    const stage = await Stage.open(this.#harness);
    try {
      return await play(stage);
    } finally {
      await stage.close();
    }
  }

  /** A process that starts: a new platform on the same server, with what the gateway stored. */
  boot(): Life {
    const life = createLife(this.bench.create(), this);
    this.#lives.push(life);
    return life;
  }

  /** A process that is connected. */
  async connected(): Promise<Life> {
    const life = this.boot();
    await life.connect();
    return life;
  }

  /** A process that is connected and hears what people say. */
  async listening(): Promise<Life> {
    const life = await this.connected();
    await life.listen();
    return life;
  }

  get capabilities(): Capabilities {
    return this.bench.create().capabilities;
  }

  /** Everything the platform showed to the gateway or its operator, as text. */
  get said(): readonly string[] {
    return [...this.#lives.flatMap(({ host }) => host.said), ...this.errors];
  }

  /** Events that came through JSON differently. */
  get lossy(): readonly PlatformEvent[] {
    return this.#lives.flatMap(({ host }) => host.lossy);
  }

  /** Where most things are said. */
  get place(): Place {
    const { direct, group } = this.bench.places;
    return direct ?? group ?? this.lacks("a direct chat or a group to talk in");
  }

  /** Ends the case: there is nothing to check. */
  lacks(what: string): never {
    throw new NotApplicable(`not applicable: the harness has no ${what}`);
  }

  /** Ends the case: the platform does not do that. */
  declines(what: string): never {
    throw new NotApplicable(`not applicable: the platform ${what}`);
  }

  /** What the harness must have because the platform promises it. */
  need<T>(value: T | undefined, what: string): T {
    if (value === undefined) throw new Error(`The platform declares it, so the harness must have ${what}`);
    return value;
  }

  /** Somebody says something, and it arrives. */
  async hear(life: Life, said: Partial<Said> & { readonly text: string }): Promise<{ ref: MessageRef; event: MessageEvent }> {
    const ref = await this.bench.people.says({ in: this.place.chat, ...said });
    return { ref, event: await life.heard(said.text) };
  }

  /** What the bot said, oldest first. */
  async standing(chat: Chat = this.place.chat): Promise<readonly StandingMessage[]> {
    return (await this.bench.standing(chat)).filter(({ by }) => by === "bot");
  }

  async found({ messageId }: MessageRef, chat: Chat = this.place.chat): Promise<StandingMessage> {
    const found = (await this.bench.standing(chat)).find((message) => message.messageId === messageId);
    if (found === undefined) throw new Error(`No message ${messageId} stands on the server`);
    return found;
  }

  /** The failure a call ends with. */
  async failed(call: Promise<unknown> | undefined, what = "The call"): Promise<PlatformError> {
    const error = await this.within(what, this.#errorOf(call, what));
    if (!isPlatformError(error)) throw new Error(`${what} failed with something that is no PlatformError: ${inspect(error)}`);
    return error;
  }

  async #errorOf(call: Promise<unknown> | undefined, what: string): Promise<unknown> {
    try {
      await call;
    } catch (error) {
      this.errors.push(inspect(error, { depth: 8, showHidden: true }));
      return error;
    }
    throw new Error(`${what} was expected to fail, and did not`);
  }

  /** The same as `promise`, unless that takes too long. */
  async within<T>(what: string, promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const settled = promise.finally(() => (isSettled = true));
    // Looked at below; here it only must not count as unhandled meanwhile.
    settled.catch(() => undefined);
    await this.until(what, () => isSettled);
    return await settled;
  }

  /**
   * Waits for what goes over real sockets, and moves the fake clock where somebody waits for time.
   * Throws when it does not happen.
   */
  async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    const endsAtMs = performance.now() + patienceMs;
    for (let round = 0; !(await condition()); round += 1) {
      if (performance.now() > endsAtMs) throw new Error(`Waited ${patienceMs} ms in vain: ${what}`);
      await breathe(2);
      if (round > 10 && this.clock.pending > 0) await this.clock.advance(100);
    }
  }

  /** Long enough for what is on its way to arrive. */
  async quiet(): Promise<void> {
    await breathe(30);
    await this.clock.advance(1000);
    await breathe(30);
  }
}

/** Real time, for real sockets. */
function breathe(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
