import type { Json } from "@hermes/core";
import type { KeyFact } from "./keys.ts";
import { soundsSecret } from "./keys.ts";
import type { Merged, Winner } from "./merge.ts";
import type { Problem } from "./problem.ts";
import { keyOf, type Setting, type Source } from "./setting.ts";
import { isList } from "./substitute.ts";
import { didYouMean } from "./suggest.ts";
import { parseCount, parseDays, parseFlag, parseList, parsePort, showValue } from "./value.ts";

/** What a key is set to, and who set it. */
export interface KeyValue<Value> {
  readonly value: Value;
  readonly source: Source;
}

type Read<Value> = { readonly found?: KeyValue<Value>; readonly problem?: Problem };

/** Reads keys of the gateway's own and gathers what is wrong with them. A key that is wrong reads as if it were not set. */
export class KeyReader {
  readonly problems: Problem[] = [];
  readonly #merged: Merged;

  constructor(merged: Merged) {
    this.#merged = merged;
  }

  text(path: readonly string[], fact: KeyFact): KeyValue<string> | undefined {
    return this.#read(path, fact, "a text", (value) =>
      typeof value === "string" && value.trim() !== "" ? value.trim() : undefined,
    );
  }

  /** An id, which may be a number to whoever writes it. One that is too large to be kept as a number must be written as a text. */
  id(path: readonly string[], fact: KeyFact): KeyValue<string> | undefined {
    return this.#read(path, fact, "an id as a text", (value) => {
      const isId = typeof value === "string" || (typeof value === "number" && Number.isSafeInteger(value));
      const text = isId ? String(value).trim() : "";
      return text === "" ? undefined : text;
    });
  }

  port(path: readonly string[], fact: KeyFact): KeyValue<number> | undefined {
    return this.#read(path, fact, "a port from 0 to 65535", parsePort);
  }

  days(path: readonly string[], fact: KeyFact): KeyValue<number> | undefined {
    return this.#read(path, fact, "a whole number of days from 1 to 36500", parseDays);
  }

  count(path: readonly string[], fact: KeyFact): KeyValue<number> | undefined {
    const { least = 1, most } = fact.type === "count" ? fact : { most: Number.MAX_SAFE_INTEGER };
    return this.#read(path, fact, `a whole number from ${least} to ${most}`, (value) => parseCount(value, least, most));
  }

  flag(path: readonly string[], fact: KeyFact): KeyValue<boolean> | undefined {
    return this.#read(path, fact, "true or false", parseFlag);
  }

  list(path: readonly string[], fact: KeyFact): KeyValue<readonly string[]> | undefined {
    return this.#read(path, fact, "a list of texts", parseList);
  }

  /** A list of sections, as they are written. */
  sections(path: readonly string[], fact: KeyFact): KeyValue<readonly Json[]> | undefined {
    return this.#read(path, fact, "a list", (value) => (isList(value) ? value : undefined));
  }

  /** The names of a section, with the text of each. */
  map(path: readonly string[], fact: KeyFact): ReadonlyMap<string, KeyValue<string>> {
    const names = this.#merged.names(path);
    const entries = names.map((name) => [name, this.text([...path, name], fact)] as const);
    return new Map(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
  }

  choice(path: readonly string[], fact: Extract<KeyFact, { readonly type: "choice" }>): KeyValue<string> | undefined {
    const { choices } = fact;
    const value = this.#merged.get(path)?.setting.value;
    const meant = typeof value === "string" ? didYouMean(value, choices).trim() : "";
    const expected = choices.map((choice) => `\`${choice}\``).join(" or ");
    return this.#read(path, fact, expected, (value) => choices.find((choice) => choice === value), meant);
  }

  #read<Value>(
    path: readonly string[],
    fact: KeyFact,
    expected: string,
    parse: (value: NonNullable<Setting["value"]>) => Value | undefined,
    meant = "",
  ): KeyValue<Value> | undefined {
    const winner = this.#merged.get(path);
    const { found, problem } =
      winner === undefined ? nested<Value>(this.#merged, path, expected) : read(winner, expected, parse, fact, meant);
    if (problem !== undefined) this.problems.push(problem);
    return found;
  }
}

function read<Value>(
  { setting }: Winner,
  expected: string,
  parse: (value: NonNullable<Setting["value"]>) => Value | undefined,
  fact: KeyFact,
  meant: string,
): Read<Value> {
  const missing = missingVariable(setting);
  if (missing !== undefined) return { problem: missing };
  const value = setting.value === undefined || setting.value === null ? undefined : parse(setting.value);
  if (value !== undefined) return { found: { value, source: setting.source } };
  const key = keyOf(setting.path);
  const shown = showSetting(setting, fact.secret === true);
  const remedy = meant === "" ? `\`hermes config explain ${key}\` shows what sets it.` : meant;
  return { problem: { key, shown, source: setting.source, message: `expected ${expected}`, remedy } };
}

/** The key holds a section where a value is meant. */
function nested<Value>(merged: Merged, path: readonly string[], expected: string): Read<Value> {
  const [inside] = merged.under(path);
  if (inside === undefined) return {};
  const { source, path: insidePath } = inside.setting;
  const message = `expected ${expected}, got a section with \`${insidePath.at(path.length) ?? ""}\``;
  return { problem: { key: keyOf(path), source, message, remedy: "Write the value after the key's colon." } };
}

/** The problem of a value that stands where a section is meant. */
export function sectionProblem(merged: Merged, path: readonly string[]): Problem | undefined {
  const setting = merged.get(path)?.setting;
  if (setting === undefined) return undefined;
  const key = keyOf(path);
  const remedy = `Write the keys of \`${key}\` below it, indented.`;
  return { key, shown: showSetting(setting, false), source: setting.source, message: "expected a section of keys", remedy };
}

/** The problem of a text that takes in a variable nobody set. */
export function missingVariable({ path, source, missing }: Setting): Problem | undefined {
  if (missing === undefined) return undefined;
  return {
    key: keyOf(path),
    source,
    message: `takes in the variable ${missing}, which is not set`,
    remedy: `Set ${missing} in the environment or in .env. A text that needs \`\${${missing}}\` as it is says \`$\${${missing}}\`.`,
  };
}

/** A setting's value as it may be shown. */
export function showSetting(setting: Setting, secret: boolean): string {
  return secret || soundsSecret(setting.path) ? "(hidden)" : showValue(setting.value);
}
