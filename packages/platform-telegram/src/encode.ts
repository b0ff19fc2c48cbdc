import { EntityWriter, type Encoded } from "./encode/entity-writer.ts";
import { render } from "./encode/render.ts";

/** What may be markup anywhere, or at the beginning of a line. A text without any of it is shown as it is. */
const markup = /[*_`~|[\]<>&\\#\t\r]|^[ +\-=]|^\d{1,9}[.)]|[ ]\n|\n{3}/mu;

/** Quotes and lists nested deeper than anybody means: parsing them costs more with every level. */
const tooDeep = /^(?: {0,3}(?:>|[*+-] |\d{1,9}[.)] ) ?){21}/mu;

/** Markdown as a text with entities. Pure; never throws; what it cannot render stands there as it was written. */
export function encode(markdown: string): Encoded {
  const source = markdown.toWellFormed();
  if (!markup.test(source) || tooDeep.test(source)) return verbatim(source);
  const rendered = renderOrNothing(source);
  return rendered.text === "" ? verbatim(source) : rendered;
}

/** How long the text is that will stand there, in UTF-16 code units: what Telegram limits to 4096. */
export function measure(markdown: string): number {
  return encode(markdown).text.length;
}

/** Nothing but spaces and invisible characters: Telegram refuses such a text. */
export function isBlank(text: string): boolean {
  return /^[\s\u180E\u200B-\u200F\u2028-\u202E\u2800\uFEFF\uFFFC]*$/u.test(text);
}

function verbatim(source: string): Encoded {
  const writer = new EntityWriter();
  writer.write(source);
  return writer.finish();
}

function renderOrNothing(source: string): Encoded {
  try {
    return render(source);
  } catch (error) {
    // Thousands of styles within each other exhaust the stack: such a text is shown as it was written.
    if (error instanceof RangeError) return { text: "", entities: [] };
    throw error;
  }
}
