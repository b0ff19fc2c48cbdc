import { createMemoryState } from "@chat-adapter/state-memory";
import { createTelegramAdapter } from "@chat-adapter/telegram";
import { serve } from "@hono/node-server";
import { Chat, type Adapter, type Message, type StateAdapter, type Thread } from "chat";
import { contenderOptions, tellAddress } from "./throughput/contender-options.ts";

// Vercel's Chat SDK as its documentation sets it up, on its in-memory state. Three choices are in its favour: the log is down to
// warnings as ours is, the bot's name is given so that it is not asked for, and overlapping messages run beside each other without
// locks ("concurrent"), which is its fastest way that loses none; by default it would drop them.
const { apiRoot, botToken, botName, webhookSecret } = contenderOptions();
const adapter = createTelegramAdapter({
  botToken,
  secretToken: webhookSecret,
  mode: "webhook",
  apiUrl: apiRoot,
  userName: botName,
});
const bot = new Chat({
  userName: botName,
  // Its own types do not agree under exactOptionalPropertyTypes, nor does the state's with those of a later patch of `chat`.
  adapters: { telegram: adapter as Adapter },
  state: createMemoryState() as unknown as StateAdapter,
  concurrency: "concurrent",
  logger: "warn",
});
const echo = async (thread: Pick<Thread, "post">, message: Pick<Message, "text">): Promise<void> => {
  await thread.post(`echo: ${message.text}`);
};
bot.onDirectMessage(echo);
bot.onNewMessage(/^/u, echo);
await bot.initialize();

serve({ fetch: (request) => bot.webhooks.telegram(request), hostname: "127.0.0.1", port: 0 }, tellAddress);
