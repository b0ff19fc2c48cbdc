import type { Source } from "./setting.ts";

/** One variable of a `.env` file. */
export interface EnvironmentEntry {
  readonly value: string;
  readonly source: Extract<Source, { readonly kind: "env-file" }>;
}

export interface EnvironmentFile {
  /** The last assignment of a name wins. */
  readonly entries: ReadonlyMap<string, EnvironmentEntry>;
  /** Lines that are neither a comment nor an assignment. */
  readonly malformedLines: readonly number[];
}

const assignment = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*/u;
const blank = /^[ \t]*(?:#.*)?$/u;

/**
 * Reads the text of a `.env` file: `NAME=value`, `export`, comments, and values in single, double or back quotes that may span
 * lines. Double quotes know `\n`, `\r`, `\t`, `\"` and `\\`; nothing is substituted and nothing becomes part of the environment.
 */
export function parseEnvironmentFile(text: string, file: string): EnvironmentFile {
  const entries = new Map<string, EnvironmentEntry>();
  const malformedLines: number[] = [];
  const lines = text.replace(/^\uFEFF/u, "").split(/\r\n|\n|\r/u);
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const name = assignment.exec(line);
    if (name?.[1] === undefined) {
      if (!blank.test(line)) malformedLines.push(index + 1);
      continue;
    }
    const source = { kind: "env-file", file, name: name[1], line: index + 1 } as const;
    const quoted = readQuoted(lines, index, name[0].length);
    entries.set(name[1], { value: quoted?.value ?? unquoted(line.slice(name[0].length)), source });
    index = quoted?.endIndex ?? index;
  }
  return { entries, malformedLines };
}

/** A `#` begins a comment only after white space: tokens may contain one. */
function unquoted(rest: string): string {
  return rest.replace(/(?:^|[ \t]+)#.*$/u, "").trim();
}

interface Quoted {
  readonly value: string;
  readonly endIndex: number;
}

/** undefined when no quote opens here, or what opens is never closed or followed by more than a comment. */
function readQuoted(lines: readonly string[], startIndex: number, column: number): Quoted | undefined {
  const first = (lines[startIndex] ?? "").slice(column);
  const quote = first[0];
  if (quote !== '"' && quote !== "'" && quote !== "`") return undefined;
  let value = "";
  for (let index = startIndex; index < lines.length; index += 1) {
    const line = index === startIndex ? first.slice(1) : (lines[index] ?? "");
    const end = closingQuote(line, quote);
    if (end !== -1) {
      if (!blank.test(line.slice(end + 1))) return undefined;
      value += line.slice(0, end);
      return { value: quote === '"' ? unescape(value) : value, endIndex: index };
    }
    value += `${line}\n`;
  }
  return undefined;
}

function closingQuote(line: string, quote: string): number {
  for (let index = 0; index < line.length; index += 1) {
    if (line[index] === "\\" && quote === '"') index += 1;
    else if (line[index] === quote) return index;
  }
  return -1;
}

const escapes: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

function unescape(value: string): string {
  return value.replace(/\\([\s\S])/gu, (whole, character: string) => escapes[character] ?? whole);
}
