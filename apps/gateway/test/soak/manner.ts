import { appendFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { text, type AgentFunction } from "@hermes/core";
import type { GatewayOptions } from "@hermes/runtime";

/**
 * How a gateway of the soak lives.
 *
 * - `one by one`: each message has an answer of its own, in order.
 * - `as it comes`: what is said quickly is one turn, and what comes later cuts off the answer that is being written.
 */
export type Manner = "one by one" | "as it comes";

/** What a process of the soak is told: how it lives, and where its agent writes down what it heard. */
export interface Soaking {
  readonly manner: Manner;
  readonly heardPath: string;
}

/** A line of what agents heard. */
export interface Heard {
  readonly turn: string;
  readonly chat: string;
  readonly text: string;
  /** It was cut off before it said anything. */
  readonly isCut: boolean;
}

/** Short enough that lives of less than a second see many of them. */
const windows = { windowMs: 150, splitWindowMs: 150, splitLength: 4000 };
const maxThoughtMs = 80;

/** What makes a gateway live like that, on this platform. Nothing is said about messages that wait, so that all that stands there is an answer. */
export function optionsOf(manner: Manner, platform: string): Pick<GatewayOptions, "busy" | "bursts"> {
  const mode = manner === "one by one" ? "queue" : "interrupt";
  return { busy: { mode, acknowledge: false }, bursts: { [platform]: manner === "one by one" ? false : windows } };
}

/** An echo that writes down what it is given, and where it may be interrupted thinks for a moment first. */
export function listener({ manner, heardPath }: Soaking): AgentFunction {
  return async function* (turn) {
    const said = turn.input.map((input) => input.text).join("\n");
    const note = (isCut: boolean): void => {
      const heard: Heard = { turn: turn.id, chat: turn.chat.ref.chatId, text: said, isCut };
      appendFileSync(heardPath, `${JSON.stringify(heard)}\n`);
    };
    note(false);
    // At once: the process may be killed as soon as the cut is kept. A turn that ends with its process is taken up by the next one.
    const noteCut = (): void => void (turn.signal.reason === "interrupt" && note(true));
    turn.signal.addEventListener("abort", noteCut);
    if (manner === "as it comes") await pause(Math.random() * maxThoughtMs);
    turn.signal.removeEventListener("abort", noteCut);
    if (turn.signal.aborted) return;
    yield text(`echo: ${said}`);
  };
}
