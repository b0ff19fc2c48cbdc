import type { PlatformEvent } from "@hermes/core";
import type { Api } from "../api.ts";
import { decodeEvent, knowledgeOf } from "../decode.ts";
import type { KnownEvents } from "../decode/known-events.ts";
import type { DecodeContext, KnownEvent, RoomFacts } from "../decode/place.ts";
import { fieldsOf, readEvent, textIn } from "../decode/raw-event.ts";
import { neededFor } from "../decode/relation.ts";

export interface RoomEventsOptions {
  readonly platform: string;
  readonly botId: string;
  readonly botName: () => string | undefined;
  readonly api: Pick<Api, "findEvent">;
  readonly known: KnownEvents;
  readonly commands: () => ReadonlySet<string>;
  readonly nowMs: () => number;
}

/** How much may be looked up: so often, and for so long in all, in milliseconds. */
export interface LookUps {
  lookUps: number;
  lookUpMs: number;
}

/** An answer to something old is not waited for. */
const maxLookUpMs = 5000;

/** Makes events of what happened in one room, in order, looking up what they answer where it is not known. */
export async function eventsOf(
  raw: readonly unknown[],
  state: readonly unknown[],
  room: RoomFacts,
  options: RoomEventsOptions,
  budget: LookUps,
  signal: AbortSignal,
): Promise<readonly PlatformEvent[]> {
  const { platform, botId, known } = options;
  const names = new Map<string, string>();
  for (const event of state) noteName(event, names);
  const events: PlatformEvent[] = [];
  for (const one of raw) {
    noteName(one, names);
    const context = {
      platform,
      botId,
      botName: options.botName(),
      room,
      commands: options.commands(),
      nameOf: (userId: string) => names.get(userId),
      nowMs: options.nowMs(),
    };
    const related = await findRelated(one, context, options, budget, signal);
    events.push(...decodeEvent(one, { ...context, related }));
    const knowledge = knowledgeOf(one, context);
    if (knowledge !== undefined) known.remember(knowledge.id, knowledge.known);
    const event = readEvent(one);
    if (event?.type === "m.room.redaction" && event.redacts !== undefined) known.forget(event.redacts);
  }
  return events;
}

async function findRelated(
  raw: unknown,
  context: Omit<DecodeContext, "related">,
  { api, known, nowMs }: RoomEventsOptions,
  budget: LookUps,
  signal: AbortSignal,
): Promise<KnownEvent | undefined> {
  const event = readEvent(raw);
  const id = event === undefined || event.sender === context.botId ? undefined : neededFor(event);
  if (id === undefined) return undefined;
  const found = known.find(id);
  if (found !== undefined || budget.lookUps <= 0 || budget.lookUpMs <= 0) return found;
  // What was taken out says nothing any more.
  if (event?.type === "m.room.redaction") return undefined;
  budget.lookUps -= 1;
  const startMs = nowMs();
  const patience = AbortSignal.any([signal, AbortSignal.timeout(Math.min(maxLookUpMs, budget.lookUpMs))]);
  try {
    const answer = await api.findEvent(context.room.roomId, id, patience);
    const knowledge = answer === undefined ? undefined : knowledgeOf(answer, context);
    if (knowledge === undefined || knowledge.id !== id) return undefined;
    known.remember(id, knowledge.known);
    return knowledge.known;
  } catch (error) {
    // Without it the event is still good; only a stop is one.
    if (signal.aborted) throw error;
    // What is in trouble is not asked again and again.
    budget.lookUpMs -= maxLookUpMs;
    return undefined;
  } finally {
    budget.lookUpMs -= Math.max(0, nowMs() - startMs);
  }
}

function noteName(raw: unknown, names: Map<string, string>): void {
  const event = fieldsOf(raw);
  const [userId, name] = [textIn(event, "state_key"), textIn(fieldsOf(event?.["content"]), "displayname")];
  if (textIn(event, "type") === "m.room.member" && userId !== undefined && name !== undefined) names.set(userId, name);
}
