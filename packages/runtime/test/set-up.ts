import type { Agent, AgentEvent, AgentFeatures, AgentFunction, Logger, Turn } from "@hermes/core";
import { text } from "@hermes/core";
import { createGateway, createMemoryStore, type Gateway, type GatewayOptions, type Store } from "@hermes/runtime";
import {
  createFakeClock,
  createScriptedPlatform,
  settle,
  type FakeClock,
  type ScriptedOptions,
  type ScriptedPlatform,
} from "@hermes/runtime/testing";

export interface Bench {
  readonly gateway: Gateway;
  readonly chat: ScriptedPlatform;
  readonly clock: FakeClock;
  readonly store: Store;
  readonly log: readonly string[];
}

export interface BenchOptions extends Partial<Omit<GatewayOptions, "platforms" | "agent" | "clock">> {
  readonly agent?: Agent | AgentFunction;
  readonly scripted?: Partial<ScriptedOptions>;
  readonly chat?: ScriptedPlatform;
  readonly clock?: FakeClock;
}

/** Answers a text with `echo: ` and that text. */
export const echo: AgentFunction = async function* (turn) {
  yield text(`echo: ${turn.input[0].text}`);
};

/** A started gateway with one scripted platform, a clock that stands still, and everybody let in. */
export async function startGateway(options: BenchOptions = {}): Promise<Bench> {
  const { agent = echo, scripted = {}, clock = createFakeClock(), store = createMemoryStore(), ...rest } = options;
  const chat = options.chat ?? createScriptedPlatform({ style: "edit", ...scripted });
  const log: string[] = [];
  const note =
    (level: string) =>
    (message: string): void =>
      void log.push(`${level}: ${message}`);
  const logger: Logger = { debug: () => undefined, info: note("info"), warn: note("warn"), error: note("error") };
  const gateway = createGateway({
    access: { allowAll: true },
    logger,
    random: () => 0.5,
    // What comes meanwhile waits, and nobody is told: tests that are about that say what they want.
    busy: { mode: "queue", acknowledge: false },
    ...rest,
    platforms: [chat.platform],
    agent,
    clock,
    store,
  });
  await gateway.start();
  await settle();
  return { gateway, chat, clock, store, log };
}

/** An agent whose turns wait until the test lets them say something and end. */
export function createHeldAgent(features: Partial<AgentFeatures> = {}) {
  const turns: {
    readonly text: string;
    readonly turn: Turn;
    readonly signal: AbortSignal;
    say(text: string): void;
    tell(event: AgentEvent): void;
    end(): void;
    fail(error: Error): void;
  }[] = [];
  const run: AgentFunction = async function* (turn) {
    const queue: (string | Error | AgentEvent | undefined)[] = [];
    let wake = (): void => undefined;
    const put = (item: string | Error | AgentEvent | undefined): void => {
      queue.push(item);
      wake();
    };
    turns.push({
      text: turn.input[0].text,
      turn,
      signal: turn.signal,
      say: put,
      tell: put,
      end: () => put(undefined),
      fail: put,
    });
    for (;;) {
      while (queue.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const item = queue.shift();
      if (item === undefined) return;
      if (item instanceof Error) throw item;
      yield typeof item === "string" ? text(item) : item;
    }
  };
  const agent: Agent = { features: { steer: false, undo: false, resume: "replay", ...features }, run };
  return { agent, turns };
}
