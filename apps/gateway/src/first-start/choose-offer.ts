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

/** What the first key of those that came together means; undefined for nothing, such as an arrow. */
function choiceOf(keys: string, { ready }: Offers): Choice | undefined {
  if (keys === "\u001B") return { state: "none" };
  const key = keys.charAt(0);
  if (key === "\u0003") return { state: "ended" };
  if (key === "\r" || key === "\n" || key === "\u0004") return { state: "none" };
  const offer = /^[1-9]$/u.test(key) ? ready[Number(key) - 1] : undefined;
  return offer === undefined ? undefined : { state: "chosen", offer };
}
