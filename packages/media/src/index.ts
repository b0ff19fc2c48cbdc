export { mediaConfigurationSchema } from "./configuration.ts";
export type { MediaConfiguration } from "./configuration.ts";
export type { MediaHost } from "./media-host.ts";
export { readMedia } from "./read-media.ts";
