import { expect } from "vitest";
import {
  completeCapabilities,
  isReplySettled,
  startReply,
  stepReply,
  type AgentEvent,
  type CapabilityTable,
  type ReplyContext,
  type ReplyEffect,
  type ReplyEnding,
  type ReplyInput,
  type ReplyState,
} from "../../src/index.ts";
import type { ScriptedServer } from "./scripted-server.ts";

export const mark = "(again)";
export const undelivered = "[[not delivered]]";
export const uncertain = "[[not certain]]";

export function contextOf(table: Partial<CapabilityTable> = {}, more: Partial<ReplyContext> = {}): ReplyContext {
  return {
    capabilities: completeCapabilities({
      text: { maxLength: 100, partsPerSend: 1, markdown: "full", tables: false },
      inbound: { replay: "none", windowMs: 0 },
      ...table,
    }),
    measure: (markdown) => markdown.length,
    firstShowMs: 400,
    unknown: "repeat-marked",
    phrases: { repeatMark: mark, undelivered, uncertain, fileRefused: (name) => `[[no ${name}]]` },
    ...more,
  };
}

export interface Step {
  readonly afterMs: number;
  readonly event: AgentEvent;
}

export interface SimulationOptions {
  readonly context: ReplyContext;
  readonly server: ScriptedServer;
  /** How long calls take, one after the other; the last one for all that follow. Default 100. */
  readonly latenciesMs?: readonly number[];
  readonly state?: ReplyState;
  readonly nowMs?: number;
  /** What becomes of the state between two steps. Default: it passes through JSON. */
  readonly between?: (state: ReplyState) => ReplyState;
}

interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** Runs a reply against a server in simulated time, one event after the other. */
export class Simulation {
  state: ReplyState;
  nowMs: number;
  readonly calls: Extract<ReplyEffect, { type: "show" }>[] = [];
  readonly callsAtMs: number[] = [];
  readonly inputs: ReplyInput[] = [];
  readonly #options: SimulationOptions;
  readonly #between: (state: ReplyState) => ReplyState;
  #queue: Due[] = [];
  #order = 0;
  #wake: Due | undefined;
  #latency = 0;

  constructor(options: SimulationOptions) {
    this.#options = options;
    this.state = options.state ?? startReply(options.context);
    this.nowMs = options.nowMs ?? 1_000_000;
    this.#between = options.between ?? ((state) => JSON.parse(JSON.stringify(state)) as ReplyState);
    if (options.state !== undefined) this.#at(this.nowMs, () => this.tell({ type: "clock" }));
  }

  /** Tells the reply something now. */
  tell(input: ReplyInput): void {
    this.inputs.push(input);
    const { state, effects } = stepReply(this.state, input, this.#options.context, this.nowMs);
    this.state = this.#between(state);
    for (const effect of effects) this.#run(effect);
  }

  /** Lets the agent say all this and end, and then runs until nothing is left to do. */
  play(steps: readonly Step[], how: ReplyEnding = "finished", untilMs = Number.POSITIVE_INFINITY): this {
    let atMs = this.nowMs;
    for (const { afterMs, event } of steps) {
      atMs += afterMs;
      this.#at(atMs, () => this.tell({ type: "agent", event }));
    }
    this.#at(atMs, () => this.tell({ type: "end", how }));
    return this.run(untilMs);
  }

  /** Runs until nothing is left to do, or until `untilMs`. */
  run(untilMs = Number.POSITIVE_INFINITY): this {
    for (let count = 0; ; count++) {
      if (count > 20_000) throw new Error("The reply does not come to an end");
      const next = this.#queue.toSorted((a, b) => a.atMs - b.atMs || a.order - b.order)[0];
      if (next === undefined || next.atMs > untilMs) {
        if (Number.isFinite(untilMs)) this.nowMs = Math.max(this.nowMs, untilMs);
        return this;
      }
      this.#queue = this.#queue.filter((due) => due !== next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.run();
    }
  }

  /** The process dies: nothing that was under way is ever heard of. */
  crash(): ReplyState {
    this.#queue = [];
    return this.state;
  }

  expectSettled(): void {
    expect(isReplySettled(this.state)).toBe(true);
    expect(this.state.parts.map((part) => part.state)).not.toContain("open");
  }

  #run(effect: ReplyEffect): void {
    switch (effect.type) {
      case "open":
        this.#at(this.nowMs + this.#nextLatency(), () =>
          this.tell({ type: "opened", live: this.#options.server.open(effect.part) }),
        );
        return;
      case "show": {
        this.calls.push(effect);
        this.callsAtMs.push(this.nowMs);
        const { part, revision } = effect;
        const calledAtMs = this.nowMs;
        const result = this.#options.server.call(effect, calledAtMs);
        this.#at(this.nowMs + this.#nextLatency(), () => this.tell({ type: "settled", part, revision, result }));
        return;
      }
      case "wake": {
        const old = this.#wake;
        this.#queue = this.#queue.filter((due) => due !== old);
        this.#wake = this.#at(effect.atMs, () => this.tell({ type: "clock" }));
      }
    }
  }

  #at(atMs: number, run: () => void): Due {
    const due: Due = { atMs, order: this.#order++, run };
    this.#queue.push(due);
    return due;
  }

  #nextLatency(): number {
    const { latenciesMs = [100] } = this.#options;
    return latenciesMs[Math.min(this.#latency++, latenciesMs.length - 1)] ?? 100;
  }
}

/** A text as a stream of deltas of this many characters. */
export function deltas(text: string, size: number, afterMs = 20): readonly Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < text.length; at += size)
    steps.push({ afterMs, event: { type: "text-delta", text: text.slice(at, at + size) } });
  return steps;
}
