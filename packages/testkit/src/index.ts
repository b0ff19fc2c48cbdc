// Talking to a bot
export { createChat } from "./chat/create-chat.ts";
export type { ChatOptions, ScriptedChat } from "./chat/create-chat.ts";
export type { ChatBot } from "./chat/bot.ts";
export type { ChatUser, Saying, UserFile } from "./chat/user.ts";
export type { BotFile, BotMessage } from "./chat/conversation.ts";

// Agents
export { createScriptedAgent } from "./agent/scripted-agent.ts";
export type { AgentAnswer, AgentStep, ScriptedAgent, ScriptedAgentOptions, ScriptedTurn } from "./agent/scripted-agent.ts";

// Time
export { createFakeClock, runningClock, settle } from "./fake-clock.ts";
export type { FakeClock } from "./fake-clock.ts";

// An adapter alone
export { RecordingHost } from "./recording-host.ts";
export { SteppingClock } from "./stepping-clock.ts";
export { platformErrorOf, saying } from "./sample-calls.ts";
export { carrying, CountedFile } from "./sample-files.ts";

// A platform at the level of the contract
export { createScriptedPlatform } from "./scripted-platform.ts";
export type { Call, Fault, ScriptedOptions, ScriptedPlatform, ScriptedStyle, Spoken, Standing, ToldEnding } from "./script.ts";
