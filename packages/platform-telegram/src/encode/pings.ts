import type { MessageEntity } from "grammy/types";
import { maxEntities, type Encoded } from "./entity-writer.ts";
import type { Shown } from "./shown.ts";

const alone: ReadonlySet<string> = new Set(["code", "pre", "text_link"]);
const styles: ReadonlySet<string> = new Set(["bold", "italic", "underline", "strikethrough", "spoiler"]);

/**
 * The same text, pinging nobody but `allowed`: a name that Telegram would make a mention stands as code, which it leaves alone, and a
 * link to a person who is not allowed is none.
 */
export function withoutPings(encoded: Encoded, allowed: readonly string[]): Encoded {
  const entities = encoded.entities.filter((entity) => entity.type !== "text_link" || mayLink(entity.url, allowed));
  const names = [...encoded.text.matchAll(/(?<!\w)@\w{3,32}/gu)]
    .map((match) => ({ type: "code" as const, offset: match.index, length: match[0].length }))
    .filter((name) => !entities.some((entity) => alone.has(entity.type) && overlap(entity, name)));
  if (names.length === 0) return { text: encoded.text, entities };
  if (names.length > maxEntities)
    return { text: encoded.text, entities: [{ type: "code", offset: 0, length: encoded.text.length }] };
  const cut = names.reduce<readonly MessageEntity[]>((rest, name) => rest.flatMap((entity) => around(entity, name)), entities);
  const kept = [...names, ...cut].slice(0, maxEntities);
  return { text: encoded.text, entities: kept.sort((a, b) => a.offset - b.offset || b.length - a.length) };
}

/** The same words where there is no markup to keep Telegram from making mentions of names: with a sign that only looks like theirs. */
export function withoutNames(text: string): string {
  return text.replace(/(?<!\w)@(?=\w{3})/gu, "＠");
}

/** The same message, whatever its form, pinging nobody but `allowed`. In rich messages, where nothing is detected, only links name people. */
export function shownWithoutPings(shown: Shown, allowed: readonly string[]): Shown {
  if (shown.form === "text") return { form: "text", ...withoutPings(shown, allowed) };
  const html = shown.html.replace(/<a href="([^"]*)">(.*?)<\/a>/gsu, (link, url: string, label: string) =>
    mayLink(url.replaceAll("&amp;", "&"), allowed) ? link : label,
  );
  return { ...shown, html, fallback: withoutPings(shown.fallback, allowed) };
}

/** Telegram reads the number from any parameter called `id`. */
function mayLink(url: string, allowed: readonly string[]): boolean {
  if (!/^tg:(?:\/\/)?user(?![\w-])/iu.test(url)) return true;
  const people = [...url.matchAll(/[?&]id=([^&#]*)/giu)].map(([, id = ""]) => id);
  return people.length === 1 && people.every((id) => allowed.includes(id));
}

function overlap(left: MessageEntity, right: MessageEntity): boolean {
  return left.offset < right.offset + right.length && right.offset < left.offset + left.length;
}

/** A style with a hole where `name` stands. */
function around(entity: MessageEntity, name: MessageEntity): MessageEntity[] {
  if (!styles.has(entity.type) || !overlap(entity, name)) return [entity];
  const end = entity.offset + entity.length;
  const after = name.offset + name.length;
  return [
    { ...entity, length: name.offset - entity.offset },
    { ...entity, offset: after, length: end - after },
  ].filter((piece) => piece.length > 0);
}
