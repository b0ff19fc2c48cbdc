export { createPlatform } from "./create-platform.ts";
export type { CreatedPlatform, CreatePlatformOptions } from "./create-platform.ts";
