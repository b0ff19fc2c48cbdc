export { discord } from "./discord.ts";
export type { DiscordOptions } from "./discord.ts";
