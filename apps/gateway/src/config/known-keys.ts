import type { Json } from "@hermes/core";
import { isList } from "./substitute.ts";

/** The keys that a JSON Schema speaks of, as a tree. */
export interface KnownKeys {
  readonly names: ReadonlyMap<string, KnownKeys>;
  /** Any other key is taken as well. */
  readonly open: boolean;
}

const anything: KnownKeys = { names: new Map(), open: true };
const maxDepth = 16;

/** The keys a platform's configuration has, by its JSON Schema. What the schema leaves open stays open. */
export function knownKeys(schema: Json, depth = 0): KnownKeys {
  if (!isObject(schema) || depth > maxDepth) return anything;
  const names = new Map<string, KnownKeys>();
  const { properties, additionalProperties, $ref } = schema;
  let open = properties === undefined || $ref !== undefined || (additionalProperties ?? false) !== false;
  for (const [name, part] of Object.entries(isObject(properties) ? properties : {})) names.set(name, knownKeys(part, depth + 1));
  for (const keyword of ["anyOf", "oneOf", "allOf"] as const) {
    const parts = schema[keyword];
    if (!isList(parts)) continue;
    const all = parts.map((part) => knownKeys(part, depth + 1)).filter((part) => part.names.size > 0);
    for (const part of all) for (const [name, keys] of part.names) names.set(name, keys);
    if (all.length > 0 && properties === undefined) open = all.some((part) => part.open);
  }
  return { names, open };
}

/** A key in the schema's own spelling (`api_root` is read as `apiRoot`); undefined when the schema has no such key. */
export function respellKnown(path: readonly string[], known: KnownKeys): readonly string[] | undefined {
  const [first, ...rest] = path;
  if (first === undefined) return [];
  const name = known.names.has(first) ? first : camelCase(first);
  const below = known.names.get(name);
  if (below === undefined) return known.open ? path : undefined;
  const under = respellKnown(rest, below);
  return under === undefined ? undefined : [name, ...under];
}

/** Every key of the tree, dotted. */
export function dottedKeys(known: KnownKeys): readonly string[] {
  return [...known.names].flatMap(([name, below]) => [name].concat(dottedKeys(below).map((key) => `${name}.${key}`)));
}

function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/gu, (_whole, letter: string) => letter.toUpperCase());
}

function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !isList(value);
}
