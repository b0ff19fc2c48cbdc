import { parseMarkdown, plainText, renderBlocks, toPlainText, type Dialect } from "@hermes/markdown";

/** "the characters & < >" are all that Slack's own markup reserves (Formatting message text, Escaping). */
export function escapeMrkdwn(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const plain = plainText({ alignedTableWidth: 100 });
const dialect: Dialect = {
  ...plain,
  inline: {
    ...plain.inline,
    text: ({ text }) => escapeMrkdwn(text),
    html: ({ text }) => escapeMrkdwn(text),
    math: ({ source }) => escapeMrkdwn(source),
    code: ({ text }) => (text.includes("`") ? escapeMrkdwn(text) : `\`${escapeMrkdwn(text)}\``),
    strong: ({ content }, render) => marked("*", render.inlines(content)),
    emphasis: ({ content }, render) => marked("_", render.inlines(content)),
    strike: ({ content }, render) => marked("~", render.inlines(content)),
    image: ({ address, text }) => linked(address, escapeMrkdwn(text)),
    link: ({ address, content }, render) => linked(address, render.inlines(content)),
  },
  block: {
    ...plain.block,
    heading: ({ content }, render) => marked("*", render.inlines(content)),
    code: ({ text }) => `\`\`\`\n${escapeMrkdwn(text.replaceAll("```", "'''"))}\n\`\`\``,
    table: (node) => `\`\`\`\n${escapeMrkdwn(toPlainText([node], { alignedTableWidth: 100 }).replaceAll("```", "'''"))}\n\`\`\``,
    quote: ({ blocks }, render) =>
      render
        .blocks(blocks)
        .split("\n")
        .map((line) => `> ${line}`)
        .join("\n"),
    math: ({ source }) => escapeMrkdwn(source),
    html: ({ text }) => escapeMrkdwn(text),
  },
};

/** Markdown in Slack's older markup, for where it takes no blocks; only `mentions` are pinged. */
export function toMrkdwn(markdown: string, mentions: readonly string[]): string {
  return renderBlocks(parseMarkdown(markdown.toWellFormed()), dialect).replaceAll(
    /&lt;@([UW][A-Z0-9]{2,20})&gt;/gu,
    (written, id: string) => (mentions.includes(id) ? `<@${id}>` : written),
  );
}

/** How much of a text is looked at to show its beginning. */
const sampleLength = 800;
const noticeLength = 300;

/**
 * The beginning of a text without markup, to go along with its blocks: "Mobile notifications continue to exclusively use message.text",
 * those of desktops read it where no text can be taken from blocks (Slack, changelog of July 2026), and so do screen readers. Nothing of
 * the message is cut by it: the blocks carry all of it.
 */
export function notificationText(markdown: string): string {
  const text = toPlainText(parseMarkdown(markdown.slice(0, sampleLength).toWellFormed()))
    .replaceAll(/\s+/gu, " ")
    .trim();
  const shown = text.length <= noticeLength ? text : `${text.slice(0, noticeLength).replace(/[\uD800-\uDBFF]$/u, "")}…`;
  return escapeMrkdwn(shown === "" ? "…" : shown);
}

function marked(mark: string, text: string): string {
  return text === "" || text.includes("\n") ? text : mark + text + mark;
}

function linked(address: string, label: string): string {
  if (!/^(?:https?:\/\/|mailto:)[^\s<>|]+$/iu.test(address))
    return label === "" ? escapeMrkdwn(address) : `${label} (${escapeMrkdwn(address)})`;
  const target = escapeMrkdwn(address);
  return label === "" || label === target ? `<${target}>` : `<${target}|${label.replaceAll("|", "¦").replaceAll("\n", " ")}>`;
}
