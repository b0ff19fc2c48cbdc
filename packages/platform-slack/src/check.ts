import { isPlatformError, type CheckResult, type Logger } from "@hermes/core";
import { botScopes } from "./app-manifest.ts";
import { toPlatformFailure } from "./api/failure.ts";
import { openHttp } from "@hermes/http";
import type { BotIdentity } from "./api/identity.ts";
import { modeOf, slackApiRoot, tokensOf, type SlackConfiguration } from "./configuration.ts";

const silent: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const platform = "slack";

/** Are the tokens good, does the app have its rights, can a socket be opened? Loads Bolt and calls the Web API. */
export async function check(configuration: SlackConfiguration, signal: AbortSignal): Promise<CheckResult> {
  const { openApi } = await import("./api.ts");
  const { openCalls } = await import("./api/calls.ts");
  const { apiRoot = slackApiRoot, appToken } = configuration;
  const http = openHttp();
  const common = { platform, apiRoot, http, logger: silent };
  const tokens = tokensOf(configuration);
  const bots: BotIdentity[] = [];
  try {
    for (const [index, token] of tokens.entries()) {
      try {
        bots.push(await (await openApi({ ...common, token })).identify(signal));
      } catch (error) {
        const which = tokens.length === 1 ? "The bot token" : `Bot token ${index + 1} of ${tokens.length}`;
        return refused(error, `${which} (SLACK_BOT_TOKEN)`, "copy the Bot User OAuth Token from OAuth & Permissions");
      }
    }
    if (modeOf(configuration) === "socket" && appToken !== undefined) {
      try {
        const calls = await openCalls({ ...common, token: appToken });
        await calls.raw("apps.connections.open", {}, signal);
      } catch (error) {
        return refused(
          toPlatformFailure(error, "open a socket", platform),
          "The app token (SLACK_APP_TOKEN)",
          "switch Socket Mode on, and generate an app-level token with the scope connections:write under Basic Information",
        );
      }
    }
    return lackOf(bots) ?? { ok: true, summary: summaryOf(bots, configuration) };
  } finally {
    http.close();
  }
}

function refused(error: unknown, what: string, remedy: string): CheckResult {
  if (!isPlatformError(error)) throw error;
  const { kind } = error.failure;
  if (kind === "unauthorized" || kind === "forbidden" || kind === "invalid") {
    return { ok: false, summary: `${what} is refused. ${error.message}`, remedy: `At https://api.slack.com/apps: ${remedy}` };
  }
  if (kind === "rate-limited")
    return { ok: false, summary: error.message, remedy: "Slack asks for patience: try again in a minute" };
  return { ok: false, summary: error.message, remedy: "Check that this machine reaches Slack, and `apiRoot` if it is set" };
}

/** Without these nobody is heard or answered. */
const needed = ["app_mentions:read", "channels:history", "chat:write", "im:history"] as const;

function lackOf(bots: readonly BotIdentity[]): CheckResult | undefined {
  for (const { scopes, teamName } of bots) {
    const lacking = needed.filter((scope) => scopes !== undefined && !scopes.includes(scope));
    if (lacking.length === 0) continue;
    return {
      ok: false,
      summary: `In ${teamName} the app lacks ${lacking.join(", ")}`,
      remedy:
        "Add the scopes under OAuth & Permissions (or paste the manifest from the platform's README), and install the app again",
    };
  }
  return undefined;
}

function summaryOf(bots: readonly BotIdentity[], configuration: SlackConfiguration): string {
  const known = Object.entries(botScopes);
  const places = bots.map(({ name, teamName, scopes }) => {
    const lacking = known.filter(([scope]) => scopes !== undefined && !scopes.includes(scope)).map(([, what]) => what);
    return `@${name} in ${teamName} answers${lacking.length === 0 ? "" : `, but it cannot ${lacking.join(", ")}`}`;
  });
  const way = modeOf(configuration) === "socket" ? "events come by Socket Mode" : "events come by HTTP, signed";
  return [...places, way].join("; ");
}
