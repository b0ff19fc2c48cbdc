import { localPartOf } from "../identifiers.ts";
import type { DecodeContext } from "./place.ts";
import { fieldsOf, textIn, type Fields } from "./raw-event.ts";

/** What a message says, and whether the bot is meant by it. */
export interface Words {
  readonly text: string;
  readonly isMentioned: boolean;
  /** It is a command that the gateway published. */
  readonly isCommand: boolean;
}

/** The first lines by which older clients showed what a reply answers (client-server API before 1.13, Fallbacks for rich replies). */
const fallback = /^> (?:\* )?<@[^>\n]{1,255}>[^\n]*\n(?:>[^\n]*\n)*\n?/u;

/**
 * Reads a message's words: without the quote that a client put before a reply, without the bot's name at the beginning, and with
 * `!command` as `/command` where the gateway has such a command.
 */
export function wordsOf(content: Fields, body: string, isReply: boolean, context: DecodeContext): Words {
  const said = isReply ? body.replace(fallback, "") : body;
  const isMentioned = mentions(content, said, context);
  const bare = isMentioned ? said.replace(namePattern(context), "") : said;
  const text = bare.trim() === "" ? said : bare;
  const [, name, rest = ""] = /^[!/]([A-Za-z][\w-]{0,63})(?=\s|$)([^]*)$/u.exec(text) ?? [];
  if (name === undefined || !context.commands.has(name.toLowerCase())) return { text, isMentioned, isCommand: false };
  return { text: `/${name}${rest}`, isMentioned, isCommand: true };
}

/** `m.mentions` says it all where it is there (User and room mentions); older clients put a link, the id or the name into the text. */
function mentions(content: Fields, text: string, context: DecodeContext): boolean {
  const named = fieldsOf(content["m.mentions"]);
  if (named !== undefined) return Array.isArray(named["user_ids"]) && named["user_ids"].includes(context.botId);
  const html = textIn(content, "formatted_body") ?? "";
  if (text.includes(context.botId) || linksTo(html, context.botId)) return true;
  return salutation(context).test(text);
}

function linksTo(html: string, userId: string): boolean {
  return [...html.matchAll(/href=["']https?:\/\/matrix\.to\/#\/([^"'?/]{1,400})["'?/]/gu)].some(([, target = ""]) => {
    try {
      return decodeURIComponent(target) === userId;
    } catch {
      // A link with a broken escape leads to nobody.
      return false;
    }
  });
}

/** A name is meant as one only at the beginning, with a sign behind it or an @ before it: bots are talked about, too. */
function salutation(context: DecodeContext): RegExp {
  const names = namesOf(context);
  return new RegExp(`^(?:@(?:${names})(?![\\w-])|(?:${names})[:,](?=\\s|$))`, "iu");
}

function namePattern(context: DecodeContext): RegExp {
  return new RegExp(`^\\s*@?(?:${namesOf(context)})(?:\\s*[:,]\\s*|\\s+)`, "iu");
}

/** The longest first, so that none hides another. */
function namesOf({ botId, botName }: DecodeContext): string {
  return [botId, botId.slice(1), botName ?? "", localPartOf(botId)]
    .filter((name) => name !== "")
    .toSorted((left, right) => right.length - left.length)
    .map((name) => name.replaceAll(/[.*+?^${}()|[\]\\/-]/gu, (sign) => `\\${sign}`))
    .join("|");
}
