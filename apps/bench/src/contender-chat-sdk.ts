import { createMemoryState } from "@chat-adapter/state-memory";
import { createTelegramAdapter } from "@chat-adapter/telegram";
import { serve } from "@hono/node-server";
import { Chat } from "chat";
import { contenderOptions, tellAddress } from "./throughput/contender-options.ts";

// Vercel's Chat SDK as its documentation sets it up, on its in-memory state. Three choices are in its favour: the log is down to
// warnings as ours is, the bot's name is given so that it is not asked for, and overlapping messages run beside each other without
// locks ("concurrent"), which is its fastest way that loses none; by default it would drop them.
const { apiRoot, botToken, botName, webhookSecret } = contenderOptions();
const bot = new Chat({
  userName: botName,
  adapters: {
    telegram: createTelegramAdapter({ botToken, secretToken: webhookSecret, mode: "webhook", apiUrl: apiRoot, userName: botName }),
  },
  state: createMemoryState(),
  concurrency: "concurrent",
  logger: "warn",
});
bot.onDirectMessage(async (thread, message) => {
  await thread.post(`echo: ${message.text}`);
});
await bot.initialize();

serve({ fetch: (request) => bot.webhooks.telegram(request), hostname: "127.0.0.1", port: 0 }, tellAddress);
