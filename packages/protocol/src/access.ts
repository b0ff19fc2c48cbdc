import { needed, object, optional, type ObjectShape } from "./object-shape.ts";
import { anyText, choice, flag, listOf, moment, text } from "./shape.ts";

/** Somebody who is let in. */
export interface AccessEntry {
  /** `*`: everywhere. */
  readonly platform: string;
  readonly userId: string;
  /** `configured`: named in the configuration; `owner`: claimed the gateway. */
  readonly by: "configured" | "owner";
  readonly sinceMs?: number;
}

/** Who is let in. */
export interface AccessList {
  readonly entries: readonly AccessEntry[];
  /** Platforms that let everybody in. */
  readonly open: readonly string[];
}

/** Who might come in. */
export interface AccessQuestion {
  readonly platform: string;
  readonly userId: string;
}

/** What would be decided about a message of theirs. */
export interface AccessDecision {
  readonly letIn: boolean;
  readonly rule: string;
  readonly reason: string;
}

const strict = { unknown: "refused" } as const;

export const accessQuestion: ObjectShape<AccessQuestion> = object<AccessQuestion>(
  "AccessQuestion",
  { platform: needed(text(), "the platform's id"), userId: needed(text(), "the user's stable id there") },
  strict,
);

export const accessDecision: ObjectShape<AccessDecision> = object<AccessDecision>("AccessDecision", {
  letIn: needed(flag, "whether a direct message of theirs would be taken"),
  rule: needed(anyText, "the rule that decides"),
  reason: needed(anyText, "what it says, in one sentence"),
});

export const accessList: ObjectShape<AccessList> = object<AccessList>("AccessList", {
  entries: needed(
    listOf(
      object<AccessEntry>("AccessEntry", {
        platform: needed(anyText, "the platform's id; `*`: everywhere"),
        userId: needed(anyText, "the user's stable id there"),
        by: needed(choice(["configured", "owner"]), "named in the configuration, or claimed the gateway"),
        sinceMs: optional(moment, "since when"),
      }),
    ),
    "who is named",
  ),
  open: needed(listOf(anyText), "platforms that let everybody in who reaches them"),
});
