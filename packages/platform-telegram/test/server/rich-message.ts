import { badRequest } from "./bot-api-error.ts";
import { readRichTags, type RichTag } from "./rich-tags.ts";

/** A rich message as the server understands it. */
export interface RichMessageText {
  readonly html: string;
  /** What a reader sees: a line for each block, the cells of a row with tabs between them. */
  readonly text: string;
  /** What is limited to 32,768: characters of the text and of formulas, in Unicode code points. */
  readonly length: number;
  /** What is limited to 500: also nested ones, list items, table rows, quotations, and text that stands in a block by itself. */
  readonly blocks: number;
  readonly isRightToLeft: boolean;
}

const maxLength = 32_768;
const maxBlocks = 500;
const maxDepth = 16;
const maxMedia = 50;
const maxColumns = 20;
const media: ReadonlySet<string> = new Set(["img", "video", "audio", "tg-map"]);
/** Within these, text makes a paragraph although none was written. */
const holders: ReadonlySet<string> = new Set(["li", "blockquote", "details"]);
const counted: ReadonlySet<string> = new Set(
  "h1 h2 h3 h4 h5 h6 p pre footer hr ul ol li blockquote aside table tr details tg-math-block tg-collage tg-slideshow".split(" "),
);

/**
 * `InputRichMessage` as the server takes it: the HTML form with the tags of "Rich HTML style", within the limits of "Rich message
 * limits". Where the server is lenient about what counts, this counts all.
 *
 * @throws BotApiError for everything else.
 */
export function readRichMessage(value: unknown): RichMessageText {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw badRequest("object expected as rich message");
  const { html, markdown, is_rtl: isRightToLeft } = value as Readonly<Record<string, unknown>>;
  if ((html === undefined) === (markdown === undefined)) {
    throw badRequest("exactly one of the fields html or markdown must be used");
  }
  if (typeof html !== "string") throw badRequest("only the html field of rich messages is understood here");
  if (!html.isWellFormed()) throw badRequest("strings must be encoded in UTF-8");
  const reading = new Reading();
  readRichTags(html, reading);
  const text = reading.finish();
  if (!/[^\s\u180E\u200B-\u200F\u2028-\u202E\u2800\uFEFF\uFFFC]/u.test(text) && reading.media === 0) {
    throw badRequest("rich message must be non-empty");
  }
  return { html, text, length: reading.length, blocks: reading.blocks, isRightToLeft: isRightToLeft === true };
}

/** Counts what is limited while tags and text come by. */
class Reading {
  length = 0;
  blocks = 0;
  media = 0;
  #text = "";
  #depth = 0;
  #columns = 0;
  /** Text of its own stands in this holder already: more of it belongs to the same paragraph. */
  #inParagraph = false;

  open({ name, attributes }: RichTag, parents: readonly string[]): void {
    const isBlock = counted.has(name) || media.has(name);
    if (isBlock || name === "summary" || name === "caption") this.#inParagraph = false;
    if (isBlock) this.#block();
    if (media.has(name)) this.#take("media", ++this.media, maxMedia);
    if (name === "tr") this.#columns = 0;
    if (name === "td" || name === "th") {
      this.#columns += Number(attributes.get("colspan") ?? 1);
      this.#take("table columns", this.#columns, maxColumns);
      if (!this.#text.endsWith("\n")) this.#text += "\t";
    }
    if (name === "br") this.text("\n", parents);
    this.#depth = parents.length + 1;
    this.#take("levels of nesting", this.#depth, maxDepth);
  }

  close(name: string): void {
    if (counted.has(name)) this.#inParagraph = false;
  }

  text(characters: string, parents: readonly string[]): void {
    const isCode = parents.includes("pre");
    const shown = isCode || characters === "\n" ? characters : characters.replace(/[ \t\r\n]+/gu, " ");
    const holder = parents.findLast((name) => counted.has(name));
    const isAlone = holder === undefined || holders.has(holder);
    if (isAlone && !this.#inParagraph && !parents.includes("summary") && shown.trim() !== "") {
      this.#take("levels of nesting", parents.length + 1, maxDepth);
      this.#block();
      this.#inParagraph = true;
    }
    if (isAlone && !this.#inParagraph) return;
    this.#text += shown;
    for (const _character of shown) this.length++;
    this.#take("characters", this.length, maxLength);
  }

  finish(): string {
    return this.#text.replace(/^\n+|\n+$/gu, "");
  }

  #block(): void {
    this.#take("blocks", ++this.blocks, maxBlocks);
    if (!this.#text.endsWith("\n")) this.#text += "\n";
  }

  #take(what: string, count: number, limit: number): void {
    if (count > limit) throw badRequest(`rich message is too long: more than ${limit} ${what}`);
  }
}
