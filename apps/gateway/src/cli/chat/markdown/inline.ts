import type { Token, Tokens } from "marked";
import type { Mark } from "../style.ts";
import type { Span } from "./spans.ts";

/** The text of a paragraph, a heading or a cell, in stretches that look the same. */
export function spansOf(tokens: readonly Token[], marks: readonly Mark[], keepsMarkers: boolean): readonly Span[] {
  return tokens.flatMap((token) => spansOfOne(token as Tokens.Generic, marks, keepsMarkers));
}

function spansOfOne(token: Tokens.Generic, marks: readonly Mark[], keepsMarkers: boolean): readonly Span[] {
  // Without styles nothing tells what is meant better than what was written.
  if (keepsMarkers) return [{ text: token.raw, marks }];
  const children = (mark?: Mark): readonly Span[] => {
    const inner = mark === undefined || marks.includes(mark) ? marks : [...marks, mark];
    return token.tokens === undefined ? [{ text: textOf(token), marks: inner }] : spansOf(token.tokens, inner, keepsMarkers);
  };
  switch (token.type) {
    case "strong":
      return children("bold");
    case "em":
      return children("italic");
    case "del":
      return children("strike");
    case "codespan":
      return [{ text: textOf(token), marks: [...marks, "code"] }];
    case "link":
      return linkSpans(token, marks, children("underline"));
    case "image":
      return [
        { text: `[${textOf(token) === "" ? "image" : textOf(token)}]`, marks },
        { text: ` (${String(token["href"])})`, marks: [...marks, "dim"] },
      ];
    case "br":
      return [{ text: "\n", marks }];
    case "html":
      return [{ text: /^<br *\/?>$/iu.test(token.raw) ? "\n" : token.raw, marks }];
    case "checkbox":
      return [];
    case "text":
      return token.tokens === undefined ? [{ text: decodeEntities(textOf(token)), marks }] : children();
    case "escape":
      return [{ text: textOf(token), marks }];
    default:
      return [{ text: token.raw, marks }];
  }
}

function linkSpans(token: Tokens.Generic, marks: readonly Mark[], shown: readonly Span[]): readonly Span[] {
  const href = String(token["href"]);
  const text = shown.map((span) => span.text).join("");
  if (text === href || `mailto:${text}` === href || `http://${text}` === href || href === "") return shown;
  return [...shown, { text: ` (${href})`, marks: [...marks, "dim"] }];
}

function textOf(token: Tokens.Generic): string {
  return typeof token["text"] === "string" ? token["text"] : token.raw;
}

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
  "&apos;": "'",
  "&nbsp;": "\u00A0",
};

function decodeEntities(text: string): string {
  return text.includes("&")
    ? text.replaceAll(/&(?:amp|lt|gt|quot|apos|nbsp|#39);/gu, (entity) => entities[entity] ?? entity)
    : text;
}
