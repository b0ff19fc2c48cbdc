import type { Action } from "@hermes/core";
import type { Content } from "./api/messages.ts";
import { buttonBlocks } from "./encode/buttons.ts";
import { notificationText } from "./encode/mrkdwn.ts";
import { slackMarkdown } from "./encode/slack-markdown.ts";

/**
 * How long a text is, in UTF-16 code units of Slack's Markdown. Slack speaks of characters: no character is shorter than one unit, so
 * what fits here fits there. A text in which somebody may be pinged is never longer.
 */
export function measure(markdown: string): number {
  return slackMarkdown(markdown).length;
}

/** What a message shows. */
export interface Said {
  readonly markdown: string;
  readonly actions: readonly (readonly Action[])[];
  /** User ids that may be pinged; nobody else is, whatever the text says. */
  readonly mentions: readonly string[];
}

/** The blocks of a message, or why there can be none. The caller has measured it. */
export function contentOf({ markdown, actions, mentions }: Said): Content | string {
  const text = slackMarkdown(markdown, { mentions });
  if (isInvisible(text)) return "there is no text that could be seen";
  const buttons = buttonBlocks(actions);
  if (typeof buttons === "string") return buttons;
  return { text: notificationText(markdown), blocks: [{ type: "markdown", text }, ...buttons] };
}

/** Slack refuses text of nothing but spaces. */
export function isInvisible(text: string): boolean {
  return /^[\s\p{Cf}]*$/u.test(text);
}
