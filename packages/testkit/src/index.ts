export { createFakeClock, settle } from "./fake-clock.ts";
export type { FakeClock } from "./fake-clock.ts";
export { createScriptedPlatform } from "./scripted-platform.ts";
export type { Call, Fault, ScriptedOptions, ScriptedPlatform, ScriptedStyle, Spoken, Standing, ToldEnding } from "./script.ts";
