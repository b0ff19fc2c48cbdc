import type { AgentFeatures, Part } from "@hermes/core";
import { leftStanding, mayStand } from "../outbox/restore.ts";
import type { ResumeVerdict } from "../restart/may-resume.ts";
import type { InterruptedTurn, StoredQuestion } from "../store.ts";

/**
 * How a turn goes on whose process ended.
 *
 * - `wait`: a person has been asked something; the answer brings it on.
 * - `run`: the agent runs again, with what it needs to know of what stands there.
 * - `replay`: the agent runs again from its beginning, unheard until it asks what it has asked before.
 * - `cut-off`: it must not run by itself; a person says how to go on.
 */
export type Resumption =
  | { readonly how: "wait"; readonly question: StoredQuestion }
  | { readonly how: "run"; readonly keep: number }
  | { readonly how: "replay"; readonly keep: number; readonly asked: ReadonlySet<string> }
  | { readonly how: "cut-off"; readonly why: CutOffReason };

/** Why a turn does not run by itself: of what it did or showed, or of what its runs did to the process. */
export type CutOffReason = "tool-once" | "shown" | Exclude<ResumeVerdict, "run">;

/** Decides how an interrupted turn goes on. `canRewrite`: whether what its agent was writing when it stopped can be said again. */
export function resumptionOf(turn: InterruptedTurn, { resume }: AgentFeatures, canRewrite: (part: Part) => boolean): Resumption {
  const question = turn.questions.find(({ answer }) => answer === undefined);
  if (question !== undefined) return { how: "wait", question };
  // Also one that is over: only a checkpoint behind it says that the agent knows.
  if (turn.tools.some(({ effect }) => effect === "once")) return { how: "cut-off", why: "tool-once" };
  const keep = keptParts(turn, canRewrite);
  const isShownBehind = turn.parts.some((part) => part.index < keep && part.step >= turn.step && part.kind !== "progress");
  if (resume === "continue") return { how: "run", keep };
  if (isShownBehind || isBeyondReplay(turn)) return { how: "cut-off", why: "shown" };
  if (turn.questions.length > 0) return { how: "replay", keep, asked: new Set(turn.questions.map(({ key }) => key)) };
  return { how: "run", keep: 0 };
}

/** Steps that were no questions: an agent that only starts over does not know of them, nor of what it has done before them. */
function isBeyondReplay({ step, questions }: InterruptedTurn): boolean {
  return step > questions.length;
}

/** How many parts stay: what was said before the last checkpoint, and what a reader has seen whole, or cannot be rewritten. */
function keptParts({ parts, step }: InterruptedTurn, canRewrite: (part: Part) => boolean): number {
  const stays = (part: Part): boolean =>
    part.kind !== "progress" &&
    (part.step < step || (mayStand(part) && (part.state !== "open" || !canRewrite(part))) || part.state === "unknown");
  return parts.reduce((most, part) => (stays(part) ? Math.max(most, part.index + 1) : most), 0);
}

/** What the agent has said of what stands there, or will as soon as it can be shown. Notices and questions are not what it said. */
export function shownText({ parts, step }: Pick<InterruptedTurn, "parts" | "step">, keep = Number.POSITIVE_INFINITY): string {
  return parts
    .filter((part) => part.index < keep && part.kind === "text")
    .flatMap((part) => textsOf(leftStanding(part, step)))
    .join("\n");
}

function textsOf({ state, desired, shown, inFlightTexts }: Part): readonly string[] {
  switch (state) {
    case "closed":
    case "unknown":
      return desired;
    case "open":
    case "sent":
    case "failed":
      return shown.length > 0 ? shown : inFlightTexts;
  }
}
