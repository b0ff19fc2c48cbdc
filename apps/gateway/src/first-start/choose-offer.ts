import type { ReadStream } from "node:tty";
import type { AgentOffer } from "@hermes/core";
import type { Offers } from "./find-offers.ts";

/** Nobody may sit in front of a terminal: then the gateway goes on by itself. */
const maxWaitMs = 30_000;

/** What a person wants to answer. */
export type Choice =
  | { readonly state: "chosen"; readonly offer: AgentOffer }
  /** None of them, or nobody pressed a key. */
  | { readonly state: "none" }
  /** The gateway is to end. */
  | { readonly state: "ended" };

export interface Chooser {
  readonly input: Pick<ReadStream, "setRawMode" | "on" | "off" | "resume" | "pause">;
  readonly show: (text: string) => void;
  /** Whoever presses Ctrl-C wants the gateway to end. */
  readonly interrupt: () => void;
  /** Aborts when the gateway is to end. */
  readonly signal: AbortSignal;
  /** Default 30 seconds. */
  readonly limitMs?: number;
}

/** Shows what was found and takes one key press. */
export async function chooseOffer(offers: Offers, chooser: Chooser): Promise<Choice> {
  const { input, show, interrupt, signal, limitMs = maxWaitMs } = chooser;
  show(`${question(offers)}\nPress a number, or Enter for none: `);
  const { promise, resolve } = Promise.withResolvers<Choice>();
  const press = (data: Buffer): void => {
    const choice = choiceOf(data.toString("utf8"), offers);
    if (choice?.state === "ended") interrupt();
    if (choice !== undefined) resolve(choice);
  };
  const end = (): void => resolve({ state: "ended" });
  const timer = setTimeout(() => resolve({ state: "none" }), limitMs);
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  input.setRawMode(true);
  input.on("data", press).resume();
  try {
    const choice = await promise;
    show(choice.state === "chosen" ? `${choice.offer.label}\n` : "none\n");
    return choice;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    input.off("data", press);
    input.setRawMode(false);
    input.pause();
  }
}

function question({ ready, unready }: Offers): string {
  const lines = ready.map(({ label }, index) => `  ${index + 1}  ${label}`);
  const hints = unready.map(({ label, hint }) => `  -  ${label}: ${hint}`);
  return ["Who is to answer? This was found here:", ...lines, ...hints].join("\n");
}

// oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
const sequences = /\u001B(?:\[[0-?]*[ -/]*[@-~]|O[@-~])/gu;

/**
 * What one key press means; undefined for nothing, such as an arrow. Several keys that come together were meant for the shell, and choose
 * nobody.
 */
function choiceOf(keys: string, { ready }: Offers): Choice | undefined {
  const pressed = keys.replace(sequences, "");
  if (pressed.includes("\u0003")) return { state: "ended" };
  if (pressed === "\u001B" || pressed === "\u0004" || /^[\r\n]+$/u.test(pressed)) return { state: "none" };
  const offer = /^[1-9][\r\n]?$/u.test(pressed) ? ready[Number(pressed.charAt(0)) - 1] : undefined;
  return offer === undefined ? undefined : { state: "chosen", offer };
}
