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
  let events: AsyncIterator<AgentEvent> | undefined;
  // One listener for the whole run: answers come in thousands of pieces.
  let onAbort = (): void => undefined;
  const abort = (): void => onAbort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    events = agent.run(turn)[Symbol.asyncIterator]();
    while (!signal.aborted) {
      const step = await new Promise<IteratorResult<AgentEvent> | undefined>((resolve, reject) => {
        onAbort = () => resolve(undefined);
        events?.next().then(resolve, reject);
      });
      if (step === undefined || signal.aborted) break;
      if (step.done === true) return { kind: "finished" };
      await onEvent(step.value);
    }
    return { kind: "interrupted", reason: signal.reason };
  } catch (error) {
    return signal.aborted ? { kind: "interrupted", reason: signal.reason } : { kind: "failed", error };
  } finally {
    signal.removeEventListener("abort", abort);
    // Not awaited: an agent that is stuck would hold up the lane.
    void letGo(events);
  }
}

async function letGo(events: AsyncIterator<AgentEvent> | undefined): Promise<void> {
  try {
    await events?.return?.();
  } catch {
    // Whatever an agent still throws concerns nobody.
  }
}
