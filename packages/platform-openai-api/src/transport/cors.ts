import { ApiError } from "../api-error.ts";

/**
 * What a browser is to be told, for a page that may call.
 *
 * @throws ApiError for a page that may not.
 */
export function corsHeaders(request: Request, allowed: ReadonlySet<string>): Readonly<Record<string, string>> {
  const origin = request.headers.get("origin");
  if (origin === null) return {};
  if (!allowed.has(origin)) {
    throw new ApiError({
      status: 403,
      code: "origin_not_allowed",
      message: "Pages of this origin may not call; name it in `corsOrigins` if it should",
    });
  }
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": "X-Hermes-Session-Id, Retry-After",
    vary: "Origin",
  };
}

/** The answer to a browser that asks before it calls. */
export function preflight(): Response {
  return new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-methods": "GET, POST, DELETE, OPTIONS",
      // The others are what OpenAI's own client sends in a browser.
      "access-control-allow-headers":
        "Authorization, Content-Type, Idempotency-Key, X-Hermes-Session-Id, X-Hermes-Session-Key, OpenAI-Organization, " +
        "OpenAI-Project, User-Agent, X-Stainless-Arch, X-Stainless-Helper-Method, X-Stainless-Lang, X-Stainless-OS, " +
        "X-Stainless-Package-Version, X-Stainless-Retry-Count, X-Stainless-Runtime, X-Stainless-Runtime-Version, X-Stainless-Timeout",
      "access-control-max-age": "600",
    },
  });
}
