import type { MarkedToken, Token } from "marked";
import type { MathToken, SpoilerToken } from "./lexer.ts";
import { decodeReferences } from "./references.ts";
import type { Inline } from "./tree.ts";

/** The tree of what stands in a line. */
export function parseInlines(tokens: readonly Token[]): readonly Inline[] {
  const inlines: Inline[] = [];
  for (const token of tokens) addInline(token as MarkedToken | SpoilerToken | MathToken, inlines);
  return inlines;
}

function addInline(token: MarkedToken | SpoilerToken | MathToken, to: Inline[]): void {
  switch (token.type) {
    case "strong":
    case "spoiler":
      return void to.push({ type: token.type, content: parseInlines(token.tokens) });
    case "em":
      return void to.push({ type: "emphasis", content: parseInlines(token.tokens) });
    case "del":
      return void to.push({ type: "strike", content: parseInlines(token.tokens) });
    case "codespan":
      return void to.push({ type: "code", text: token.text });
    case "br":
      return void to.push({ type: "break" });
    case "math":
    case "mathBlock":
      return void to.push({ type: "math", text: token.text, source: token.source, isDisplayed: token.isDisplayed });
    case "checkbox":
      // It is told by the item that it stands in.
      return;
    case "link": {
      const { href: address, title } = token;
      const content: readonly Inline[] =
        token.autolink === true ? [{ type: "text", text: token.text }] : parseInlines(token.tokens);
      return void to.push({ type: "link", address, title: title ?? "", content });
    }
    case "image":
      return void to.push({
        type: "image",
        address: token.href,
        title: token.title ?? "",
        text: decodeReferences(token.text).replaceAll("\n", " "),
      });
    case "html":
      return void to.push(/^<br\s*\/?>$/iu.test(token.raw) ? { type: "break" } : { type: "html", text: token.raw });
    case "escape":
      return addText(token.text, to);
    case "text":
      if (token.tokens === undefined) return addText(decodeReferences(token.text), to);
      for (const inner of token.tokens) addInline(inner as MarkedToken | SpoilerToken | MathToken, to);
      return;
    default:
      return addText(token.raw, to);
  }
}

/** Text goes on where text was, so that neighbours are not two. */
export function addText(text: string, to: Inline[]): void {
  if (!text.includes("\n")) return append(text, to);
  const [first = "", ...rest] = text.replace(/\n[ \t]+/gu, "\n").split("\n");
  append(first, to);
  for (const line of rest) {
    to.push({ type: "break" });
    append(line, to);
  }
}

function append(text: string, to: Inline[]): void {
  if (text === "") return;
  const last = to.at(-1);
  if (last?.type === "text") to[to.length - 1] = { type: "text", text: last.text + text };
  else to.push({ type: "text", text });
}
