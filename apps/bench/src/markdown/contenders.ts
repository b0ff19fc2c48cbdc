import { parseMarkdown } from "@hermes/markdown";
import { Parser } from "commonmark";
import MarkdownIt from "markdown-it";
import { lexer } from "marked";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";

const markdownIt = new MarkdownIt({ html: true });
const commonmark = new Parser();

/** Each reads Markdown as far as a renderer needs it. `commonmark` knows no tables. */
export const contenders: Readonly<Record<string, (source: string) => unknown>> = {
  "@hermes/markdown": parseMarkdown,
  "marked, lexer": (source) => lexer(source),
  "markdown-it": (source) => markdownIt.parse(source, {}),
  "mdast with GFM": (source) => fromMarkdown(source, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }),
  "commonmark.js": (source) => commonmark.parse(source),
};
