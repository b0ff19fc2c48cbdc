import { isUserId, localPartOf } from "../identifiers.ts";
import type { DecodeContext } from "./place.ts";
import { fieldsOf, textIn, type Fields } from "./raw-event.ts";

/** What a message says, and whether the bot is meant by it. */
export interface Words {
  readonly text: string;
  readonly isMentioned: boolean;
  /** Others are named, and the bot is not. */
  readonly isForOthers: boolean;
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
  const isForOthers = !isMentioned && namesOthers(content, said, context);
  const bare = isMentioned ? said.replace(namePattern(context), "") : said;
  const text = bare.trim() === "" ? said : bare;
  const [, name, rest = ""] = /^[!/]([A-Za-z][\w-]{0,63})(?=\s|$)([^]*)$/u.exec(text) ?? [];
  if (name === undefined || !context.commands.has(name.toLowerCase()))
    return { text, isMentioned, isForOthers, isCommand: false };
  return { text: `/${name}${rest}`, isMentioned, isForOthers, isCommand: true };
}

/** `m.mentions` says it all where it is there (User and room mentions); older clients put a link, the id or the name into the text. */
function mentions(content: Fields, text: string, context: DecodeContext): boolean {
  const named = fieldsOf(content["m.mentions"]);
  if (named !== undefined) return Array.isArray(named["user_ids"]) && named["user_ids"].includes(context.botId);
  const html = textIn(content, "formatted_body") ?? "";
  if (text.includes(context.botId) || linkedIn(html).includes(context.botId)) return true;
  return salutation(context).test(text);
}

/** The bot aside: other people, or everybody. */
function namesOthers(content: Fields, text: string, { botId }: DecodeContext): boolean {
  const named = fieldsOf(content["m.mentions"]);
  if (named !== undefined) return named["room"] === true || (Array.isArray(named["user_ids"]) && named["user_ids"].length > 0);
  const isForAll = /(?:^|\s)@room(?![\w:-])/u.test(text);
  return isForAll || linkedIn(textIn(content, "formatted_body") ?? "").some((id) => isUserId(id) && id !== botId);
}

/** What the links of an HTML text lead to on matrix.to. */
function linkedIn(html: string): readonly string[] {
  const links = html.replace(/^\s*<mx-reply>[^]*?<\/mx-reply>/u, "").matchAll(link);
  return [...links].flatMap(([, target = ""]) => {
    try {
      return [decodeURIComponent(target)];
    } catch {
      // A link with a broken escape leads to nobody.
      return [];
    }
  });
}

const link = /href=["']https?:\/\/matrix\.to\/#\/([^"'?/]{1,400})["'?/]/gu;

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
