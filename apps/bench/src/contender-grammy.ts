import { serve } from "@hono/node-server";
import { Bot, webhookCallback } from "grammy";
import { contenderOptions, tellAddress } from "./throughput/contender-options.ts";

// grammY alone, without a line of a gateway: nothing is stored, nothing is in order, nothing is repeated. What is left to win.
const { apiRoot, botToken, webhookSecret } = contenderOptions();
const bot = new Bot(botToken, { client: { apiRoot } });
bot.on("message:text", async (context) => {
  await context.reply(`echo: ${context.message.text}`);
});
await bot.init();

serve({ fetch: webhookCallback(bot, "std/http", { secretToken: webhookSecret }), hostname: "127.0.0.1", port: 0 }, tellAddress);
