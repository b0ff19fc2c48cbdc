import { text, type AgentEvent, type AgentFunction, type Turn } from "@hermes/core";

/** Says what it was told, in two pieces. */
export const echo: AgentFunction = async function* (turn) {
  yield text("You said: ");
  yield text(turn.input[0].text);
};

/** An agent whose turns are seen and led by a test. */
export class LedAgent {
  readonly turns: Turn[] = [];
  #script: (turn: Turn) => AsyncIterable<AgentEvent>;
  #whenTurn: (() => void)[] = [];

  constructor(script: (turn: Turn) => AsyncIterable<AgentEvent> = echo) {
    this.#script = script;
  }

  readonly run: AgentFunction = (turn) => {
    this.turns.push(turn);
    for (const resolve of this.#whenTurn.splice(0)) resolve();
    return this.#script(turn);
  };

  /** Resolves with the turn of this number, once it runs. */
  async turn(number = 1): Promise<Turn> {
    for (;;) {
      const turn = this.turns[number - 1];
      if (turn !== undefined) return turn;
      await new Promise<void>((resolve) => this.#whenTurn.push(resolve));
    }
  }
}

/** Says something, and then nothing until it is stopped. */
export async function* untilStopped(turn: Turn): AsyncGenerator<AgentEvent> {
  yield text("I am thinking");
  await stopped(turn);
}

export async function stopped({ signal }: Turn): Promise<unknown> {
  if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  return signal.reason;
}

/** A thing that opens once. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

/** All that comes. */
export async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
