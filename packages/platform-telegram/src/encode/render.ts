import { Marked, type MarkedToken, type Token, type Tokens } from "marked";
import { linkAddress } from "./link-address.ts";
import { EntityWriter, type Encoded } from "./entity-writer.ts";
import { alignTable } from "./table.ts";

interface Spoiler {
  readonly type: "spoiler";
  readonly raw: string;
  readonly tokens: Token[];
}

const nestedIndent = "   ";
const rule = "──────────";

/** Telegram's own `||hidden||`, which Markdown does not know. */
const markdown = new Marked({
  extensions: [
    {
      name: "spoiler",
      level: "inline",
      start: (source) => source.indexOf("||"),
      tokenizer(source) {
        const match = /^\|\|(?=[^\s|])((?:(?!\|\|).)*[^\s|])\|\|(?!\|)/su.exec(source);
        return match === null ? undefined : { type: "spoiler", raw: match[0], tokens: this.lexer.inlineTokens(match[1] ?? "") };
      },
    },
  ],
});

/** Markdown as Telegram shows it. */
export function render(source: string): Encoded {
  const writer = new EntityWriter();
  renderBlocks(markdown.lexer(source), writer);
  return writer.finish();
}

/** The text alone; the address of a link stands behind it. */
export function withoutMarkup({ text, entities }: Encoded): string {
  const links = entities.flatMap((entity) =>
    entity.type === "text_link" ? [{ end: entity.offset + entity.length, url: entity.url }] : [],
  );
  return links.reduceRight((shown, { end, url }) => `${shown.slice(0, end)} (${url})${shown.slice(end)}`, text);
}

function renderBlocks(tokens: readonly Token[], writer: EntityWriter): void {
  for (const token of tokens) {
    if (token.type === "checkbox") continue;
    if (token.type !== "space") renderBlock(token as MarkedToken, writer);
    writer.break(breaksAfter(token.raw));
  }
}

/** As many as were written, but at least one and at most one empty line. */
function breaksAfter(raw: string): number {
  const trailing = /\n*$/u.exec(raw)?.[0].length ?? 0;
  return Math.min(2, Math.max(1, trailing));
}

function renderBlock(token: MarkedToken, writer: EntityWriter): void {
  switch (token.type) {
    case "heading":
      return writer.styled("bold", () => renderInline(token.tokens, writer));
    case "code":
      return renderCode(token, writer);
    case "table":
      return writer.pre(tableText(token));
    case "blockquote":
      return writer.quoted(() => renderBlocks(token.tokens, writer));
    case "list":
      return renderList(token, writer);
    case "hr":
      return writer.write(rule);
    case "paragraph":
    case "text":
      return renderInline(token.tokens ?? [token], writer);
    default:
      return writer.write(token.raw.trimEnd());
  }
}

/** What stands behind the fence is a language, or else the first line of the code. */
function renderCode({ text, lang: info = "" }: Tokens.Code, writer: EntityWriter): void {
  const language = /^[\w+#.-]{1,32}(?=$|\s)/u.exec(info)?.[0];
  writer.pre(language === undefined && info !== "" ? `${info}\n${text}` : text, language);
}

function renderList(list: Tokens.List, writer: EntityWriter): void {
  const first = list.start === "" ? 1 : list.start;
  for (const [index, item] of list.items.entries()) {
    writer.write(item.task ? box(item) : list.ordered ? `${first + index}. ` : "• ");
    writer.indented(nestedIndent, () => renderBlocks(item.tokens, writer));
    writer.break(breaksAfter(item.raw));
  }
}

function box(item: Tokens.ListItem): string {
  return item.checked === true ? "☑ " : "☐ ";
}

function renderInline(tokens: readonly Token[], writer: EntityWriter): void {
  for (const token of tokens) renderSpan(token as MarkedToken | Spoiler, writer);
}

function renderSpan(token: MarkedToken | Spoiler, writer: EntityWriter): void {
  switch (token.type) {
    case "strong":
      return writer.styled("bold", () => renderInline(token.tokens, writer));
    case "em":
      return writer.styled("italic", () => renderInline(token.tokens, writer));
    case "del":
      return writer.styled("strikethrough", () => renderInline(token.tokens, writer));
    case "spoiler":
      return writer.styled("spoiler", () => renderInline(token.tokens, writer));
    case "codespan":
      return writer.code(token.text);
    case "br":
      return writer.write("\n");
    case "escape":
      return writer.write(token.text);
    case "checkbox":
      // Its box stands before the item.
      return;
    case "link":
      return renderLink(token.href, token.autolink === true ? [] : token.tokens, token.text, writer);
    case "image":
      return renderLink(token.href, [], token.text, writer);
    case "html":
      return writer.write(/^<br\s*\/?>$/iu.test(token.raw) ? "\n" : token.raw);
    case "text":
      if (token.tokens !== undefined) return renderInline(token.tokens, writer);
      return writer.write(decodeReferences(token.text.replace(/\n[ \t]+/gu, "\n")));
    default:
      return writer.write(token.raw);
  }
}

/** A label that is the address itself needs no link: Telegram finds addresses. One it would refuse is shown behind the label. */
function renderLink(href: string, label: readonly Token[], text: string, writer: EntityWriter): void {
  const showLabel = (): void => (label.length > 0 ? renderInline(label, writer) : writer.write(decodeReferences(text)));
  if (text === "") return writer.write(href);
  if (href === text || href === `http://${text}` || href === `mailto:${text}`) return showLabel();
  const url = linkAddress(href);
  if (url !== undefined) return writer.link(url, showLabel);
  showLabel();
  if (href !== "") writer.write(` (${href.replace(/^mailto:/iu, "")})`);
}

/** A row with more cells than the header would lose the rest: such a table stands as it was written. */
function tableText(table: Tokens.Table): string {
  const lines = table.raw.trimEnd().split("\n");
  if (lines.slice(2).some((line) => cellCount(line) > table.header.length)) return table.raw.trimEnd();
  const row = (cells: readonly Tokens.TableCell[]): string[] => cells.map((cell) => cellText(cell.tokens));
  return alignTable(row(table.header), table.rows.map(row), table.align);
}

function cellCount(line: string): number {
  return line
    .trim()
    .replace(/^\||\|$/gu, "")
    .split(/(?<!\\)\|/u).length;
}

function cellText(tokens: readonly Token[]): string {
  const writer = new EntityWriter();
  renderInline(tokens, writer);
  return withoutMarkup(writer.finish()).replaceAll("\n", " ");
}

const namedReferences: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00A0" };

function decodeReferences(text: string): string {
  return text.replace(/&(?:(amp|lt|gt|quot|apos|nbsp)|#(\d{1,7})|#x([\da-f]{1,6}));/giu, (whole, name, decimal, hexadecimal) => {
    if (typeof name === "string") return namedReferences[name.toLowerCase()] ?? whole;
    const code = typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hexadecimal), 16);
    const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    return isCharacter ? String.fromCodePoint(code) : whole;
  });
}
