import type { Ajv } from "ajv";

/** Checks what is asked and answered against a description of the API. */
export interface ApiCheck {
  /** What is wrong with the JSON body of a request, or undefined. */
  request(method: string, path: string, body: unknown): string | undefined;
  /** What is wrong with the JSON body of an answer, or undefined. */
  response(method: string, path: string, status: number, body: unknown): string | undefined;
}

type Tree = Readonly<Record<string, unknown>>;

/**
 * The check for an OpenAPI document (3.0 or 3.1). What the document does not describe is wrong. Needs the package `ajv`; rejects with
 * what to do where it is not installed.
 */
export async function createApiCheck(document: unknown): Promise<ApiCheck> {
  const ajv = await loadAjv();
  ajv.addSchema(document as Tree, "api");
  const paths = Object.keys(treeAt(document, ["paths"]) ?? {}).map((template) => ({ template, pattern: patternOf(template) }));
  const check = (pointer: readonly string[], body: unknown): string | undefined => {
    if (treeAt(document, pointer) === undefined) return undefined;
    const validate = ajv.compile({ $ref: `api#/${pointer.map(escapePointer).join("/")}` });
    return validate(body) ? undefined : ajv.errorsText(validate.errors);
  };
  const operation = (method: string, path: string): readonly string[] | string => {
    const found = paths.filter(({ pattern }) => pattern.test(path)).toSorted((a, b) => slots(a.template) - slots(b.template));
    const match = found.find(({ template }) => treeAt(document, ["paths", template, method.toLowerCase()]) !== undefined);
    return match === undefined ? `there is no ${method} ${path}` : ["paths", match.template, method.toLowerCase()];
  };
  const json = ["content", "application/json", "schema"];
  return {
    request(method, path, body) {
      const at = operation(method, path);
      if (typeof at === "string") return at;
      const place = resolve(document, [...at, "requestBody"]);
      if (place !== undefined && treeAt(document, place) !== undefined) return check([...place, ...json], body);
      return body === undefined ? undefined : `${method} ${path} takes no body`;
    },
    response(method, path, status, body) {
      const at = operation(method, path);
      if (typeof at === "string") return at;
      const known = [String(status), `${Math.floor(status / 100)}XX`, "default"];
      const code = known.find((key) => treeAt(document, [...at, "responses", key]) !== undefined);
      if (code === undefined) return `${method} ${path} never answers ${status}`;
      return check([...resolve(document, [...at, "responses", code]), ...json], body);
    },
  };
}

async function loadAjv(): Promise<Ajv> {
  try {
    const { Ajv } = await import("ajv");
    return new Ajv({ strict: false, allErrors: false, validateFormats: false });
  } catch (error) {
    throw new Error("A check against an API's description needs the package ajv: npm install --save-dev ajv", { cause: error });
  }
}

function patternOf(template: string): RegExp {
  const source = template.replaceAll(/\{[^}]+\}|[.*+?^$()|[\]\\]/gu, (found) => (found.startsWith("{") ? "[^/]+" : `\\${found}`));
  return new RegExp(`^${source}$`, "u");
}

function slots(template: string): number {
  return template.split("{").length;
}

function escapePointer(part: string): string {
  return encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
}

/** Where a place leads to, a reference followed. */
function resolve(document: unknown, pointer: readonly string[]): readonly string[] {
  const reference = treeAt(document, pointer)?.["$ref"];
  if (typeof reference !== "string" || !reference.startsWith("#/")) return pointer;
  return reference
    .slice(2)
    .split("/")
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"));
}

function treeAt(document: unknown, pointer: readonly string[]): Tree | undefined {
  let place: unknown = document;
  for (const part of pointer) {
    if (typeof place !== "object" || place === null) return undefined;
    place = (place as Tree)[part];
  }
  return typeof place === "object" && place !== null ? (place as Tree) : undefined;
}
