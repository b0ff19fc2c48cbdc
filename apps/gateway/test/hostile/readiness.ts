import { setTimeout as pause } from "node:timers/promises";

/** The token to give the gateway, as `HERMES_TOKEN`. */
export const token = "a-token-for-tests-only";

/** What `/readyz` says is in the way. */
export async function reasons(url: string): Promise<readonly string[]> {
  const response = await fetch(`${url}/readyz`, { headers: { authorization: `Bearer ${token}` } });
  return ((await response.json()) as { readonly reasons: readonly string[] }).reasons;
}

/** Asks until the gateway's reasons are such; each time before, `meanwhile` is called. */
export async function untilReasons(
  url: string,
  areSuch: (reasons: readonly string[]) => boolean,
  meanwhile: () => void = () => undefined,
): Promise<readonly string[]> {
  for (;;) {
    const now = await reasons(url);
    if (areSuch(now)) return now;
    meanwhile();
    await pause(50);
  }
}
