import type { Credential } from "../credentials/credential.ts";
import type { FailureLimit } from "../credentials/failure-limit.ts";
import type { PageSessions } from "../credentials/page-sessions.ts";
import { bearerOf, type Tokens } from "../credentials/tokens.ts";
import { answer } from "./answer.ts";
import type { Caller } from "./gate.ts";

/** What a request shows of who sent it. */
export interface Shown {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
}

/** What the doorkeeper works with. */
export interface DoorkeeperParts {
  readonly tokens: Tokens;
  readonly pages: PageSessions;
  readonly failures: FailureLimit;
  /** Name of the page's cookie. */
  readonly cookieName: string;
}

/** Finds out who asks at the gateway's own doors. */
export class Doorkeeper {
  readonly #parts: DoorkeeperParts;

  constructor(parts: DoorkeeperParts) {
    this.#parts = parts;
  }

  /** Why the doors are closed to this request, whatever it shows; undefined: they are not. */
  refuse({ refusal, isForeign, address }: Caller): Response | undefined {
    if (refusal === "host") return answer(421, { error: "this name is not served here; server.publicUrl can name it" });
    if (refusal === "address") return answer(403, { error: "this address is not let in (server.allowAddresses)" });
    if (refusal === "forwarded")
      return answer(400, { error: "a proxy that server.trustedProxies does not name has forwarded this request" });
    if (isForeign) return answer(403, { error: "pages of other sites are not let in" });
    if (this.#parts.failures.isBlocked(address)) return tooMany();
    return undefined;
  }

  /** Who asks: undefined for nobody, an answer for whoever shows something wrong. */
  async identify({ authorization, cookie }: Shown, { address }: Caller): Promise<Credential | Response | undefined> {
    const { tokens, pages, cookieName } = this.#parts;
    if (authorization !== undefined) {
      const token = bearerOf(authorization);
      const credential = token === undefined ? undefined : tokens.find(token);
      return credential ?? this.refuseWrong(address);
    }
    const secret = cookieOf(cookie, cookieName);
    // One that has ended is no attack: the page asks for a new code.
    return secret === undefined ? undefined : await pages.find(secret);
  }

  /** Counts a wrong credential. */
  refuseWrong(address: string): Response {
    this.#parts.failures.add(address);
    return unauthorized();
  }

  /** The secret of the page that asks. */
  secretOf({ cookie }: Shown): string | undefined {
    return cookieOf(cookie, this.#parts.cookieName);
  }

  get cookieName(): string {
    return this.#parts.cookieName;
  }
}

/** Whoever asks has to show who they are. */
export function unauthorized(): Response {
  return answer(401, { error: "a bearer token is needed" }, { "www-authenticate": "Bearer" });
}

function tooMany(): Response {
  return answer(429, { error: "too many wrong credentials; wait a minute" }, { "retry-after": "60" });
}

function cookieOf(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? "").split(";")) {
    const equals = pair.indexOf("=");
    if (equals > 0 && pair.slice(0, equals).trim() === name) {
      const value = pair.slice(equals + 1).trim();
      return /^[\w-]{20,128}$/u.test(value) ? value : undefined;
    }
  }
  return undefined;
}
