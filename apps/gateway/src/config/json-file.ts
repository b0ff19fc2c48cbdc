import type { Json } from "@hermes/core";
import { configurationError } from "./problem.ts";
import type { Setting } from "./setting.ts";
import { isForbiddenKey } from "./value.ts";

const maxDepth = 32;

/**
 * The settings of a `gateway.json`, which earlier gateways wrote.
 *
 * @throws GatewayError when it is not JSON, or not an object.
 */
export function parseJsonFile(text: string, file: string): readonly Setting[] {
  const parsed = parse(text, file);
  if (!isObject(parsed)) {
    throw configurationError([{ message: `${file} holds no object`, remedy: "Let it begin with `{`, or remove it." }]);
  }
  const settings: Setting[] = [];
  collect(parsed, [], file, settings);
  return settings;
}

function collect(object: Readonly<Record<string, unknown>>, path: readonly string[], file: string, into: Setting[]): void {
  const source = { kind: "json", file } as const;
  if (path.length > 0) into.push({ path, source });
  for (const [key, value] of Object.entries(object)) {
    if (key === "" || isForbiddenKey(key) || path.length >= maxDepth) {
      throw configurationError([
        { message: `${file} has a key that cannot be used under \`${path.join(".")}\``, remedy: "Remove it." },
      ]);
    }
    const here = [...path, key];
    if (isObject(value)) collect(value, here, file, into);
    else if (value === null) into.push({ path: here, source });
    // What `JSON.parse` gives is `Json`.
    else into.push({ path: here, value: value as Json, source });
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The engine's message quotes the text, which may be a secret: only the place is taken from it. */
function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/u, ""));
  } catch (error) {
    const position = /position (\d+)/u.exec(error instanceof Error ? error.message : "")?.[1];
    const place = position === undefined ? "" : `:${lineAndColumn(text, Number(position))}`;
    throw configurationError([
      { message: `${file}${place} is not valid JSON`, remedy: "Mend it, or move its keys to config.yaml and remove it." },
    ]);
  }
}

function lineAndColumn(text: string, position: number): string {
  const before = text.slice(0, position).split("\n");
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
}
