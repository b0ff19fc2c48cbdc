import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createApiCheck, type ApiCheck, type Route } from "@hermes/testkit/server";
import { parse } from "yaml";

/** Watches a route: what is asked and answered there, and does not fit the description, is told. */
export interface Specification {
  watch(route: Route, tell: (what: string) => void): Route;
}

const folder = new URL("../../../../../shared/specs/matrix-client-server/", import.meta.url);
const versions = { "client/v3": "/_matrix/client/v3", "client/v1": "/_matrix/client/v1" } as const;

type Tree = Record<string, unknown>;

let loaded: Promise<Specification | undefined> | undefined;

/** The description, or undefined where it is not at hand: it lies beside the repository, never in it. Read once. */
export function loadSpecification(): Promise<Specification | undefined> {
  loaded ??= existsSync(folder) ? read() : Promise.resolve(undefined);
  return loaded;
}

async function read(): Promise<Specification> {
  const paths: Tree = {};
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".yaml"))) {
    const document = resolved(new URL(name, folder)) as { readonly paths?: Tree; readonly servers?: readonly unknown[] };
    for (const [path, operations] of Object.entries(document.paths ?? {})) paths[baseOf(document) + path] = operations;
  }
  const check = await createApiCheck({ openapi: "3.1.0", paths });
  return { watch: (route, tell) => watched(route, check, tell) };
}

function baseOf({ servers }: { readonly servers?: readonly unknown[] }): string {
  const [server] = (servers ?? []) as readonly { readonly variables?: { readonly basePath?: { readonly default?: string } } }[];
  return server?.variables?.basePath?.default ?? versions["client/v3"];
}

const documents = new Map<string, unknown>();

function load(url: URL): unknown {
  const known = documents.get(url.href);
  if (known !== undefined) return known;
  const document: unknown = existsSync(url) ? parse(readFileSync(url, "utf8")) : {};
  documents.set(url.href, document);
  return document;
}

/** The document with every reference in its place; one that leads back to itself, or to what is not at hand, allows anything. */
function resolved(url: URL): unknown {
  const walk = (value: unknown, base: URL, within: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((entry: unknown) => walk(entry, base, within));
    if (typeof value !== "object" || value === null) return value;
    const reference = (value as Tree)["$ref"];
    if (typeof reference !== "string") {
      return Object.fromEntries(
        Object.entries(value)
          .filter(([key]) => key !== "example" && key !== "examples" && !key.startsWith("x-"))
          .map(([key, entry]) => [key, walk(entry, base, within)]),
      );
    }
    const target = new URL(reference, base);
    if (within.includes(target.href)) return {};
    const [file = "", pointer = ""] = target.href.split("#");
    let found = load(new URL(file));
    for (const part of pointer.split("/").filter((name) => name !== ""))
      found = (found as Tree | undefined)?.[decodeURIComponent(part)];
    return walk(found ?? {}, new URL(file), [...within, target.href]);
  };
  return walk(load(url), url, []);
}

/** Answers of these are no JSON, or none that the description knows or can tell apart. */
const unwatched: ReadonlySet<unknown> = new Set([
  "upload",
  "download",
  "old-download",
  "old-media-config",
  "well-known",
  "push-rules",
]);

function watched(route: Route, check: ApiCheck, tell: (what: string) => void): Route {
  if (unwatched.has(route.operation)) return route;
  return {
    ...route,
    async handle(call) {
      const { method, bytes } = call;
      // "Often an empty string, in which case the trailing slash on this endpoint is optional" (stateKey).
      const path = route.operation === "state" ? `${call.url.pathname}/-` : call.url.pathname;
      const asked = bytes.byteLength === 0 ? undefined : call.json();
      const wrong = check.request(method, path, asked);
      if (wrong !== undefined) tell(`${method} ${path} was asked with ${wrong}`);
      const reply = await route.handle(call);
      if (route.operation === "state") return reply;
      const answered = check.response(method, path, reply.status ?? 200, reply.body);
      if (answered !== undefined) tell(`${method} ${path} was answered with ${answered}`);
      return reply;
    },
  };
}
