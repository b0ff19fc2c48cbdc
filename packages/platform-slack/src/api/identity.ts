import { textIn, unreadable } from "./answers.ts";
import type { Calls } from "./calls.ts";
import { objectIn } from "./answers.ts";

/** Who a bot token is, and where. */
export interface BotIdentity {
  readonly teamId: string;
  readonly teamName: string;
  /** `U…`: whom people mention. */
  readonly userId: string;
  /** `B…`: by which what it says is known; absent for tokens of people. */
  readonly botId: string | undefined;
  readonly name: string;
  /** What the token may do, as far as Slack says. */
  readonly scopes: readonly string[] | undefined;
}

export interface IdentityCalls {
  identify(signal?: AbortSignal): Promise<BotIdentity>;
  /** What a person is called, as others see it. */
  nameOf(userId: string): Promise<string | undefined>;
}

/** "Maximum 80 characters" (users.profile.set, display names), and a little more. */
const maxNameLength = 100;

export function identityCalls({ raw, attempt, options }: Calls): IdentityCalls {
  const what = "sign in";
  return {
    identify: (signal) =>
      attempt(what, async () => {
        const answer = await raw("auth.test", {}, signal);
        const [teamId, userId] = [textIn(answer["team_id"]), textIn(answer["user_id"])];
        if (teamId === undefined || userId === undefined) throw unreadable(what, options.platform);
        const { scopes } = objectIn(answer["response_metadata"]);
        return {
          teamId,
          teamName: textIn(answer["team"]) ?? teamId,
          userId,
          botId: textIn(answer["bot_id"]),
          name: textIn(answer["user"]) ?? userId,
          scopes: Array.isArray(scopes) ? scopes.filter((scope) => typeof scope === "string") : undefined,
        };
      }),
    nameOf: (userId) =>
      attempt("look up a person", async () => {
        const { profile, real_name: realName, name } = objectIn((await raw("users.info", { user: userId }))["user"]);
        const { display_name: displayName } = objectIn(profile);
        return [displayName, realName, name]
          .map(textIn)
          .find((one) => one !== undefined)
          ?.slice(0, maxNameLength)
          .toWellFormed();
      }),
  };
}
