import { reactionEmojis, type ReactionEmoji } from "../capabilities/reaction-emojis.ts";

/** What is said elsewhere with an emoji that Telegram does not take, said with one that it does. */
const standIns: ReadonlyMap<string, ReactionEmoji> = new Map([
  ["✅", "👍"],
  ["✔", "👍"],
  ["☑", "👍"],
  ["❌", "👎"],
  ["✖", "👎"],
  ["⛔", "👎"],
  ["🚫", "👎"],
  ["⏳", "👀"],
  ["⌛", "👀"],
  ["🔄", "👀"],
  ["⚙", "👨‍💻"],
  ["❓", "🤔"],
  ["⚠", "😨"],
]);

const known: ReadonlySet<string> = new Set(reactionEmojis);

/** The reaction that Telegram takes for `emoji`; undefined where it has none like it. */
export function reactionFor(emoji: string): ReactionEmoji | undefined {
  // Telegram writes its emoji without the character that asks for a coloured picture.
  const bare = emoji.replaceAll("\uFE0F", "");
  return known.has(bare) ? (bare as ReactionEmoji) : standIns.get(bare);
}

/** How many messages are remembered. */
const memory = 1000;

/** The bot's one reaction to each of the latest messages: one that replaced another is not taken away with it. */
export class OwnReactions {
  readonly #shown = new Map<string, string>();

  note(message: string, emoji: string): void {
    this.#shown.delete(message);
    this.#shown.set(message, emoji);
    const [oldest] = this.#shown.keys();
    if (this.#shown.size > memory && oldest !== undefined) this.#shown.delete(oldest);
  }

  /** Whether something else stands there by now, as far as is remembered. */
  isReplaced(message: string, emoji: string): boolean {
    const shown = this.#shown.get(message);
    return shown !== undefined && shown !== emoji;
  }

  forget(message: string): void {
    this.#shown.delete(message);
  }
}
