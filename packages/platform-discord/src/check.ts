import { isPlatformError, type CheckResult } from "@hermes/core";
import { discordApiRoot, discordMediaHosts, type DiscordConfiguration } from "./configuration.ts";

/** The application may read what messages say: approved by Discord, or switched on for fewer than a hundred servers (Application Flags). */
const mayReadMessages = (1 << 18) | (1 << 19);

/** Is the token good, and is the bot set up as the gateway needs it? Loads discord.js and calls Discord. */
export async function check(configuration: DiscordConfiguration, signal: AbortSignal): Promise<CheckResult> {
  const { openApi } = await import("./api.ts");
  const { token, proxy, apiRoot = discordApiRoot, mediaHosts = discordMediaHosts } = configuration;
  const api = await openApi({ platform: "discord", token, apiRoot, proxy, mediaHosts });
  try {
    const bot = await api.getMe(signal);
    const application = await api.getApplication(signal);
    if ((application.flags & mayReadMessages) === 0) {
      return {
        ok: false,
        summary: `${bot.username} answers, but may not read what messages say, so Discord will not let it listen`,
        remedy: `Switch on Message Content Intent at https://discord.com/developers/applications/${application.id}/bot (Privileged Gateway Intents)`,
      };
    }
    const { session_start_limit: limit } = await api.getGateway(signal);
    if (limit.remaining <= 0) {
      const minutes = Math.ceil(limit.reset_after / 60_000);
      return {
        ok: false,
        summary: `${bot.username} answers, but has started too many sessions today`,
        remedy: `Wait ${minutes} minutes, and see what restarts it so often`,
      };
    }
    const guilds = await api.listGuilds("0");
    const where =
      guilds.length === 0 ? "it is in no server yet" : `it is in ${guilds.length} server${guilds.length === 1 ? "" : "s"}`;
    const invite = `https://discord.com/oauth2/authorize?client_id=${application.id}&scope=bot+applications.commands&permissions=309237763136`;
    return { ok: true, summary: `${bot.username} answers; ${where}; this adds it to one: ${invite}` };
  } catch (error) {
    if (!isPlatformError(error)) throw error;
    return { ok: false, summary: error.message, remedy: remedyFor(error.failure.kind) };
  } finally {
    api.close();
  }
}

function remedyFor(kind: string): string {
  if (kind === "unauthorized") {
    return "Get a token at https://discord.com/developers/applications (Bot, Reset Token) and set DISCORD_BOT_TOKEN or `token`";
  }
  if (kind === "rate-limited") return "Discord asks for patience: try again in a minute";
  return "Check that this machine reaches Discord, and `apiRoot` if it is set";
}
