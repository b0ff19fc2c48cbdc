import { badRequest, type ApiError } from "../api-error.ts";

export type Fields = Readonly<Record<string, unknown>>;

const maxDepth = 10;
/** What a gateway takes as one message. */
const maxTextLength = 1_000_000;

/** An object; what else is there is a fault at `param`. */
export function fieldsOf(value: unknown, param: string, code = "invalid_type"): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  throw badRequest(code, `Expected \`${param}\` to be an object, got ${nameOf(value)}`, param);
}

/** A list of at most `max` entries. */
export function listOf(value: unknown, param: string, max: number): readonly unknown[] {
  if (!Array.isArray(value)) throw badRequest("invalid_type", `Expected \`${param}\` to be a list, got ${nameOf(value)}`, param);
  if (value.length <= max) return value;
  throw badRequest("array_above_max_length", `Expected \`${param}\` to have at most ${max} entries, got ${value.length}`, param);
}

/** A text a gateway can keep: half characters are replaced. */
export function textOf(value: unknown, param: string): string {
  if (typeof value !== "string") throw wrongType(value, param, "a string");
  if (value.length <= maxTextLength) return value.toWellFormed();
  throw tooLong(param);
}

export function tooLong(param: string): ApiError {
  return badRequest("string_above_max_length", `Expected \`${param}\` to have at most ${maxTextLength} characters`, param);
}

/** Several texts of one message as one. */
export function joinTexts(texts: readonly string[], separator: string, param: string): string {
  const text = texts.filter((each) => each !== "").join(separator);
  if (text.length > maxTextLength) throw tooLong(param);
  return text;
}

export function optionalText(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return value === undefined || value === null ? undefined : textOf(value, name);
}

export function flagOf(fields: Fields, name: string, otherwise: boolean): boolean {
  const value = fields[name];
  if (value === undefined || value === null) return otherwise;
  if (typeof value === "boolean") return value;
  throw wrongType(value, name, "true or false");
}

export function wrongType(value: unknown, param: string, expected: string): ApiError {
  return badRequest("invalid_type", `Expected \`${param}\` to be ${expected}, got ${nameOf(value)}`, param);
}

/** Refuses what is nested deeper than any request has to be. */
export function checkDepth(body: unknown): void {
  let level: readonly unknown[] = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== "object" || value === null) continue;
      if (depth >= maxDepth) throw badRequest("nesting_too_deep", `Expected at most ${maxDepth} levels of nesting`);
      for (const inner of Object.values(value)) if (typeof inner === "object" && inner !== null) next.push(inner);
    }
    level = next;
  }
}

/** Never the value itself: it may be somebody's text. */
function nameOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value;
}
