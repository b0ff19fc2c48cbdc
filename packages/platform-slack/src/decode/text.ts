/** The addresses and people that Slack marks in a text. */
const marked = /<([^<>\n]{1,4000})>/gu;
const entities: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/** Slack's markup as people would write it: links as Markdown, channels and groups by their names, people as `<@U…>`. */
export function readText(text: string): string {
  let written = "";
  let at = 0;
  for (const { 0: whole, 1: inner = "", index } of text.matchAll(marked)) {
    written += unescaped(text.slice(at, index)) + (readMark(inner) ?? unescaped(whole));
    at = index + whole.length;
  }
  return written + unescaped(text.slice(at));
}

/** Whether somebody is mentioned. */
export function mentions(text: string, userId: string): boolean {
  return new RegExp(`<@${userId}(?:\\|[^>]*)?>`, "u").test(text);
}

/** Whether people, a group or everybody is named, and this one is not. */
export function isForOthers(text: string, userId: string | undefined): boolean {
  if (userId !== undefined && mentions(text, userId)) return false;
  return /<(?:@[UW][A-Z0-9]+|!(?:here|channel|everyone|group|subteam\^[A-Z0-9]+))(?:\|[^>]*)?>/u.test(text);
}

/** A text without the mention of somebody, and without the gap it leaves. */
export function withoutMention(text: string, userId: string): string {
  const mention = new RegExp(`[ \\t]*<@${userId}(?:\\|[^>]*)?>(?:[ \\t]*[:,](?=\\s|$))?`, "gu");
  const without = text.replaceAll(mention, "");
  return without === text ? text : without.replaceAll(/^[ \t\n]+|[ \t\n]+$/gu, "");
}

/** undefined: none of Slack's marks. */
function readMark(inner: string): string | undefined {
  const bar = inner.indexOf("|");
  const [target, label] = bar === -1 ? [inner, ""] : [inner.slice(0, bar), unescaped(inner.slice(bar + 1))];
  if (/^@[UWB][A-Z0-9]+$/u.test(target)) return `<${target}>`;
  if (/^#[CGD][A-Z0-9]+$/u.test(target)) return label === "" ? `<${target}>` : `#${label}`;
  if (target.startsWith("!")) return readSpecial(target.slice(1), label);
  if (!/^[a-z][a-z0-9+.-]*:/iu.test(target)) return undefined;
  const address = unescaped(target);
  const bare = address.replace(/^(?:mailto|tel):/u, "");
  if (label === "" || label === address || label === bare || address === `http://${label}`) return bare;
  return `[${label}](${address})`;
}

function readSpecial(what: string, label: string): string {
  const name = what.split("^")[0] ?? "";
  if (label !== "") return label;
  return name === "subteam" ? `@${what.split("^")[1] ?? "group"}` : `@${name}`;
}

function unescaped(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt);/gu, (entity) => entities[entity] ?? entity);
}
