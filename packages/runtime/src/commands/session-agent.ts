import {
  agentOfSession,
  backgroundOfSession,
  type Agent,
  type AgentSession,
  type Chosen,
  type Clock,
  type SessionKey,
} from "@hermes/core";
import type { Choices } from "../agents/choices.ts";
import type { Roster } from "../agents/roster.ts";
import type { BusyDesk } from "../busy/busy-desk.ts";
import type { WorkingTurn, WorkingTurns } from "../busy/working-turns.ts";
import type { Lanes } from "../lanes.ts";
import type { QueuedEvent, Store } from "../store.ts";
import type { SessionAgent } from "./command.ts";
import { shorten } from "./shorten.ts";

const personDays = 30;
const dayMs = 24 * 60 * 60_000;
const reloadTimeoutMs = 60_000;

/** What commands reach agents with. */
export interface SessionAgentParts {
  readonly roster: Roster;
  readonly choices: Choices;
  readonly store: Store;
  readonly lanes: Lanes;
  readonly working: WorkingTurns;
  readonly busyDesk: BusyDesk;
  readonly clock: Clock;
}

/** What a command may do with the agent of the session it is given in. */
export function sessionAgent(
  parts: SessionAgentParts,
  key: SessionKey,
  { event, seq }: QueuedEvent,
  isAdmin: boolean,
): SessionAgent {
  const { roster, choices, store, lanes, working, busyDesk, clock } = parts;
  const agent = roster.of(key);
  const { platform } = event.chat.ref;
  return {
    settings: async (signal) => (await agent?.settings?.(await sessionOf(parts, key), signal)) ?? [],
    async choose(id, value, scope, signal) {
      const chosen =
        value === undefined || agent === undefined
          ? { value: "" }
          : await judge(agent, await sessionOf(parts, key), id, value, signal);
      if ("value" in chosen) await choices.choose(key, scope, id, value === undefined ? undefined : chosen.value);
      return chosen;
    },
    undo: async () =>
      agent?.features.undo === true ? await store.undoTurn({ sessionKey: key, seq, nowMs: clock.now() }) : undefined,
    async usage() {
      const session = await store.currentSession(key);
      const person = `${platform}:${event.origin.author.id}`;
      const [turn, all, own] = await Promise.all([
        session?.lastTurnId === undefined ? [] : store.usage({ turnId: session.lastTurnId }),
        session === undefined ? [] : store.usage({ sessionId: session.id }),
        store.usage({ person, sinceMs: clock.now() - personDays * dayMs }),
      ]);
      return { turn, session: all, person: own, personDays };
    },
    works: () =>
      working.all
        .filter((turn) => isAdmin || isInChat(turn, event.chat.ref))
        .map((turn) => ({
          id: backgroundOfSession(turn.sessionKey),
          agent: agentOfSession(turn.sessionKey),
          // What others asked for elsewhere is not told; in a shared chat it stands there.
          text: isInChat(turn, event.chat.ref) ? shorten(textOf(turn)) : (turn.inputs[0]?.chat.ref.platform ?? ""),
          runsMs: clock.now() - turn.startedAtMs,
        })),
    async stopTask(id) {
      const turn = working.all.find(({ sessionKey }) => backgroundOfSession(sessionKey) === id);
      if (turn === undefined || (!isAdmin && !isInChat(turn, event.chat.ref))) return "nothing";
      if (!busyDesk.mayRule(event, turn)) return "not-yours";
      return (await lanes.interrupt(turn.sessionKey, "stop")) ? "stopped" : "nothing";
    },
    reload: async () => await agent?.reload?.(AbortSignal.timeout(reloadTimeoutMs)),
  };
}

async function sessionOf({ choices, store }: SessionAgentParts, key: SessionKey): Promise<AgentSession> {
  const [chosen, session] = await Promise.all([choices.of(key), store.currentSession(key)]);
  return { key, chosen, ...(session === undefined ? {} : { id: session.id }) };
}

/** Where the agent does not judge by itself, what it offers may be chosen, and anything where it says so. */
async function judge(agent: Agent, session: AgentSession, id: string, value: string, signal: AbortSignal): Promise<Chosen> {
  if (agent.choose !== undefined) return await agent.choose(session, id, value, signal);
  const setting = (await agent.settings?.(session, signal))?.find((each) => each.id === id);
  const named = setting?.options.find((option) => option.id.toLowerCase() === value.toLowerCase());
  if (named !== undefined) return { value: named.id };
  if (setting?.isOpen === true) return { value };
  return { refusal: `There is no \`${shorten(value).replaceAll("`", "")}\` to choose.` };
}

function isInChat(
  { inputs }: WorkingTurn,
  { platform, chatId }: { readonly platform: string; readonly chatId: string },
): boolean {
  return inputs.some(({ chat }) => chat.ref.platform === platform && chat.ref.chatId === chatId);
}

function textOf({ inputs }: WorkingTurn): string {
  const [first] = inputs;
  return first?.type === "message" ? first.text : "";
}
