import type { Agent, AgentEvent, Turn } from "@hermes/core";

/** How a run of an agent came to its end. */
export type AgentOutcome =
  | { readonly kind: "finished" }
  | { readonly kind: "interrupted"; readonly reason: unknown }
  | { readonly kind: "failed"; readonly error: unknown };

/**
 * Runs an agent and hands on its events, one after the other. Ends when the agent does, or at once when the turn's signal is
 * aborted: an agent that does not listen to it is let go and its later events are not heard.
 */
export async function runAgent(
  agent: Agent,
  turn: Turn,
  onEvent: (event: AgentEvent) => void | Promise<void>,
): Promise<AgentOutcome> {
  const { signal } = turn;
  const events = startAgent(agent, turn);
  try {
    while (!signal.aborted) {
      const step = await nextUnlessAborted(events, signal);
      if (step === undefined) break;
      if (step.done === true) return { kind: "finished" };
      await onEvent(step.value);
    }
    return { kind: "interrupted", reason: signal.reason };
  } catch (error) {
    return signal.aborted ? { kind: "interrupted", reason: signal.reason } : { kind: "failed", error };
  } finally {
    letGo(events);
  }
}

/** The agent's next event; undefined as soon as `signal` is aborted, whatever the agent does. */
async function nextUnlessAborted(
  events: AsyncIterator<AgentEvent>,
  signal: AbortSignal,
): Promise<IteratorResult<AgentEvent> | undefined> {
  let onAbort = (): void => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined);
  });
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const step = await Promise.race([events.next(), aborted]);
    return signal.aborted ? undefined : step;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function startAgent(agent: Agent, turn: Turn): AsyncIterator<AgentEvent> {
  // Inside an async generator, so that an agent that throws before its first event fails like one that throws after it.
  async function* started(): AsyncGenerator<AgentEvent> {
    yield* agent.run(turn);
  }
  return started();
}

function letGo(events: AsyncIterator<AgentEvent>): void {
  // Not awaited: an agent that is stuck would hold up the lane; whatever it still throws concerns nobody.
  void Promise.resolve(events.return?.()).catch(() => undefined);
}
