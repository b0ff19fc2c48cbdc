import type { AgentEvent } from "@hermes/core";
import { watchStaleRun, type StaleRunOptions } from "./stale-run.ts";
import type { Typing } from "./typing.ts";

/** What follows whether an agent is at work: what its reader sees of that, and who ends it when it is not. */
export interface SignsOfLife {
  /** Aborted with the turn's signal, or with the reason `timeout`. */
  readonly signal: AbortSignal;
  /** Takes in an event; answers `handled`, during which the agent is not expected to be heard. */
  hear(event: AgentEvent, handled: void | Promise<void>): void | Promise<void>;
  /** A person is asked: they may take their time. */
  whileAsking<T>(answer: Promise<T>): Promise<T>;
  stop(): void;
}

/** Follows a run from now on. */
export function followSigns(typing: Typing, options: StaleRunOptions): SignsOfLife {
  const watch = watchStaleRun(options);
  let isOver = false;
  async function during<T>(work: Promise<T>, paused: readonly Pick<Typing, "pause" | "resume">[]): Promise<T> {
    for (const each of paused) each.pause();
    try {
      return await work;
    } finally {
      if (!isOver) for (const each of paused) each.resume();
    }
  }
  return {
    signal: watch.signal,
    hear(event, handled) {
      watch.hear();
      typing.hear(event);
      return handled instanceof Promise ? during(handled, [watch]) : undefined;
    },
    whileAsking(answer) {
      const waiting = during(answer, [watch, typing]);
      // An agent that is let go while it waits does not hear that there is no answer.
      waiting.catch(() => undefined);
      return waiting;
    },
    stop() {
      isOver = true;
      watch.stop();
      typing.stop();
    },
  };
}
