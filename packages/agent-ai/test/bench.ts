import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock, type Agent, type AgentEvent, type AgentHost, type Clock, type Turn } from "@hermes/core";
import { aiAgent } from "../src/index.ts";
import type { AiConfiguration, ToolSource } from "../src/index.ts";
import { listen, Sessions, turnOf, type Heard, type TurnOptions } from "./turn.ts";

/** An agent with a conversation, and a host that remembers what it was told. */
export interface Bench extends AsyncDisposable {
  readonly agent: Agent;
  readonly host: AgentHost;
  readonly sessions: Sessions;
  readonly logs: readonly string[];
  readonly concealed: readonly string[];
  readonly folder: string;
  /** The whole way of one message. */
  says(text: string, options?: TurnOptions & { readonly onEvent?: (event: AgentEvent) => void }): Promise<Heard>;
  run(turn: Turn): AsyncIterable<AgentEvent>;
  /** The same home and conversation in a new process. */
  restarted(): Bench;
}

/** What a bench is made of. */
export interface BenchOptions {
  readonly configuration: AiConfiguration;
  readonly sources?: readonly ToolSource[];
  readonly clock?: Clock;
  readonly sessions?: Sessions;
  readonly folder?: string;
}

/** Makes one. Hold it with `await using`. */
export function createBench(options: BenchOptions): Bench {
  const { sessions = new Sessions(), clock = systemClock, folder = mkdtempSync(join(tmpdir(), "hermes-ai-")) } = options;
  const logs: string[] = [];
  const concealed: string[] = [];
  const log = (message: string): void => void logs.push(message);
  const host: AgentHost = {
    name: "main",
    logger: { debug: log, info: log, warn: log, error: log },
    clock,
    folder,
    home: folder,
    fetch: () => Promise.reject(new Error("Nobody fetches in this test")),
    deliver: () => Promise.reject(new Error("Nobody delivers in this test")),
    conceal: (secret) => void concealed.push(secret),
  };
  const agent = aiAgent(options.configuration, host, { sources: options.sources ?? [], random: () => 0 });
  return {
    agent,
    host,
    sessions,
    logs,
    concealed,
    folder,
    says(text, { onEvent, ...more } = {}) {
      const turn = turnOf(text, { sessions, ...more });
      return listen(agent.run(turn), turn, sessions, onEvent);
    },
    run: (turn) => agent.run(turn),
    restarted: () => createBench({ ...options, sessions, folder }),
    async [Symbol.asyncDispose]() {
      await agent.close?.();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
