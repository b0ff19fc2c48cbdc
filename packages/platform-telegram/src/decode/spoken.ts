import { richText } from "./rich-text.ts";
import type { TelegramMessage } from "./update.ts";

/**
 * What a message says that has neither text nor caption, in words: whoever sends a place or a poll means to be heard. Undefined where
 * there is nothing to say.
 */
export function spokenOf(message: TelegramMessage): string | undefined {
  const { rich_message: rich, sticker, venue, location, contact, poll, dice, checklist, game } = message;
  if (rich !== undefined) return richText(rich.blocks);
  if (sticker !== undefined) return sticker.emoji ?? "";
  // A venue is a location as well.
  if (venue !== undefined) return `[Venue ${venue.title}, ${venue.address} (${point(venue.location)})]`;
  if (location !== undefined) return `[Location ${point(location)}]`;
  if (contact !== undefined)
    return `[Contact ${[contact.first_name, contact.last_name].filter(Boolean).join(" ")}, ${contact.phone_number}]`;
  if (poll !== undefined)
    return `[Poll ${poll.question}: ${poll.options.map(({ text }, index) => `${index + 1}. ${text}`).join(", ")}]`;
  if (dice !== undefined) return `[${dice.emoji} ${dice.value}]`;
  if (checklist !== undefined) return `[Checklist ${checklist.title}: ${checklist.tasks.map(task).join(", ")}]`;
  if (game !== undefined) return `[Game ${game.title}]`;
  return undefined;
}

function point({ latitude, longitude }: { readonly latitude: number; readonly longitude: number }): string {
  return `${latitude}, ${longitude}`;
}

function task({
  text,
  completion_date: doneAt = 0,
}: {
  readonly text: string;
  readonly completion_date?: number | undefined;
}): string {
  return `${doneAt > 0 ? "☑" : "☐"} ${text}`;
}

/**
 * A line that says whose words these are. Without it, a forwarded text would be read as the sender's own, and a forwarded command run.
 * A channel's post in its discussion group is the channel's own.
 */
export function forwardedBy({ forward_origin: origin, is_automatic_forward: isOwn }: TelegramMessage): string | undefined {
  if (origin === undefined || isOwn === true) return undefined;
  const { sender_user: user, sender_user_name: hidden, sender_chat: sender, chat } = origin;
  const name =
    user === undefined ? (hidden ?? sender?.title ?? chat?.title) : [user.first_name, user.last_name].filter(Boolean).join(" ");
  return name === undefined || name === "" ? "[Forwarded]" : `[Forwarded from ${name.replace(/\s+/gu, " ")}]`;
}
