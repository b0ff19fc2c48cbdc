/** A small answer in JSON that nobody keeps. */
export function answer(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${JSON.stringify(body)}\n`, {
    status,
    headers: { "content-type": "application/json", ...common, ...headers },
  });
}

/** An answer without a body. */
export function nothing(headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(null, { status: 204, headers: { ...common, ...headers } });
}

/** The method is not for this address. */
export function notAllowed(allow: string): Response {
  return answer(405, { error: "this method is not for this address" }, { allow });
}

const common = { "cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" } as const;
