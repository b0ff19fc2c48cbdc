import { backgroundOfSession, type AgentEvent, type AgentTask, type PlatformEvent, type SessionKey } from "@hermes/core";
import type { AgentWords } from "../catalogue/agent-words.ts";
import { commandCallIn } from "../commands/registry.ts";
import { shorten } from "../commands/shorten.ts";
import type { AgentOutcome } from "./run-agent.ts";

/** What is wanted of a turn beside an answer, as its conversation and what was said in it tell. */
export function taskOf(sessionKey: SessionKey, event: PlatformEvent): AgentTask | undefined {
  if (backgroundOfSession(sessionKey)?.startsWith("btw_") === true) return { kind: "aside" };
  const call = event.type === "message" ? commandCallIn(event.text) : undefined;
  if (call?.name !== "compress") return undefined;
  return { kind: "compress", ...(call.arguments === "" ? {} : { focus: call.arguments }) };
}

/** What a task that was done beside the conversation is headed by, once it is over; undefined where nothing heads it. */
export function headingOf(
  sessionKey: SessionKey,
  event: PlatformEvent,
  outcome: AgentOutcome,
  words: AgentWords,
): AgentEvent | undefined {
  const id = backgroundOfSession(sessionKey);
  if (id === undefined || !id.startsWith("bg_") || outcome.kind === "interrupted") return undefined;
  const text = shorten(event.type === "message" ? event.text : "");
  return { type: "notice", text: outcome.kind === "failed" ? words.failed(id, text) : words.done(id, text) };
}
