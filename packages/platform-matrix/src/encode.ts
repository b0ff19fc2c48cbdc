import { isPlain, parseMarkdown, plainText, renderBlocks, type Dialect } from "@hermes/markdown";
import { clean, isBlank } from "./encode/clean.ts";
import { htmlDialect } from "./encode/html.ts";
import { linkTarget } from "./encode/link-address.ts";

export { isBlank };

/** A text as an event holds it. */
export interface Encoded {
  /** For clients and notifications that show no markup. */
  readonly body: string;
  /** HTML; undefined where the body says it all. */
  readonly formattedBody: string | undefined;
  /** Whom it names, of those it may name. */
  readonly mentioned: readonly string[];
}

/** Each takes up to 255 bytes of the event, and of an edit once more. */
const maxMentions = 10;

/** Markdown as Matrix shows it, naming nobody but `mentions`. Pure; never throws. */
export function encode(markdown: string, mentions: readonly string[]): Encoded {
  const named = new Set<string>();
  const rendered = render(markdown, (userId) => {
    const isAllowed = mentions.includes(userId);
    if (isAllowed) named.add(userId);
    return isAllowed;
  });
  for (const userId of mentions) if (rendered.body.includes(userId)) named.add(userId);
  return { ...rendered, mentioned: [...named].slice(0, maxMentions) };
}

/**
 * How long the message is: the bytes of its body and of its HTML as JSON, whoever may be named. 30,000 may: an edit holds both twice, and
 * the whole event may have 65,536.
 */
export function measure(markdown: string): number {
  const { body, formattedBody } = render(markdown, () => true);
  return jsonBytes(body) + (formattedBody === undefined ? 0 : jsonBytes(formattedBody));
}

/** How long what is sent is, by the same measure. */
export function lengthOf({ body, formattedBody }: Encoded): number {
  return jsonBytes(body) + (formattedBody === undefined ? 0 : jsonBytes(formattedBody));
}

/** What stands between the quotes in canonical JSON. */
function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}

function render(markdown: string, mayName: (userId: string) => boolean): Pick<Encoded, "body" | "formattedBody"> {
  const source = clean(markdown);
  if (isPlain(source)) return { body: source, formattedBody: undefined };
  const blocks = parseMarkdown(source);
  const body = renderBlocks(blocks, bodyDialect);
  // What would render to nothing stands as it was written.
  if (isBlank(body)) return { body: source, formattedBody: undefined };
  return { body, formattedBody: renderBlocks(blocks, htmlDialect(mayName)) };
}

const plain = plainText();
/** Whom a link names stands there by name: the address says nothing to people. */
const bodyDialect: Dialect = {
  ...plain,
  inline: {
    ...plain.inline,
    link: (node, deeper) => {
      const isPerson = node.content.length > 0 && linkTarget(node.address).kind === "person";
      return isPerson ? deeper.inlines(node.content) : plain.inline.link(node, deeper);
    },
  },
};
