import type { Directory } from "./directory.ts";
import { readable } from "./readable.ts";
import type { RawContent, RawMessage } from "./payloads.ts";

/** All that a message says, in words: its text, what it forwards, its poll, and the embeds of bots. */
export function spokenOf(message: RawMessage, text: string, directory: Directory): string {
  const isMachine = message.author.bot === true || message.webhook_id !== undefined;
  const parts = [
    text,
    // A person's embeds are previews of links, which come and go.
    ...(isMachine ? embedsOf(message) : []),
    ...(message.message_snapshots ?? []).map(({ message: forwarded }) => {
      const words = [readable(forwarded.content, forwarded.mentions, directory), ...embedsOf(forwarded)].filter(isSaid);
      return `[Forwarded]\n${quoted(words.join("\n"))}`.trim();
    }),
    pollOf(message),
  ];
  return parts.filter(isSaid).join("\n");
}

function isSaid(text: string): boolean {
  return text.trim() !== "";
}

function quoted(text: string): string {
  return text === "" ? "" : text.replaceAll(/^/gmu, "> ");
}

function embedsOf({ embeds }: Pick<RawContent, "embeds">): readonly string[] {
  return embeds.map(({ title, description, url, fields }) =>
    [title, url, description, ...(fields ?? []).map(({ name, value }) => `${name}: ${value}`)]
      .filter((line) => line !== undefined && line !== null && line !== "")
      .join("\n"),
  );
}

function pollOf({ poll }: RawMessage): string {
  if (poll === undefined) return "";
  return [`[Poll] ${poll.question.text}`, ...poll.answers.map(({ poll_media: { text } }) => `- ${text ?? ""}`)].join("\n");
}
