import type { Chat } from "@hermes/core";
import type { StandingMessage } from "@hermes/testkit/conformance";
import type { Fields, Homeserver, Room, StoredEvent } from "../server.ts";
import { eventsIn } from "../server/world.ts";

/** What stands in a room or thread, oldest first, with the edits that count. */
export function standingIn(server: Homeserver, { ref }: Chat): readonly StandingMessage[] {
  const room = server.world.rooms.get(ref.chatId);
  if (room === undefined) return [];
  return eventsIn(room)
    .filter(({ type, content }) => (type === "m.room.message" || type === "m.sticker") && Object.keys(content).length > 0)
    .filter(({ content }) => relationOf(content)["rel_type"] !== "m.replace")
    .filter((event) => threadOf(event) === ref.threadId)
    .map((event) => describe(event, room, server));
}

function relationOf(content: Fields): Fields {
  return (content["m.relates_to"] ?? {}) as Fields;
}

function threadOf({ content }: StoredEvent): string | undefined {
  const relation = relationOf(content);
  return relation["rel_type"] === "m.thread" ? String(relation["event_id"]) : undefined;
}

function describe(event: StoredEvent, room: Room, server: Homeserver): StandingMessage {
  const edits = eventsIn(room).filter(({ sender, content }) => {
    const relation = relationOf(content);
    return sender === event.sender && relation["rel_type"] === "m.replace" && relation["event_id"] === event.event_id;
  });
  const content = (edits.at(-1)?.content["m.new_content"] ?? event.content) as Fields;
  const body = typeof content["body"] === "string" ? content["body"] : "";
  const html = typeof content["formatted_body"] === "string" ? content["formatted_body"] : undefined;
  const answer = relationOf(event.content);
  const quoted = (answer["m.in_reply_to"] as Fields | undefined)?.["event_id"];
  const isFallback = answer["rel_type"] === "m.thread" && answer["is_falling_back"] === true;
  const url = typeof content["url"] === "string" ? content["url"] : "";
  const media = /^mxc:\/\/[^/]+\/(.+)$/u.exec(url)?.[1];
  const file = media === undefined ? undefined : server.files.get(media);
  const isCaption = file !== undefined && content["filename"] === body;
  return {
    messageId: event.event_id,
    by: event.sender === server.bot.userId ? "bot" : "person",
    text: isCaption ? "" : body,
    length: jsonBytes(body) + (html === undefined ? 0 : jsonBytes(html)),
    pings: pingsOf(content, html),
    ...(typeof quoted === "string" && !isFallback ? { quotes: quoted } : {}),
    files: file === undefined ? [] : [file],
    reactions: reactionsTo(event, room, server),
  };
}

function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}

/** Whom clients notify, or show as notified: `m.mentions`, and links to people in the HTML. */
function pingsOf(content: Fields, html: string | undefined): readonly string[] {
  const mentions = content["m.mentions"] as { readonly user_ids?: readonly string[]; readonly room?: boolean } | undefined;
  const pills = [...(html ?? "").matchAll(/href="(?:https?:\/\/(?:www\.)?matrix\.to\/#\/|matrix:u(?:ser)?\/)([^"]*)"/giu)]
    .map(([, target = ""]) => decodeURIComponent(decodeURIComponent(target)).replace(/\?.*$/u, ""))
    .map((target) => (target.startsWith("@") ? target : `@${target}`));
  const everybody = mentions === undefined || mentions.room === true ? ["@room"] : [];
  return [...new Set([...(mentions?.user_ids ?? []), ...pills, ...everybody])];
}

function reactionsTo(event: StoredEvent, room: Room, { bot }: Homeserver): readonly string[] {
  return eventsIn(room).flatMap(({ type, sender, content }) => {
    const { event_id: target, key } = relationOf(content);
    if (type !== "m.reaction" || sender !== bot.userId || target !== event.event_id) return [];
    return typeof key === "string" ? [key.replaceAll("\uFE0F", "")] : [];
  });
}
