import { completeCapabilities, type Json, type PlatformManifest } from "@hermes/core";
import { z } from "zod";
import { capabilityTable } from "./capabilities.ts";
import { configurationSchema, type DiscordConfiguration } from "./configuration.ts";

const snowflake = String.raw`[1-9]\d{16,19}`;
const userId = new RegExp(String.raw`^(?:<@!?(${snowflake})>|(?:discord:)?(${snowflake}))$`, "u");
const roleId = new RegExp(String.raw`^(?:<@&(${snowflake})>|(?:discord:)?(${snowflake}))$`, "u");
const target = new RegExp(String.raw`^(?:<#(${snowflake})>|(${snowflake})(?::(${snowflake}))?)$`, "u");
const link = new RegExp(
  String.raw`^https://(?:\w+\.)?discord\.com/channels/(@me|${snowflake})/(${snowflake})(?:/${snowflake})?$`,
  "u",
);

/** Facts about Discord; reading them loads no SDK. */
export const manifest: PlatformManifest<DiscordConfiguration> = {
  apiVersion: 1,
  kind: "discord",
  name: "Discord",
  description: "Talk to the agent through a Discord bot, in direct messages, channels, threads and forums.",
  documentationUrl: "https://discord.com/developers/docs",
  capabilities: completeCapabilities(capabilityTable),
  configuration: configurationSchema,
  configurationJsonSchema: z.toJSONSchema(configurationSchema, { io: "input" }) as Json,
  secrets: ["token", "proxy"],
  environment: [
    { name: "DISCORD_BOT_TOKEN", key: "token", description: "The bot's token from the Developer Portal." },
    { name: "DISCORD_BASE_URL", key: "apiRoot", description: "Another API than Discord's own." },
    { name: "DISCORD_PROXY", key: "proxy", description: "An http or https proxy on the way to Discord." },
    { name: "DISCORD_AUTO_THREAD", key: "autoThread", description: "Answer in a thread of its own.", as: "flag" },
  ],
  setup: [
    {
      key: "token",
      prompt: "Bot token",
      help:
        "Open https://discord.com/developers/applications, make a New Application, and under Bot switch on Message Content Intent " +
        "and press Reset Token; copy the token it shows.",
      secret: true,
    },
  ],
  promptHint:
    "You are talking on Discord: Markdown is shown, tables are not; a message has at most 2000 characters, so be brief.",
  display: "full",
  parseUserId(text) {
    const [, mentioned, plain] = userId.exec(text.trim()) ?? [];
    return mentioned ?? plain;
  },
  parseRoleId(text) {
    const [, mentioned, plain] = roleId.exec(text.trim()) ?? [];
    return mentioned ?? plain;
  },
  parseTarget(text) {
    const written = text.trim();
    const [, space, linked] = link.exec(written) ?? [];
    if (linked !== undefined) return { chatId: linked, type: space === "@me" ? "dm" : "group" };
    const [, mentioned, chatId = mentioned, threadId] = target.exec(written) ?? [];
    if (chatId === undefined) return undefined;
    return threadId === undefined ? { chatId, type: "group" } : { chatId, threadId, type: "group" };
  },
  async check(configuration, signal) {
    const { check } = await import("./check.ts");
    return check(configuration, signal);
  },
  async load(id, configuration) {
    const { discord } = await import("./discord.ts");
    return discord({ id, ...configuration });
  },
};
