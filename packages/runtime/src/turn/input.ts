import type { Input, PlatformEvent } from "@hermes/core";

/** What somebody said, as their agent gets it: messages that belong together are one. */
export function inputOf(events: readonly [PlatformEvent, ...PlatformEvent[]]): Input {
  const [first] = events;
  const messages = events.filter((event) => event.type === "message");
  const texts: string[] = [];
  for (const { text, attachments } of messages) {
    // Clients repeat an album's caption under each of its pictures.
    const isRepeatedCaption = attachments.length > 0 && texts.includes(text);
    if (text !== "" && !isRepeatedCaption) texts.push(text);
  }
  return {
    text: texts.join("\n"),
    author: first.origin.author,
    attachments: messages.flatMap(({ attachments }) => attachments),
    at: first.at,
  };
}
