import { ApiError } from "../api-error.ts";

/** What a request wants. */
export type Route =
  | { readonly kind: "chat-completions" | "responses" | "models" }
  | { readonly kind: "model" | "response"; readonly id: string };

const pathOf = /(?:^|\/)v1\/(chat\/completions|responses|models)(?:\/([^/]+))?\/?$/u;

const methods: Readonly<Record<Route["kind"], readonly string[]>> = {
  "chat-completions": ["POST"],
  responses: ["POST"],
  response: ["GET", "DELETE"],
  models: ["GET"],
  model: ["GET"],
};

/**
 * Reads path and method.
 *
 * @throws ApiError for what is not there.
 */
export function routeOf({ url, method }: Pick<Request, "url" | "method">): Route {
  const route = named(new URL(url).pathname);
  if (route === undefined) throw new ApiError({ status: 404, code: "unknown_url", message: "There is nothing at this address" });
  const allowed = methods[route.kind];
  if (allowed.includes(method)) return route;
  throw new ApiError({
    status: 405,
    code: "method_not_allowed",
    message: `Expected ${allowed.join(" or ")}`,
    headers: { allow: [...allowed, "OPTIONS"].join(", ") },
  });
}

function named(path: string): Route | undefined {
  const [, what, encoded] = pathOf.exec(path) ?? [];
  const id = encoded === undefined ? undefined : decoded(encoded);
  if (encoded !== undefined && id === undefined) return undefined;
  switch (what) {
    case "chat/completions":
      return id === undefined ? { kind: "chat-completions" } : undefined;
    case "responses":
      return id === undefined ? { kind: "responses" } : { kind: "response", id };
    case "models":
      return id === undefined ? { kind: "models" } : { kind: "model", id };
    default:
      return undefined;
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // Half an escape names nothing.
    return undefined;
  }
}
