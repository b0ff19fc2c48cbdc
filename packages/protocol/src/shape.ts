/** What a value must be: checks it, says what is wrong with it, and describes itself for the documentation. */
export interface Shape<Value> {
  /** As people read it: `a whole number from 1 to 200`. */
  readonly expects: string;
  /** Shapes with a name of their own that this one is made of. */
  readonly uses: readonly NamedShape[];
  /** `at` names the place in the answer about what is wrong. */
  check(value: unknown, at: string): Checked<Value>;
}

/** A shape that has a section of its own in the documentation. */
export interface NamedShape {
  readonly name: string;
  readonly fields: Readonly<Record<string, Field>>;
}

/** One member of an object. */
export interface Field {
  readonly shape: Shape<unknown>;
  readonly isOptional: boolean;
  /** What it is for, without a full stop. */
  readonly description: string;
}

/** The value, or what is wrong in one sentence. */
export type Checked<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string; readonly at: string };

/** A text; default at most 256 characters. */
export function text({ maxLength = 256 }: { readonly maxLength?: number } = {}): Shape<string> {
  return leaf(
    `a text of 1 to ${maxLength} characters`,
    (value): value is string => typeof value === "string" && value.length > 0 && value.length <= maxLength,
  );
}

/** The number of an event, as the text that a page gives as its `next`. */
export const eventCursor: Shape<string> = leaf(
  "the `next` of a page of events",
  (value): value is string => typeof value === "string" && /^\d{1,15}$/u.test(value),
);

/** A text of any length, also an empty one: what a gateway answers with. */
export const anyText: Shape<string> = leaf("a text", (value): value is string => typeof value === "string");

/** A whole number from `least` to `most`. */
export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER): Shape<number> {
  return leaf(
    most === Number.MAX_SAFE_INTEGER ? `a whole number from ${least} on` : `a whole number from ${least} to ${most}`,
    (value): value is number => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most,
  );
}

/** A moment in milliseconds since the epoch. */
export const moment: Shape<number> = leaf("milliseconds since the epoch", (value): value is number => Number.isFinite(value));

/** Yes or no. */
export const flag: Shape<boolean> = leaf("true or false", (value): value is boolean => typeof value === "boolean");

/** One of a few words. */
export function choice<const Word extends string>(words: readonly Word[]): Shape<Word> {
  const known: ReadonlySet<unknown> = new Set(words);
  return leaf(`one of ${words.map((word) => `\`${word}\``).join(", ")}`, (value): value is Word => known.has(value));
}

/** A list of values of one shape. */
export function listOf<Value>(shape: Shape<Value>): Shape<readonly Value[]> {
  return {
    expects: `a list, each ${shape.expects}`,
    uses: shape.uses,
    check(value, at) {
      if (!Array.isArray(value)) return wrong("a list", value, at);
      const values: Value[] = [];
      for (const [index, item] of (value as readonly unknown[]).entries()) {
        const checked = shape.check(item, `${at}[${index}]`);
        if (!checked.ok) return checked;
        values.push(checked.value);
      }
      return { ok: true, value: values };
    },
  };
}

function leaf<Value>(expects: string, accepts: (value: unknown) => value is Value): Shape<Value> {
  return {
    expects,
    uses: [],
    check: (value, at) => (accepts(value) ? { ok: true, value } : wrong(expects, value, at)),
  };
}

/** The answer to a value that is something else. Never holds the value: that may be somebody's text. */
export function wrong(expects: string, value: unknown, at: string): Extract<Checked<never>, { ok: false }> {
  return { ok: false, at, problem: `Expected \`${at}\` to be ${expects}, got ${kindOf(value)}` };
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return value === "" ? "an empty text" : `a text of ${value.length} characters`;
  if (typeof value === "number") return String(value);
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
