import { setImmediate as nextTurn } from "node:timers/promises";

/** Elements that hold nothing to read. */
const silent: ReadonlySet<string> = new Set("script style noscript template svg canvas iframe object head select".split(" "));
const blocks: ReadonlySet<string> = new Set(
  "p div section article main header footer nav aside ul ol dl dt dd table tr blockquote figure form fieldset address details summary hr".split(
    " ",
  ),
);
/** How much is parsed before others have their turn. */
const pieceCharacters = 16 * 1024;

/** What of a page there is to read. */
export interface ReadablePage {
  readonly title: string;
  /** Markdown. */
  readonly text: string;
}

/**
 * A page as Markdown: headings, lists, links, code and tables as lines. It is parsed piece by piece, and between two pieces everything
 * else goes on, however large the page is. No more than `maxCharacters` are kept.
 */
export async function readPage(html: string, base: string, maxCharacters: number, signal: AbortSignal): Promise<ReadablePage> {
  const { Parser } = await import("htmlparser2");
  const page = new PageWriter(base, maxCharacters);
  const parser = new Parser(
    {
      onopentag: (name, attributes) => page.open(name, attributes),
      ontext: (text) => page.say(text),
      onclosetag: (name) => page.close(name),
    },
    { decodeEntities: true, lowerCaseTags: true },
  );
  for (let at = 0; at < html.length && !page.isFull; at += pieceCharacters) {
    parser.write(html.slice(at, at + pieceCharacters));
    await nextTurn();
    signal.throwIfAborted();
  }
  parser.end();
  return page.finish();
}

class PageWriter {
  readonly #base: string;
  readonly #maxCharacters: number;
  readonly #parts: string[] = [];
  readonly #links: string[] = [];
  #length = 0;
  #title = "";
  #silence = 0;
  #isInTitle = false;
  #preformatted = 0;

  constructor(base: string, maxCharacters: number) {
    this.#base = base;
    this.#maxCharacters = maxCharacters;
  }

  get isFull(): boolean {
    return this.#length > this.#maxCharacters;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === "title") this.#isInTitle = this.#title === "";
    if (silent.has(name)) this.#silence += 1;
    if (this.#silence > 0) return;
    if (/^h[1-6]$/u.test(name)) this.#put(`\n\n${"#".repeat(Number(name[1]))} `);
    else if (name === "li") this.#put("\n- ");
    else if (name === "br") this.#put("\n");
    else if (name === "td" || name === "th") this.#put(" | ");
    else if (name === "pre") {
      this.#preformatted += 1;
      this.#put("\n\n```\n");
    } else if (name === "img" && attributes["alt"] !== undefined && attributes["alt"].trim() !== "") {
      this.#put(`[image: ${attributes["alt"].slice(0, 200)}]`);
    } else if (name === "a") this.#links.push(this.#address(attributes["href"]));
    else if (blocks.has(name)) this.#put("\n\n");
  }

  say(text: string): void {
    if (this.#isInTitle) this.#title = (this.#title + text).slice(0, 300);
    if (this.#silence > 0) return;
    this.#put(this.#preformatted > 0 ? text : text.replace(/\s+/gu, " "));
  }

  close(name: string): void {
    if (name === "title") this.#isInTitle = false;
    if (silent.has(name)) {
      this.#silence = Math.max(0, this.#silence - 1);
      return;
    }
    if (this.#silence > 0) return;
    if (name === "pre") {
      this.#preformatted = Math.max(0, this.#preformatted - 1);
      this.#put("\n```\n\n");
    } else if (name === "a") {
      const address = this.#links.pop() ?? "";
      if (address !== "") this.#put(` (${address})`);
    } else if (blocks.has(name) || /^h[1-6]$/u.test(name)) this.#put("\n\n");
  }

  finish(): ReadablePage {
    const text = this.#parts
      .join("")
      .replace(/[ \t]+\n/gu, "\n")
      .replace(/\n[ \t]+(?=\S)/gu, "\n")
      .replace(/\n{3,}/gu, "\n\n")
      .replace(/ {2,}/gu, " ")
      .trim();
    return { title: this.#title.replace(/\s+/gu, " ").trim(), text };
  }

  #put(text: string): void {
    if (this.isFull) return;
    this.#parts.push(text);
    this.#length += text.length;
  }

  #address(href: string | undefined): string {
    const url = href === undefined || href.startsWith("#") || href.length > 1000 ? null : URL.parse(href, this.#base);
    return url !== null && (url.protocol === "https:" || url.protocol === "http:") ? url.href : "";
  }
}
