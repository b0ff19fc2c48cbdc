/**
 * Fetches from an address that came from outside: guarded against inner networks, redirects checked again.
 *
 * @throws Error saying what was refused, or what went wrong.
 */
export async function fetchOutside(request: Request): Promise<Response> {
  // Only now: most gateways never follow such an address.
  return await (await import("./guarded-fetch.ts")).guardedFetch(request);
}
