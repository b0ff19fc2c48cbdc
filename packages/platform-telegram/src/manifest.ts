import { completeCapabilities, type Json, type PlatformManifest } from "@hermes/core";
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
    { name: "TELEGRAM_MODE", key: "mode", description: "How updates arrive: polling or webhook." },
    { name: "TELEGRAM_WEBHOOK_URL", key: "webhook.url", description: "The https address at which Telegram reaches the gateway." },
    { name: "TELEGRAM_WEBHOOK_SECRET", key: "webhook.secret", description: "What Telegram must send along with each update." },
    { name: "TELEGRAM_BASE_URL", key: "apiRoot", description: "Another Bot API server." },
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
  promptHint: "You are talking on Telegram: keep messages short, for they are read on a phone; Markdown is shown.",
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
  async check(configuration, signal) {
    const { check } = await import("./check.ts");
    return check(configuration, signal);
  },
  async load(id, configuration) {
    const { telegram } = await import("./telegram.ts");
    return telegram({ id, ...configuration });
  },
};
