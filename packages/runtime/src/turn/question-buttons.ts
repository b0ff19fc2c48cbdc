import { hash } from "node:crypto";
import type { Action, Capabilities, Question } from "@hermes/core";

/** More characters than this do not fit beside another button on a phone. */
const longLabel = 16;
const perRow = 3;
/** 16 bytes: short enough for every platform, and nobody guesses it. */
const tokenLength = 22;

/** Names one option of one question: the same after a restart, and of no use once the question is answered. */
export function optionToken(turnId: string, questionKey: string, optionId: string): string {
  return hash("sha256", [turnId, questionKey, optionId].map((part) => JSON.stringify(part)).join(","), "base64url").slice(
    0,
    tokenLength,
  );
}

/** A button for each option; none where the platform has too few or too small ones for it. */
export function questionButtons(
  turnId: string,
  { key, options = [], kind }: Question,
  { actions }: Capabilities,
): readonly (readonly Action[])[] {
  if (actions === false || options.length === 0 || options.length > actions.max || actions.maxDataBytes < tokenLength) return [];
  // Nobody could tell what it stands for, and platforms refuse it: in words each option has its number.
  if (options.some(({ label }) => label.trim() === "")) return [];
  const buttons = options.map(({ id, label, means = id }): Action => {
    const style = kind !== "approval" ? undefined : means === "deny" ? "danger" : means === "approve" ? "primary" : undefined;
    return { label, token: optionToken(turnId, key, id), ...(style === undefined ? {} : { style }) };
  });
  const width = buttons.some(({ label }) => label.length > longLabel) ? 1 : perRow;
  return Array.from({ length: Math.ceil(buttons.length / width) }, (_, row) => buttons.slice(row * width, (row + 1) * width));
}
