import type { ServerSettings } from "../config/server-settings.ts";
import { ownerId } from "./credential.ts";
import type { PreviousToken } from "./home-token.ts";
import type { TokenFacts } from "./tokens.ts";

/** What the token of this home is known by. */
export const homeTokenId = "home";

/** The tokens that are good at the start: `home` is the one of this home, where the configuration names none. */
export function tokenFactsOf(
  settings: ServerSettings,
  home: string,
  previousHome: PreviousToken | undefined,
): readonly TokenFacts[] {
  const { token, previousToken, writeToken, readToken } = settings;
  const owner = { scope: "admin", userId: ownerId } as const;
  return [
    { id: token === undefined ? homeTokenId : "server.token", token: token ?? home, ...owner },
    ...(token === undefined && previousHome !== undefined ? [{ id: "home, previous", ...previousHome, ...owner }] : []),
    ...(previousToken === undefined ? [] : [{ id: "server.previousToken", ...previousToken, ...owner }]),
    ...(writeToken === undefined
      ? []
      : [{ id: "server.writeToken", token: writeToken, scope: "write", userId: "writer" } as const]),
    ...(readToken === undefined ? [] : [{ id: "server.readToken", token: readToken, scope: "read", userId: "reader" } as const]),
  ];
}
