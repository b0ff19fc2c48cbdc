import type { Scope } from "@hermes/protocol";

/** Who is signed in, and what they may do. */
export interface SignedIn {
  readonly user: string;
  readonly scope: Scope;
}

/** How signing in ended. */
export type SignInOutcome = "signed-in" | "wrong-code" | "too-many" | "unreachable";

/** Whether who holds `scope` may do what needs `needed`. */
export function may(scope: Scope, needed: Scope): boolean {
  const ranks: Readonly<Record<Scope, number>> = { read: 1, write: 2, admin: 3 };
  return ranks[scope] >= ranks[needed];
}

/** Asks who is signed in; undefined: nobody. @throws Error when the gateway cannot be asked. */
export async function readSession(ask: typeof fetch = fetch): Promise<SignedIn | undefined> {
  const answer = await ask("/console/session", { headers: { accept: "application/json" } });
  if (answer.status === 401) return undefined;
  if (!answer.ok) throw new Error(`The gateway answered ${answer.status}`);
  const value = (await answer.json()) as unknown;
  if (!isSignedIn(value)) throw new Error("The gateway's answer says nothing of a session");
  return { user: value.user, scope: value.scope };
}

/** Trades a one-time code for a cookie. */
export async function signIn(code: string, ask: typeof fetch = fetch): Promise<SignInOutcome> {
  const answer = await ask("/console/sign-in", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code }),
  }).catch(() => undefined);
  if (answer === undefined) return "unreachable";
  if (answer.ok) return "signed-in";
  if (answer.status === 429) return "too-many";
  return answer.status < 500 ? "wrong-code" : "unreachable";
}

/** Gives the cookie back. @throws Error when the gateway cannot be reached: the browser is then still signed in. */
export async function signOut(ask: typeof fetch = fetch): Promise<void> {
  const answer = await ask("/console/sign-out", { method: "POST" });
  if (!answer.ok) throw new Error(`The gateway answered ${answer.status}`);
}

/** The code of a sign-in link; undefined where the fragment is none. */
export function codeOfFragment(fragment: string): string | undefined {
  const found = /^#code=([^&]{1,64})$/u.exec(fragment)?.[1];
  if (found === undefined) return undefined;
  try {
    return decodeURIComponent(found);
  } catch {
    return undefined;
  }
}

function isSignedIn(value: unknown): value is SignedIn {
  if (typeof value !== "object" || value === null) return false;
  const { user, scope } = value as Readonly<Record<string, unknown>>;
  return typeof user === "string" && (scope === "read" || scope === "write" || scope === "admin");
}
