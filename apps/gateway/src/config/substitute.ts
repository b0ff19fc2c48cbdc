import type { Json } from "@hermes/core";

/** What a variable is set to; undefined when nobody set it. */
export type Lookup = (name: string) => string | undefined;

export interface Substituted {
  readonly value: Json;
  readonly variables: readonly string[];
  readonly missing?: string;
}

const reference = /\$(\$?)\{([A-Za-z_][A-Za-z0-9_]*)\}/gu;

/** Puts variables where a text says `${NAME}`, also inside lists; `$${NAME}` stays a text, less one dollar sign. */
export function substitute(value: Json, lookup: Lookup): Substituted {
  const variables: string[] = [];
  const missing: string[] = [];
  const inText = (text: string): string =>
    text.replace(reference, (whole: string, escaped: string, name: string) => {
      if (escaped !== "") return whole.slice(1);
      variables.push(name);
      const found = lookup(name);
      if (found === undefined) missing.push(name);
      return found ?? "";
    });
  const substituted = mapTexts(value, inText);
  return { value: substituted, variables, ...(missing[0] === undefined ? {} : { missing: missing[0] }) };
}

function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === "string") return change(value);
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map((item) => mapTexts(item, change));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}

/** `Array.isArray` for read-only lists. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
