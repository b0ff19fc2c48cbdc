import { badRequest, type BotApiError } from "./bot-api-error.ts";

export interface RichTag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** Hears what stands in rich HTML, in order. `parents` are the names of the open tags, outermost first. */
export interface RichReader {
  open(tag: RichTag, parents: readonly string[]): void;
  close(name: string): void;
  text(characters: string, parents: readonly string[]): void;
}

/** The tags of "Rich HTML style" and their attributes; no other is supported. */
const tags: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    [
      "b strong i em u ins s strike del mark sub sup tg-spoiler h1 h2 h3 h4 h5 h6 p pre footer ul aside cite table tr",
      "caption summary figure figcaption tg-collage tg-slideshow tg-math tg-math-block br hr",
    ]
      .join(" ")
      .split(" ")
      .map((name) => [name, []]),
  ),
  a: ["href", "name"],
  code: ["class"],
  "tg-reference": ["name"],
  "tg-emoji": ["emoji-id"],
  "tg-time": ["unix", "format"],
  ol: ["start", "type", "reversed"],
  li: ["value", "type"],
  input: ["type", "checked"],
  blockquote: ["expandable"],
  table: ["bordered", "striped"],
  td: ["colspan", "rowspan", "align", "valign"],
  th: ["colspan", "rowspan", "align", "valign"],
  details: ["open"],
  img: ["src", "alt", "tg-spoiler"],
  video: ["src", "tg-spoiler"],
  audio: ["src"],
  "tg-map": ["lat", "long", "zoom"],
};
const empty: ReadonlySet<string> = new Set(["br", "hr", "input", "img", "tg-map"]);
const switches: ReadonlySet<string> = new Set(["reversed", "checked", "expandable", "bordered", "striped", "open", "tg-spoiler"]);
const inline: ReadonlySet<string> = new Set(
  "b strong i em u ins s strike del mark sub sup tg-spoiler a code tg-reference tg-emoji tg-time tg-math br".split(" "),
);
/** What must stand directly in what. */
const within: Readonly<Record<string, readonly string[]>> = {
  li: ["ul", "ol"],
  input: ["li"],
  tr: ["table"],
  td: ["tr"],
  th: ["tr"],
  caption: ["table"],
  summary: ["details"],
  figcaption: ["figure", "tg-collage", "tg-slideshow"],
};
/** What holds nothing but these; null stands for text. */
const onlyHolds: Readonly<Record<string, readonly (string | null)[]>> = {
  ul: ["li"],
  ol: ["li"],
  table: ["tr", "caption"],
  tr: ["td", "th"],
  "tg-math": [null],
  "tg-math-block": [null],
  code: [null],
  pre: [null, "code"],
};
/** These hold formatting within a line only. */
const lines: ReadonlySet<string> = new Set([
  ...inline,
  "h1",
  "h2",
  "h3",
  "h4",
  "h5",
  "h6",
  "p",
  "td",
  "th",
  "caption",
  "summary",
]);

const references: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  amp: "&",
  quot: '"',
  apos: "'",
  nbsp: "\u00A0",
  hellip: "…",
  mdash: "—",
  ndash: "–",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
};

/**
 * Reads rich HTML, refusing every tag and attribute that is not documented and every one in a place where it makes no sense.
 *
 * @throws BotApiError `can't parse rich message: …`
 */
export function readRichTags(source: string, reader: RichReader): void {
  const open: string[] = [];
  const piece = /<(\/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-z-]+(?:="[^"<]*")?)*)\s*(\/?)>|([^<]+)|</gu;
  for (const [whole, slash, name, attributes = "", selfClosing, text] of source.matchAll(piece)) {
    if (text !== undefined) readText(text, open, reader);
    else if (name === undefined) throw unparsable(`Unsupported or unclosed tag after "${open.join(" > ")}"`);
    else if (slash === "/") readEndTag(name.toLowerCase(), open, reader);
    else {
      const tag = { name: name.toLowerCase(), attributes: readAttributes(name.toLowerCase(), attributes, whole) };
      checkPlace(tag.name, open);
      reader.open(tag, open);
      if (empty.has(tag.name)) continue;
      if (selfClosing === "/") throw unparsable(`Tag "${tag.name}" can't be self-closing`);
      open.push(tag.name);
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) throw unparsable(`Can't find end tag corresponding to start tag "${unclosed}"`);
}

function unparsable(what: string): BotApiError {
  return badRequest(`can't parse rich message: ${what}`);
}

function readText(source: string, open: readonly string[], reader: RichReader): void {
  const parent = open.at(-1) ?? "";
  const text = decode(source);
  if (!text.isWellFormed()) throw badRequest("strings must be encoded in UTF-8");
  const holds = onlyHolds[parent];
  if (holds !== undefined && !holds.includes(null)) {
    if (text.trim() !== "") throw unparsable(`Unexpected text in the tag "${parent}"`);
    return;
  }
  reader.text(text, open);
}

function readEndTag(name: string, open: string[], reader: RichReader): void {
  const expected = open.pop();
  if (expected === undefined) throw unparsable("Unexpected end tag");
  if (expected !== name) throw unparsable(`Unmatched end tag, expected "</${expected}>", found "</${name}>"`);
  reader.close(name);
}

function readAttributes(name: string, source: string, whole: string): ReadonlyMap<string, string> {
  const known = Object.hasOwn(tags, name) ? tags[name] : undefined;
  if (known === undefined) throw unparsable(`Unsupported start tag "${name}"`);
  const attributes = new Map<string, string>();
  for (const [, attribute = "", value] of source.matchAll(/([a-z-]+)(?:="([^"]*)")?/gu)) {
    if (!known.includes(attribute)) throw unparsable(`Unsupported attribute in ${whole}`);
    if ((value === undefined) !== switches.has(attribute)) throw unparsable(`Wrong value of an attribute in ${whole}`);
    attributes.set(attribute, decode(value ?? ""));
  }
  if (name === "input" && attributes.get("type") !== "checkbox") throw unparsable("Unsupported type of input");
  if (name === "a" && !isTakenAddress(attributes)) throw unparsable(`Wrong address in ${whole}`);
  return attributes;
}

/** The server drops or refuses links it cannot open; here they are always refused. */
function isTakenAddress(attributes: ReadonlyMap<string, string>): boolean {
  const href = attributes.get("href");
  if (href === undefined) return attributes.has("name");
  if (/^(?:#|mailto:[^\s@]+@[^\s@]+\.|tel:\+?\d|tg:\/\/[a-z0-9_-])/iu.test(href)) return true;
  const url = /^https?:\/\//iu.test(href) ? URL.parse(href) : null;
  return url?.hostname.includes(".") === true;
}

function checkPlace(name: string, open: readonly string[]): void {
  const parent = open.at(-1) ?? "";
  const places = within[name];
  if (places !== undefined && !places.includes(parent)) throw unparsable(`Unexpected tag "${name}" in "${parent}"`);
  const holds = onlyHolds[parent];
  if (holds !== undefined && !holds.includes(name)) throw unparsable(`Unexpected tag "${name}" in "${parent}"`);
  if (holds === undefined && lines.has(parent) && !inline.has(name)) throw unparsable(`Unexpected tag "${name}" in "${parent}"`);
  if (name === "a" && open.includes("a")) throw unparsable("Nested links are not supported");
}

function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/giu, (whole, hexadecimal, decimal, name) => {
    if (typeof name === "string") return references[name] ?? whole;
    const code = typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hexadecimal), 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
