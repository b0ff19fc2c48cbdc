import { plainText, type Cell, type Dialect, type Render } from "@hermes/markdown";
import { linkTarget, personAddress } from "./link-address.ts";

/** "Clients should limit the tag depth to 100" (m.room.message, formatted_body); a block of Markdown takes up to three. */
const maxDepth = 30;

const plain = plainText();

/**
 * Markdown in the tags that the specification lets clients show (`m.room.message`, org.matrix.custom.html). Everything is escaped: no
 * HTML of an agent's is HTML. `mayName`: whom a link may name; others stand as text.
 */
export function htmlDialect(mayName: (userId: string) => boolean): Dialect {
  return {
    between: () => "",
    inline: {
      text: ({ text }) => escapeHtml(text),
      strong: ({ content }, render) => tag("strong", render.inlines(content)),
      emphasis: ({ content }, render) => tag("em", render.inlines(content)),
      strike: ({ content }, render) => tag("del", render.inlines(content)),
      spoiler: ({ content }, render) => `<span data-mx-spoiler>${render.inlines(content)}</span>`,
      code: ({ text }) => tag("code", escapeHtml(text)),
      link: ({ address, content }, render) =>
        link(address, content.length === 0 ? escapeHtml(address) : render.inlines(content), mayName),
      image: ({ address, text }) => link(address, escapeHtml(text === "" ? address : text), mayName),
      break: () => "<br>",
      math: ({ text, source }) => `<span data-mx-maths="${escapeHtml(text)}">${tag("code", escapeHtml(source))}</span>`,
      html: ({ text }) => escapeHtml(text),
    },
    block: {
      heading: ({ level, content }, render) => tag(`h${level}`, render.inlines(content)),
      paragraph: ({ content }, render) => tag("p", render.inlines(content)),
      list: (node, render) => {
        if (render.depth > maxDepth) return tag("p", lines(plain.block.list(node, render)));
        const { isOrdered, start, items, isTight } = node.list;
        const inner = items.map((item) => {
          const box = item.isChecked === undefined ? "" : item.isChecked ? "☑ " : "☐ ";
          const [first] = item.blocks;
          const isLine = isTight && first?.type === "paragraph";
          const head = isLine ? render.inlines(first.content) : "";
          return tag("li", box + head + render.blocks(isLine ? item.blocks.slice(1) : item.blocks));
        });
        const opening = isOrdered ? (start === 1 ? "<ol>" : `<ol start="${start}">`) : "<ul>";
        return `${opening}${inner.join("")}</${isOrdered ? "ol" : "ul"}>`;
      },
      table: ({ table: { header, rows } }, render) =>
        tag(
          "table",
          tag("thead", row("th", header, render)) + tag("tbody", rows.map((cells) => row("td", cells, render)).join("")),
        ),
      quote: ({ blocks }, render) => (render.depth > maxDepth ? render.blocks(blocks) : tag("blockquote", render.blocks(blocks))),
      code: ({ text, language }) => {
        const name = /^[\w+#.-]{1,40}/u.exec(language)?.[0];
        const opening = name === undefined ? "<code>" : `<code class="language-${escapeHtml(name)}">`;
        return `<pre>${opening}${escapeHtml(text)}</code></pre>`;
      },
      rule: () => "<hr>",
      math: ({ text, source }) => `<div data-mx-maths="${escapeHtml(text)}">${tag("code", escapeHtml(source))}</div>`,
      html: ({ text }) => tag("p", lines(text)),
    },
  };
}

/** Text that cannot end a tag or an attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function tag(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}

function lines(text: string): string {
  return escapeHtml(text).replaceAll("\n", "<br>");
}

/** Cells may have no attributes there: how their columns are aligned is left out. */
function row(name: "td" | "th", cells: readonly Cell[], render: Render): string {
  return tag("tr", cells.map((cell) => tag(name, render.inlines(cell))).join(""));
}

function link(address: string, label: string, mayName: (userId: string) => boolean): string {
  const target = linkTarget(address);
  switch (target.kind) {
    case "page":
      return `<a href="${escapeHtml(target.address)}">${label}</a>`;
    case "person":
      return mayName(target.userId) ? `<a href="${escapeHtml(personAddress(target.userId))}">${label}</a>` : label;
    case "none":
      return label;
  }
}
