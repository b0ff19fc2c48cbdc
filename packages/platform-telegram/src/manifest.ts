import { completeCapabilities, isPlatformError, type CheckResult, type Json, type PlatformManifest } from "@hermes/core";
import { z } from "zod";
import { capabilityTable } from "./capabilities.ts";
import { configurationSchema, type TelegramConfiguration } from "./configuration.ts";

/** Facts about Telegram; reading them loads no SDK. */
export const manifest: PlatformManifest<TelegramConfiguration> = {
  apiVersion: 1,
  kind: "telegram",
  name: "Telegram",
  description: "Talk to the agent through a Telegram bot, in direct messages, groups, topics and channels.",
  documentationUrl: "https://core.telegram.org/bots/api",
  capabilities: completeCapabilities(capabilityTable),
  configuration: configurationSchema,
  configurationJsonSchema: z.toJSONSchema(configurationSchema, { io: "input" }) as Json,
  secrets: ["token", "webhook.secret", "proxy"],
  environment: [
    { name: "TELEGRAM_BOT_TOKEN", key: "token", description: "The bot's token from @BotFather." },
    { name: "TELEGRAM_PROXY", key: "proxy", description: "An http or https proxy on the way to the Bot API." },
  ],
  setup: [
    {
      key: "token",
      prompt: "Bot token",
      help: "Open https://t.me/BotFather, send /newbot, answer its two questions, and copy the token it gives you.",
      secret: true,
    },
  ],
  promptHint: "You are talking on Telegram: keep messages short; headings become bold, tables are shown in monospaced text.",
  display: "full",
  parseUserId(text) {
    return /^(?:tg:\/\/user\?id=)?([1-9]\d{0,15})$/u.exec(text.trim())?.[1];
  },
  parseTarget(text) {
    const match = /^(-?[1-9]\d{0,15})(?::([1-9]\d{0,9}))?$/u.exec(text.trim());
    const [, chatId, threadId] = match ?? [];
    if (chatId === undefined) return undefined;
    const type = chatId.startsWith("-") ? "group" : "dm";
    return threadId === undefined ? { chatId, type } : { chatId, threadId, type };
  },
  claimLink(identity, code) {
    if (!/^\w{3,32}$/u.test(identity.name) || !/^[\w-]{1,64}$/u.test(code)) return undefined;
    return `https://t.me/${identity.name}?start=${code}`;
  },
  check,
  async load(id, configuration) {
    const { telegram } = await import("./telegram.ts");
    return telegram({ id, ...configuration });
  },
};

async function check(configuration: TelegramConfiguration, signal: AbortSignal): Promise<CheckResult> {
  const { openApi } = await import("./api.ts");
  const { token, apiRoot = "https://api.telegram.org", proxy, mode = "polling", webhook } = configuration;
  const api = await openApi({ platform: "telegram", token, apiRoot, proxy });
  try {
    const bot = await api.getMe(signal);
    const { url = "" } = await api.getWebhookInfo(signal);
    if (mode === "webhook" && url === "" && webhook?.url === undefined) {
      return {
        ok: false,
        summary: `@${bot.username} answers, but no webhook is set, so nothing arrives`,
        remedy: "Set `webhook.url` to the https address at which Telegram reaches this gateway",
      };
    }
    const groups = bot.can_read_all_group_messages
      ? "in groups it sees every message"
      : "in groups it sees commands, mentions and replies (privacy mode is on; /setprivacy at @BotFather changes that)";
    return { ok: true, summary: `@${bot.username} answers; ${groups}` };
  } catch (error) {
    if (!isPlatformError(error)) throw error;
    return { ok: false, summary: error.message, remedy: remedyFor(error.failure.kind) };
  } finally {
    api.close();
  }
}

function remedyFor(kind: string): string {
  if (kind === "unauthorized") return "Get the token from @BotFather (/mybots, API Token) and set TELEGRAM_BOT_TOKEN or `token`";
  if (kind === "rate-limited") return "Telegram asks for patience: try again in a minute";
  return "Check that this machine reaches the Bot API server, and `apiRoot` if it is set";
}
