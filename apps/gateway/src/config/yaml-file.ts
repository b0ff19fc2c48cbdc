import type { Json } from "@hermes/core";
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Scalar } from "yaml";
import { configurationError, type GatewayError } from "./problem.ts";
import type { Setting } from "./setting.ts";
import { isForbiddenKey } from "./value.ts";

/** Anchors may repeat a part many times over: a file of ours never comes near this. */
const maxValues = 20_000;
const maxDepth = 32;

/**
 * The settings of a `config.yaml`, each with its line and column.
 *
 * @throws GatewayError with file, line and column when it is not YAML, or not a mapping.
 */
export function parseYamlFile(text: string, file: string): readonly Setting[] {
  const lines = new LineCounter();
  const document = parseDocument(shield(text), { lineCounter: lines, prettyErrors: false, intAsBigInt: true, logLevel: "error" });
  const reader = new YamlReader(document, lines, file);
  const [error] = document.errors;
  if (error !== undefined) throw reader.failure(error.pos[0], `is not valid YAML: ${explain(error.code, error.message)}`);
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) return [];
  if (!isMap(document.contents)) throw reader.failure(0, "holds no `key: value` lines at its top level");
  reader.read(document.contents, [], 0);
  return reader.settings;
}

class YamlReader {
  readonly settings: Setting[] = [];
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #file: string;
  #values = 0;

  constructor(document: Document, lines: LineCounter, file: string) {
    this.#document = document;
    this.#lines = lines;
    this.#file = file;
  }

  failure(offset: number, message: string): GatewayError {
    const { line, col } = this.#lines.linePos(offset);
    return configurationError([
      { message: `${this.#file}:${line}:${col} ${message}`, remedy: "Mend this line; indent with spaces, two per level." },
    ]);
  }

  /** Notes what `node` says under `path`, whose key stands at `offset`. */
  read(node: unknown, path: readonly string[], offset: number): void {
    const target = this.#resolve(node, path.length, offset);
    if (isMap(target)) {
      this.#note(path, offset);
      for (const pair of target.items) this.read(pair.value, [...path, this.#key(pair.key, offset)], startOf(pair.key) ?? offset);
      return;
    }
    const value = this.#value(target, path.length, startOf(node) ?? offset);
    this.#note(path, offset, value === null ? undefined : value);
  }

  #note(path: readonly string[], offset: number, value?: Json): void {
    if (path.length === 0) return;
    const { line, col } = this.#lines.linePos(offset);
    const source = { kind: "yaml", file: this.#file, line, column: col } as const;
    this.settings.push(value === undefined ? { path, source } : { path, value, source });
  }

  #key(key: unknown, offset: number): string {
    const name = isScalar(key) ? textOf(key) : undefined;
    if (name === undefined || name === "" || isForbiddenKey(name)) {
      throw this.failure(startOf(key) ?? offset, "has a key that is not a plain name");
    }
    return name;
  }

  #value(node: unknown, depth: number, offset: number): Json {
    const target = this.#resolve(node, depth, offset);
    if (isScalar(target)) return scalarOf(target);
    if (isSeq(target)) return target.items.map((item) => this.#value(item, depth + 1, startOf(item) ?? offset));
    if (isMap(target)) {
      return Object.fromEntries(
        target.items.map((pair) => [this.#key(pair.key, offset), this.#value(pair.value, depth + 1, offset)] as const),
      );
    }
    return null;
  }

  #resolve(node: unknown, depth: number, offset: number): unknown {
    this.#values += 1;
    if (this.#values > maxValues || depth > maxDepth) throw this.failure(startOf(node) ?? offset, "holds too much");
    if (!isAlias(node)) return node;
    const target = node.resolve(this.#document);
    if (target === undefined) throw this.failure(startOf(node) ?? offset, "names an anchor (`*name`) that was not set before");
    return target;
  }
}

/** Whole numbers keep their text when reading them as a number would change them: ids are longer than a number is exact. */
function scalarOf(scalar: Scalar): Json {
  const { value } = scalar;
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) && String(number) === (scalar.source ?? String(number)) ? number : textOf(scalar);
  }
  if (typeof value === "number") return Number.isFinite(value) ? value : textOf(scalar);
  if (typeof value === "string") return unshield(value);
  return typeof value === "boolean" ? value : null;
}

function textOf(scalar: Scalar): string {
  return unshield(scalar.source ?? String(scalar.value));
}

/**
 * Inside `{ }` and `[ ]` the braces of a plain `${NAME}` would end the text. Two characters of private use stand for them while YAML is
 * read: as long as what they stand for, so that every column stays right.
 */
export function shield(text: string): string {
  return text.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/gu, "$\uE000$1\uE001");
}

/** What `shield` made, as it was before. */
export function unshield(text: string): string {
  return text.replace(/\$\uE000([A-Za-z_][A-Za-z0-9_]*)\uE001/gu, "$${$1}");
}

function startOf(node: unknown): number | undefined {
  return typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range)
    ? Number(node.range[0])
    : undefined;
}

/** The library's messages may quote the text at fault, which may be a secret: only their beginning is shown. */
function explain(code: string, message: string): string {
  if (code === "MULTIPLE_DOCS") return "`---` begins a second document";
  if (code === "DUPLICATE_KEY") return "a key stands here that was given before";
  if (code === "BLOCK_AS_IMPLICIT_KEY") return "a second `: ` on one line; put the text in quotes";
  return (/^[^:"\\`]*/u.exec(message)?.[0] ?? "").trim().replace(/^./u, (first) => first.toLowerCase());
}
