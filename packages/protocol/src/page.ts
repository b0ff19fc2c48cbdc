import { needed, object, optional, type ObjectShape } from "./object-shape.ts";
import { anyText, listOf, type Shape } from "./shape.ts";

/** A page of a list; without `next` it is the last. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Goes into `after` for the page behind this one. */
  readonly next?: string;
}

export function pageOf<Row>(name: string, row: Shape<Row>): ObjectShape<Page<Row>> {
  return object<Page<Row>>(name, {
    rows: needed(listOf(row), "newest first"),
    next: optional(anyText, "goes into `after` for the page behind this one; not there on the last"),
  });
}

/** What came of something done by hand. */
export interface Outcome {
  /** false: refused, nothing was changed. */
  readonly done: boolean;
  /** What was done, or why not, in one sentence. */
  readonly message: string;
}
