// Telegram's Bot API on loopback is a test's, published to nobody: this file is the only way to it.
export { startBotApiServer } from "../../../packages/platform-telegram/test/server.ts";
export type { BotApiServer } from "../../../packages/platform-telegram/test/server.ts";
