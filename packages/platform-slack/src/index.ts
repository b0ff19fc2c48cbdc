export { slackAppManifest } from "./app-manifest.ts";
export type { SlackAppManifestOptions } from "./app-manifest.ts";
export { slack } from "./slack.ts";
export type { SlackOptions } from "./slack.ts";
