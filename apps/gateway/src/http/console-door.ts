import type { SignInCodes } from "../credentials/sign-in-codes.ts";
import { pageSessionLifetimeMs, type PageSessions } from "../credentials/page-sessions.ts";
import { answer, nothing } from "./answer.ts";
import type { Doorkeeper, Shown } from "./doorkeeper.ts";
import type { Caller } from "./gate.ts";
import { isJson, readBody } from "./read-body.ts";

const maxBodyBytes = 1024;

/** What browsers sign in and out by. */
export interface ConsoleDoor {
  signIn(request: Request, caller: Caller): Promise<Response>;
  signOut(shown: Shown, caller: Caller): Promise<Response>;
}

export interface ConsoleDoorParts {
  readonly codes: SignInCodes;
  readonly pages: PageSessions;
  readonly doorkeeper: Doorkeeper;
}

/** A one-time code is exchanged for a cookie that scripts cannot read and other sites cannot send. */
export function createConsoleDoor({ codes, pages, doorkeeper }: ConsoleDoorParts): ConsoleDoor {
  const cookie = (value: string, maxAgeMs: number, { isSecure }: Caller): string =>
    [
      `${doorkeeper.cookieName}=${value}`,
      "Path=/",
      "HttpOnly",
      "SameSite=Strict",
      `Max-Age=${Math.floor(maxAgeMs / 1000)}`,
      ...(isSecure ? ["Secure"] : []),
    ].join("; ");
  return {
    async signIn(request, caller) {
      if (!isJson(request)) return answer(415, { error: "a POST of application/json is expected" });
      const code = codeIn(await readBody(request, maxBodyBytes));
      if (code === undefined) return answer(400, { error: 'a body such as {"code":"ABCDE-23456"} is expected' });
      if (!codes.take(code)) {
        doorkeeper.refuseWrong(caller.address);
        return answer(401, { error: "this code is wrong, used or too old; `hermes console` makes a new one" });
      }
      return nothing({ "set-cookie": cookie(await pages.begin(), pageSessionLifetimeMs, caller) });
    },
    async signOut(shown, caller) {
      const secret = doorkeeper.secretOf(shown);
      if (secret !== undefined) await pages.end(secret);
      return nothing({ "set-cookie": cookie("", 0, caller) });
    },
  };
}

function codeIn(body: string | undefined): string | undefined {
  try {
    const value: unknown = JSON.parse(body ?? "");
    const code: unknown = typeof value === "object" && value !== null ? (value as Record<string, unknown>)["code"] : undefined;
    return typeof code === "string" && code.length > 0 && code.length <= 64 ? code : undefined;
  } catch {
    return undefined;
  }
}
