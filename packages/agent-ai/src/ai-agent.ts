import { checkOptions, type Agent, type AgentEvent, type AgentHost, type Turn } from "@hermes/core";
import type { AiParts } from "./ai-parts.ts";
import { configurationSchema, type AiConfiguration } from "./configuration.ts";
import { TokenEstimator } from "./context/estimate.ts";
import { ModelShelf } from "./models/model-shelf.ts";
import { choose, settingIds, settingsOf } from "./settings.ts";
import type { ToolSource } from "./tool.ts";
import { ImageStore } from "./turn/images.ts";
import { runTask } from "./turn/run-task.ts";
import { runTurn } from "./turn/run-turn.ts";

const defaultFirstTokenMs = 180_000;
const defaultIdleMs = 90_000;
/** What does not listen to its signal is not waited for any longer when the agent is closed. */
const closingMs = 5000;

/** What an agent is made with beside its configuration. */
export interface AiAgentOptions {
  /** Where its tools come from; closed with it. Default none. */
  readonly sources?: readonly ToolSource[];
  /** From 0 to 1, for the waits between tries. Default the machine's. */
  readonly random?: () => number;
}

/**
 * A model with tools as an agent. Nothing is loaded and nobody is asked before the first turn.
 *
 * @throws TypeError for a configuration that cannot work, saying which key and why.
 */
export function aiAgent(configuration: AiConfiguration, host: AgentHost, options: AiAgentOptions = {}): Agent {
  const checked = checkOptions(configurationSchema, configuration, "agent's");
  for (const { apiKey, headers = {} } of Object.values(checked.providers ?? {})) {
    for (const secret of [apiKey, ...Object.values(headers)]) if (secret !== undefined && secret !== "") host.conceal(secret);
  }
  return new AiAgent({
    configuration: checked,
    host,
    sources: options.sources ?? [],
    models: new ModelShelf(checked, host.name),
    images: new ImageStore(host.folder),
    estimator: new TokenEstimator(),
    limits: {
      firstTokenMs: checked.timeouts?.firstTokenMs ?? defaultFirstTokenMs,
      idleMs: checked.timeouts?.idleMs ?? defaultIdleMs,
    },
    random: options.random ?? Math.random,
  });
}

class AiAgent implements Agent {
  readonly features = { steer: true, undo: true, resume: "continue", tasks: ["compress", "aside"] } as const;
  readonly settingIds = settingIds;
  readonly #parts: AiParts;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(parts: AiParts) {
    this.#parts = parts;
  }

  async *run(turn: Turn): AsyncGenerator<AgentEvent> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#running.add(promise);
    const signal = AbortSignal.any([turn.signal, this.#closing.signal]);
    try {
      if (turn.task === undefined) yield* runTurn(turn, signal, this.#parts);
      else yield* runTask(turn.task, turn, signal, this.#parts);
    } finally {
      this.#running.delete(promise);
      resolve();
    }
  }

  async settings(session: Parameters<NonNullable<Agent["settings"]>>[0]) {
    return settingsOf(session, this.#parts.configuration);
  }

  async choose(session: Parameters<NonNullable<Agent["choose"]>>[0], id: string, value: string) {
    return choose(session, id, value, this.#parts.configuration);
  }

  async reload(signal: AbortSignal): Promise<string> {
    const said: string[] = [];
    for (const source of this.#parts.sources) said.push((await source.reload?.(signal)) ?? "");
    const told = said.filter((line) => line !== "");
    return told.length === 0 ? "There is nothing to connect to again." : told.join("\n");
  }

  async forget(sessionId: string): Promise<void> {
    await this.#parts.images.forget(sessionId);
  }

  async close(): Promise<void> {
    this.#closing.abort("shutdown");
    const { clock } = this.#parts.host;
    let cancel = (): void => undefined;
    const patience = new Promise<void>((resolve) => {
      cancel = clock.wakeAt(clock.now() + closingMs, resolve);
    });
    await Promise.race([Promise.all(this.#running), patience]);
    cancel();
    const { sources, host } = this.#parts;
    const closed = await Promise.allSettled(sources.map((source) => source.close()));
    for (const end of closed)
      if (end.status === "rejected") host.logger.warn(`A source of tools did not close: ${String(end.reason)}`);
  }
}
