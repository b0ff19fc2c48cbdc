import { utf16Length, type AgentEvent, type ReplyContext, type ReplyState } from "../../src/index.ts";
import { ScriptedServer, type Fault, type ServerOptions } from "./scripted-server.ts";
import { contextOf, Simulation } from "./simulation.ts";

/** How often the platforms of these tests may be edited. */
export const edit = { minIntervalMs: 1000 };
/** What most tests need: a platform that edits, one that does not, a fault, a tool. */
export const editing = contextOf({ edit });
export const finalOnly = contextOf();
export const rateLimited: Fault = { kind: "rate-limited" };
export const tool: AgentEvent = { type: "tool-start", callId: "t", title: "look", effect: "none" };

/** A piece of what the agent says. */
export function text(content: string): AgentEvent {
  return { type: "text-delta", text: content };
}

/** One reply that a test talks to, and the server that shows it. */
export interface Scene {
  readonly simulation: Simulation;
  readonly server: ScriptedServer;
  readonly say: (...events: readonly AgentEvent[]) => void;
  readonly wait: (ms: number) => void;
  readonly end: () => void;
}

/** A reply on a scripted server. */
export function scene(context: ReplyContext = editing, more: Partial<ServerOptions> = {}, state?: ReplyState): Scene {
  const { capabilities } = context;
  const server = new ScriptedServer({
    maxLength: capabilities.text.maxLength ?? Number.POSITIVE_INFINITY,
    measure: utf16Length,
    idempotent: capabilities.idempotentSend,
    textsPerSend: capabilities.text.partsPerSend,
    ...more,
  });
  const simulation = new Simulation({ context, server, ...(state === undefined ? {} : { state }) });
  return {
    simulation,
    server,
    say: (...events) => events.forEach((event) => simulation.tell({ type: "agent", event })),
    wait: (ms) => void simulation.run(simulation.nowMs + ms),
    end: () => {
      simulation.tell({ type: "end", how: "finished" });
      simulation.run();
    },
  };
}
