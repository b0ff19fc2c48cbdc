export { createFakeClock, settle } from "./testing/fake-clock.ts";
export type { FakeClock } from "./testing/fake-clock.ts";
export { createScriptedPlatform } from "./testing/scripted-platform.ts";
export type { Call, Fault, ScriptedOptions, ScriptedPlatform, ScriptedStyle, Spoken, Standing } from "./testing/script.ts";
export { describeStore } from "./testing/describe-store.ts";
export type { StoreExceptions, StoreUnderTest } from "./testing/describe-store.ts";
export { simulate } from "./testing/simulation.ts";
export type { Asked, SimulationPlan, SimulationResult, SimulationStep } from "./testing/simulation.ts";
export { brokenPromises } from "./testing/simulation-promises.ts";
