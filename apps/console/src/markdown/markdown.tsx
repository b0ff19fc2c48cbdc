import type { Tokens } from "marked";
import { memo, useRef, type ReactNode } from "react";
import { CodeBlock } from "./code-block.tsx";
import { lex, lexOn, shownTokens, type Lexed } from "./lex.ts";
import { blocksOf, headingRanks, inlinesOf, type Block, type Cell, type Inline, type ListEntry } from "./tree.ts";
import "./markdown.css";

/** Shows Markdown as elements, never as HTML. While `isGrowing`, only the end of the text is read again. */
export function Markdown({ text, isGrowing = false }: { readonly text: string; readonly isGrowing?: boolean }): ReactNode {
  const earlier = useRef<Lexed>(undefined);
  const known = earlier.current;
  const lexed = isGrowing ? lexOn(known, text) : known?.source === text && !wasGrowing.has(known) ? known : lex(text);
  if (isGrowing) wasGrowing.add(lexed);
  earlier.current = lexed;
  const tokens = isGrowing ? shownTokens(lexed.tokens) : lexed.tokens;
  const ranks = headingRanks(tokens);
  return (
    <div className="markdown">
      {tokens.map((token, index) => (
        <TopBlock
          key={index}
          raw={token.raw}
          token={token}
          rank={token.type === "heading" ? (ranks.get((token as Tokens.Heading).depth) ?? 0) : 0}
        />
      ))}
    </div>
  );
}

/** Texts read piece by piece are read once more as a whole when they are over. */
const wasGrowing = new WeakSet<Lexed>();

interface TopBlockProps {
  readonly raw: string;
  readonly token: Lexed["tokens"][number];
  /** Of a heading: 0 for the highest of this text. */
  readonly rank: number;
}

/** A block that reads as before stays as it is. */
const TopBlock = memo(
  ({ token, rank }: TopBlockProps): ReactNode =>
    token.type === "heading" ? <Heading token={token as Tokens.Heading} rank={rank} /> : blocksOf([token]).map(showBlock),
  (before, now) => before.raw === now.raw && before.rank === now.rank && before.token.type === now.token.type,
);

function showBlock(block: Block, index: number): ReactNode {
  switch (block.kind) {
    case "paragraph":
      return <p key={index}>{block.children.map(showInline)}</p>;
    case "line":
      return <span key={index}>{block.children.map(showInline)}</span>;
    case "heading":
      return (
        <p key={index} className={`heading-${Math.min(block.level, 4)}`}>
          <strong>{block.children.map(showInline)}</strong>
        </p>
      );
    case "code":
      return <CodeBlock key={index} language={block.language} text={block.text} />;
    case "quote":
      return <blockquote key={index}>{block.blocks.map(showBlock)}</blockquote>;
    case "list":
      return <List key={index} block={block} />;
    case "table":
      return <Table key={index} block={block} />;
    case "rule":
      return <hr key={index} />;
  }
}

/** The page has its own first level; an answer's headings follow it without a gap, whatever levels they were written with. */
function Heading({ token, rank }: { readonly token: Tokens.Heading; readonly rank: number }): ReactNode {
  const Tag = rank === 0 ? "h2" : rank === 1 ? "h3" : rank === 2 ? "h4" : "h5";
  return <Tag className={`heading-${Math.min(token.depth, 4)}`}>{inlinesOf(token.tokens).map(showInline)}</Tag>;
}

function List({ block }: { readonly block: Extract<Block, { readonly kind: "list" }> }): ReactNode {
  const entries = block.entries.map((entry, index) => <Entry key={index} entry={entry} />);
  if (block.start !== undefined) return <ol start={block.start}>{entries}</ol>;
  return <ul className={block.entries.some(({ checked }) => checked !== undefined) ? "tasks" : undefined}>{entries}</ul>;
}

function Entry({ entry }: { readonly entry: ListEntry }): ReactNode {
  const { checked, blocks } = entry;
  if (checked === undefined) return <li>{blocks.map(showBlock)}</li>;
  return (
    <li className="task">
      <span className="task-box" role="img" aria-label={checked ? "☑" : "☐"} data-checked={checked} />
      <div>{blocks.map(showBlock)}</div>
    </li>
  );
}

function Table({ block }: { readonly block: Extract<Block, { readonly kind: "table" }> }): ReactNode {
  return (
    <div className="table-scroll" tabIndex={0} role="group">
      <table>
        <thead>
          <tr>{block.head.map((cell, index) => showCell("th", cell, index))}</tr>
        </thead>
        <tbody>
          {block.rows.map((row, index) => (
            <tr key={index}>{row.map((cell, at) => showCell("td", cell, at))}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function showCell(Tag: "th" | "td", { align, children }: Cell, index: number): ReactNode {
  return (
    <Tag key={index} data-align={align} {...(Tag === "th" ? { scope: "col" } : {})}>
      {children.map(showInline)}
    </Tag>
  );
}

function showInline(inline: Inline, index: number): ReactNode {
  switch (inline.kind) {
    case "text":
      return inline.text;
    case "break":
      return <br key={index} />;
    case "code":
      return <code key={index}>{inline.text}</code>;
    case "strong":
      return <strong key={index}>{inline.children.map(showInline)}</strong>;
    case "emphasis":
      return <em key={index}>{inline.children.map(showInline)}</em>;
    case "deleted":
      return <del key={index}>{inline.children.map(showInline)}</del>;
    case "link":
      return (
        <a key={index} href={inline.href} title={inline.title} target="_blank" rel="noopener noreferrer">
          {inline.children.map(showInline)}
        </a>
      );
    case "image":
      return <img key={index} src={inline.source} alt={inline.alt} loading="lazy" />;
  }
}
