import { isAbsolute } from "node:path";
import { z } from "zod";

const token = z
  .string()
  .regex(/^[1-9]\d{0,15}:[\w-]{10,100}$/u, "Expected a bot token as @BotFather gives it, such as 123456789:AbC-dEf…");

/** Telegram's own Bot API server. */
export const telegramApiRoot = "https://api.telegram.org";

const apiRoot = z
  .string()
  .refine(
    isApiRoot,
    "Expected the address of a Bot API server, such as https://api.telegram.org, without user, query or fragment",
  )
  .transform((address) => address.replace(/\/+$/u, ""));

const proxy = z.url({
  protocol: /^https?$/u,
  error: "Expected the address of an http or https proxy, such as http://127.0.0.1:3128",
});

const webhook = z.strictObject({
  secret: z
    .string()
    .regex(/^[\w-]{1,256}$/u, "Expected 1 to 256 of the characters A-Z, a-z, 0-9, _ and -")
    .describe("What Telegram must send in the header X-Telegram-Bot-Api-Secret-Token."),
  url: z
    .url({ protocol: /^https?$/u, error: "Expected the https address at which Telegram reaches this gateway" })
    .optional()
    .describe("Where Telegram delivers; set at Telegram on connecting. Left out, the webhook is set by hand."),
});

/** What a Telegram bot needs to be configured with. */
export const configurationSchema = z
  .strictObject({
    token: token.describe("The bot's token from @BotFather."),
    apiRoot: apiRoot.optional().describe("Another Bot API server. Default https://api.telegram.org."),
    proxy: proxy.optional().describe("An http or https proxy on the way to the Bot API."),
    mode: z.enum(["polling", "webhook"]).optional().describe("How updates arrive. Default polling."),
    webhook: webhook.optional().describe("Needed in webhook mode."),
    richMessages: z.boolean().optional().describe("Headings, tables and long texts as Telegram's rich messages. Default true."),
    drafts: z.boolean().optional().describe("In private chats, show answers while they are written. Default true."),
    pace: z
      .enum(["standard", "none"])
      .optional()
      .describe("`none` sends as fast as it goes: for a bot that may send more than others. Default standard."),
    localFiles: z
      .string()
      .min(1)
      .optional()
      .describe("The folder in which a Bot API server on this machine, started with --local, keeps files."),
  })
  .superRefine((value, context) => {
    if (value.localFiles !== undefined && (value.apiRoot === undefined || !isAbsolute(value.localFiles))) {
      context.addIssue({
        code: "custom",
        path: ["localFiles"],
        message: "Expected the absolute path of a folder, beside `apiRoot`: Telegram's own server keeps no files on this machine",
      });
    }
    if (value.mode === "webhook" && value.webhook === undefined) {
      context.addIssue({
        code: "custom",
        path: ["webhook", "secret"],
        message: "Expected a secret: webhook mode does not run without one",
      });
    }
    if (value.mode === undefined && value.webhook !== undefined) {
      context.addIssue({
        code: "custom",
        path: ["mode"],
        message: "Expected `mode: webhook` beside `webhook`, or `mode: polling` to leave it unused",
      });
    }
  });

export type TelegramConfiguration = z.output<typeof configurationSchema>;

function isApiRoot(address: string): boolean {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return false;
  return url.username === "" && url.password === "" && url.search === "" && url.hash === "";
}
