/** How the text of a key becomes a value. */
export type KeyType =
  | { readonly type: "text" }
  | { readonly type: "port" }
  | { readonly type: "days" }
  /** A whole number; `least` is 1 where nothing is said. */
  | { readonly type: "count"; readonly least?: number; readonly most: number }
  | { readonly type: "flag" }
  | { readonly type: "list" }
  /** A list of sections. */
  | { readonly type: "sections" }
  /** A section of names with a text each. */
  | { readonly type: "map" }
  | { readonly type: "choice"; readonly choices: readonly string[] };

/** A key of the gateway itself. */
export type KeyFact = KeyType & {
  readonly key: string;
  readonly description: string;
  readonly default?: string | number | boolean | readonly string[];
  /** An environment variable that sets it. */
  readonly environment?: string;
  readonly secret?: true;
};
