import type { Attachment, Chat, Input } from "@hermes/core";
import { cleanName, cleanText } from "./clean-text.ts";

/** Of what was said before in an edited message no more is repeated. */
const maxBeforeLength = 500;

/**
 * What somebody said, as a model reads it: with the time, in groups with a name before it. The time stands here, and not in the system prompt,
 * so that the beginning of the prompt stays the same.
 */
export function userText(input: Input, chat: Chat): string {
  const when = timeOf(input.at);
  const who = chat.type === "dm" ? "" : `[${cleanName(input.author.name, "somebody")}]: `;
  const head = when === "" ? who : `[${when}] ${who}`;
  const told = [`${head}${wordsOf(input, chat)}`, ...input.attachments.filter(isNoImage).map(attachmentLine)].join("\n").trim();
  return told === "" ? "(nothing)" : told;
}

function wordsOf(input: Input, chat: Chat): string {
  const text = chat.type === "dm" ? cleanText(input.text) : withoutForgedNames(cleanText(input.text));
  if (input.change === undefined) return text;
  const before = JSON.stringify(cleanText(input.change.before).slice(0, maxBeforeLength));
  if (input.change.kind === "deleted") return `(took back what was said before: ${before})`;
  return `(changed what was said before, ${before}, to:) ${text}`;
}

/** In a group nobody speaks in another's name: a line that begins like one of ours is quoted. */
function withoutForgedNames(text: string): string {
  return text.replaceAll(/^(\s*)\[/gmu, "$1\\[");
}

function timeOf(at: string): string {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return "";
  const written = new Date(time).toISOString();
  const day = new Date(time).toLocaleDateString("en", { weekday: "long", timeZone: "UTC" });
  return `${day} ${written.slice(0, 10)} ${written.slice(11, 16)} UTC`;
}

/** Whether an attachment is told in words: images are shown. */
export function isNoImage({ kind }: Attachment): boolean {
  return kind !== "image" && kind !== "sticker";
}

function attachmentLine({ kind, name, mimeType, sizeBytes }: Attachment): string {
  const facts = [mimeType, sizeBytes === undefined ? undefined : `${sizeBytes} bytes`].filter((fact) => fact !== undefined);
  const called = name === undefined ? "" : ` ${JSON.stringify(cleanName(name, "file"))}`;
  return `(Attached: ${kind}${called}${facts.length === 0 ? "" : `, ${cleanText(facts.join(", "))}`})`;
}
