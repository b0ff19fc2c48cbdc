import type { PermissionOption, RequestPermissionRequest, RequestPermissionResponse } from "@agentclientprotocol/sdk";
import { createHash } from "node:crypto";
import type { Answer, ApprovalOption, Question } from "@hermes/core";
import { exactBlock, oneLine } from "../plain-text.ts";
import { shortId, type KnownCall } from "../updates/tool-calls.ts";
import { toolContent } from "../updates/update.ts";

const expiresAfterMs = 300_000;
const onExpiry = "Nobody answered within five minutes, so it was not allowed.";
const mostOptions = 10;
const maxLabelLength = 60;
/** What is longer cannot be shown whole, and what cannot be shown whole is not asked about. */
const maxShownLength = 6000;

/** A request for leave as people are asked about it, or why they cannot be. */
export type PermissionQuestion =
  | { readonly question: Question; readonly choices: ReadonlyMap<string, PermissionOption> }
  | { readonly unaskable: string };

/**
 * What people are asked. Everything that will be done stands in it, exactly; the key is bound to it, so that an answer never counts for
 * something else that goes by the same id.
 */
export function permissionQuestion(
  { toolCall, options }: RequestPermissionRequest,
  known: KnownCall | undefined,
): PermissionQuestion {
  const said = toolCall.title ?? known?.title ?? "";
  const title = oneLine(said, 300);
  const detail = exactly(toolCall.rawInput ?? known?.rawInput, toolCall.content ?? known?.content ?? []);
  const shown = detail === "" && title !== "" ? exactBlock(said) : detail;
  if (shown === "") return { unaskable: "The agent asked for leave without saying what for: it was not allowed." };
  if (shown.length > maxShownLength)
    return { unaskable: `“${title}” was not allowed: what it would do is too long to be shown whole.` };
  const choices = choicesOf(options);
  if (![...choices.values()].some(({ kind }) => kind.startsWith("allow_")))
    return { unaskable: `“${title}” was not allowed: the agent offered no way to allow it.` };
  const bound = createHash("sha256")
    .update(JSON.stringify([toolCall.toolCallId, title, shown, options]))
    .digest("hex");
  return {
    question: {
      key: `acp:${shortId(toolCall.toolCallId)}:${bound.slice(0, 16)}`,
      kind: "approval",
      callId: shortId(toolCall.toolCallId),
      prompt: `The agent asks for leave${title === "" ? "" : `: **${escaped(title)}**`}\n\n${shown}`,
      options: [...choices].map(([id, { name, kind }]) => ({
        id,
        label: oneLine(name, maxLabelLength) || id,
        means: meanings[kind],
      })),
      expiresAfterMs,
      onExpiry,
    },
    choices,
  };
}

/** What the protocol's kinds of options come to. */
const meanings: Readonly<Record<PermissionOption["kind"], ApprovalOption>> = {
  allow_once: "approve",
  allow_always: "always",
  reject_once: "deny",
  reject_always: "deny",
};

/** What an answer comes to; whatever is no clear yes is a no. */
export function permissionOutcome(answer: Answer, choices: ReadonlyMap<string, PermissionOption>): RequestPermissionResponse {
  const chosen = "by" in answer && answer.option !== undefined ? choices.get(answer.option) : undefined;
  return chosen === undefined ? rejection([...choices.values()]) : selected(chosen);
}

/** A no in the agent's own words, for this once if that can be said. */
export function rejection(options: readonly PermissionOption[]): RequestPermissionResponse {
  const no = options.find(({ kind }) => kind === "reject_once") ?? options.find(({ kind }) => kind === "reject_always");
  return no === undefined ? cancelled : selected(no);
}

/** Whether an outcome lets the agent go on. */
export function isAllowed({ outcome }: RequestPermissionResponse, options: readonly PermissionOption[]): boolean {
  if (outcome.outcome !== "selected") return false;
  const { optionId } = outcome;
  return options.some((option) => option.optionId === optionId && option.kind.startsWith("allow_"));
}

/** Nobody decides any more. */
export const cancelled: RequestPermissionResponse = { outcome: { outcome: "cancelled" } };

function selected({ optionId }: PermissionOption): RequestPermissionResponse {
  return { outcome: { outcome: "selected", optionId } };
}

/** The options by names of ours, the same each time: an agent's own may be as long as it likes. */
function choicesOf(options: readonly PermissionOption[]): ReadonlyMap<string, PermissionOption> {
  const choices = new Map<string, PermissionOption>();
  for (const option of options.slice(0, mostOptions)) {
    const isTaken = choices.has(option.kind);
    choices.set(isTaken ? `${option.kind}-${choices.size + 1}` : option.kind, option);
  }
  return choices;
}

function exactly(rawInput: unknown, content: readonly unknown[]): string {
  const hasInput = rawInput !== undefined && rawInput !== null && JSON.stringify(rawInput) !== "{}";
  if (hasInput) return exactBlock(JSON.stringify(rawInput, null, 2), "json");
  return content
    .flatMap((each) => {
      const read = toolContent.safeParse(each);
      if (!read.success) return [];
      if (read.data.type === "diff")
        return [exactBlock(diffOf(read.data.path, read.data.oldText ?? "", read.data.newText), "diff")];
      return read.data.type === "content" && read.data.content.type === "text" ? [exactBlock(read.data.content.text)] : [];
    })
    .join("\n\n");
}

function diffOf(path: string, before: string, after: string): string {
  const signed = (text: string, sign: string): string[] => (text === "" ? [] : text.split("\n").map((line) => `${sign}${line}`));
  return [oneLine(path, 1000), ...signed(before, "-"), ...signed(after, "+")].join("\n");
}

function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>~|]/gu, "\\$&");
}
