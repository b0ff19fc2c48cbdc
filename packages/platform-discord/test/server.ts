export { startDiscordServer } from "./server/discord-server.ts";
export type { DiscordServer } from "./server/discord-server.ts";
export { readMarkdown } from "./server/markdown.ts";
export type { Channel, Guild, Message, User } from "./server/world.ts";
