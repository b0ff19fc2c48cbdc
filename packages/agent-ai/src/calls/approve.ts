import { isApproved, type Turn } from "@hermes/core";
import type { ApprovalRequest, ToolContext } from "../tool.ts";

const waitsMs = 60 * 60_000;
/** What is longer no chat shows whole. */
const maxExactLength = 3000;

/** Asks a person whether something may be done, showing all of it. `asked`: how many were asked for this call before. */
export async function approve(
  turn: Turn,
  callId: string,
  asked: number,
  { reason, exact, remember }: ApprovalRequest,
): ReturnType<ToolContext["approve"]> {
  const shown = visible(exact);
  if (shown.length > maxExactLength) {
    return denied(`A person has to see all of this, and it is longer than ${maxExactLength} characters: do it in smaller steps.`);
  }
  const answer = await turn.ask({
    key: `approval:${callId}:${asked}`,
    kind: "approval",
    callId,
    prompt: `${reason}\n\n${fenced(shown)}`,
    detail: { exact },
    expiresAfterMs: waitsMs,
    onExpiry: "",
    ...(remember === undefined ? {} : { remember }),
  });
  if (isApproved(answer)) return { kind: "approved" };
  if ("expired" in answer) return denied("Nobody answered in time.");
  return denied(
    "refused" in answer ? `Nobody could be asked: ${answer.refused}` : "A person said no. Do not try it in another way.",
  );
}

function denied(why: string): { readonly kind: "denied"; readonly why: string } {
  return { kind: "denied", why };
}

/** What nobody can see, or what turns the order of what is seen, is written out. */
function visible(exact: string): string {
  return exact.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === "\n" || character === "\t" ? character : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

function fenced(text: string): string {
  const longest = [...text.matchAll(/`+/gu)].reduce((most, [run]) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
