import type { Json } from "@hermes/core";

/** Where a value came from. */
export type Source =
  | { readonly kind: "environment"; readonly name: string }
  | { readonly kind: "env-file"; readonly file: string; readonly name: string; readonly line: number }
  | { readonly kind: "yaml"; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: "json"; readonly file: string }
  | { readonly kind: "default" };

/** One value of one key, with its source. */
export interface Setting {
  /** The key's parts: `["server", "port"]`. */
  readonly path: readonly string[];
  /** A scalar or a list; absent: the section is named and left empty. */
  readonly value?: Json;
  readonly source: Source;
  /** Variables that its text takes in by `${NAME}`. */
  readonly variables?: readonly string[];
  /** One of them that nobody set. */
  readonly missing?: string;
}

/** A key as people write it: `server.port`. */
export function keyOf(path: readonly string[]): string {
  return path.join(".");
}

/** A source as people find it again: `config.yaml:7:12`. */
export function describeSource(source: Source): string {
  switch (source.kind) {
    case "environment":
      return `environment variable ${source.name}`;
    case "env-file":
      return `${source.name} in ${source.file}:${source.line}`;
    case "yaml":
      return `${source.file}:${source.line}:${source.column}`;
    case "json":
      return source.file;
    case "default":
      return "default";
  }
}
