import type { BotMessage, Happening } from "./conversation.ts";

/** A conversation for people to read: one line for each thing that happened. */
export function writeTranscript(happenings: readonly Happening[]): string {
  if (happenings.length === 0) return "  (nobody said anything)";
  return happenings.map((happening) => `  ${writeHappening(happening)}`).join("\n");
}

function writeHappening(happening: Happening): string {
  if (happening.by === "person") return `${happening.who} ${happening.did}`;
  return "message" in happening ? `bot: ${writeMessage(happening.message)}` : `bot ${happening.did}`;
}

/** What a message shows, in one line; a longer text goes on below, indented. */
export function writeMessage({ text, buttons, files }: BotMessage): string {
  const shown = [
    ...(text === "" ? [] : [text.replaceAll("\n", "\n       ")]),
    ...files.map(({ name, bytes }) => `(${name}, ${bytes.byteLength} bytes)`),
    ...buttons.map((label) => `[${label}]`),
  ];
  return shown.join(" ");
}
