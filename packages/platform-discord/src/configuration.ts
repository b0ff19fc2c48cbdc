import { z } from "zod";
import { isSnowflake } from "./decode/snowflakes.ts";

/** Discord's own API, without its version. */
export const discordApiRoot = "https://discord.com/api";

/** Where Discord keeps what people attach. */
export const discordMediaHosts: readonly string[] = ["cdn.discordapp.com", "media.discordapp.net"];

const token = z
  .string()
  .trim()
  .transform((text) => text.replace(/^Bot\s+/iu, ""))
  .refine(
    (text) => /^[\w-]{20,40}\.[\w-]{5,10}\.[\w-]{20,60}$/u.test(text) && botIdIn(text) !== undefined,
    "Expected a bot token as the Developer Portal shows it under Bot, three parts with dots between them (not the client secret)",
  );

const apiRoot = z
  .string()
  .refine(
    isApiRoot,
    "Expected the address of an API as Discord's, such as https://discord.com/api, without user, query or fragment",
  )
  .transform((address) => address.replace(/\/+$/u, ""));

const proxy = z.url({
  protocol: /^https?$/u,
  error: "Expected the address of an http or https proxy, such as http://127.0.0.1:3128",
});

/** What a Discord bot needs to be configured with. */
export const configurationSchema = z.strictObject({
  token: token.describe("The bot's token from the Developer Portal."),
  apiRoot: apiRoot.optional().describe("Another API than Discord's own. Default https://discord.com/api."),
  proxy: proxy.optional().describe("An http or https proxy on the way to Discord."),
  autoThread: z
    .boolean()
    .optional()
    .describe("Answer whoever addresses the bot in a server's channel in a thread of its own. Default false."),
  mediaHosts: z
    .array(z.string().regex(/^[\w.-]{1,253}(?::\d{1,5})?$/u, "Expected a host, such as cdn.discordapp.com"))
    .max(20)
    .optional()
    .describe("Hosts that attachments are fetched from. Default cdn.discordapp.com and media.discordapp.net."),
});

export type DiscordConfiguration = z.output<typeof configurationSchema>;

/** The bot's user id: the first part of its token is nothing but that in base64. */
export function botIdIn(token: string): string | undefined {
  const [first = ""] = token.split(".");
  const id = Buffer.from(first, "base64url").toString("latin1");
  return isSnowflake(id) ? id : undefined;
}

function isApiRoot(address: string): boolean {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return false;
  return url.username === "" && url.password === "" && url.search === "" && url.hash === "";
}
