import type { Capabilities } from "../capabilities.ts";
import type { ReplyContext, ReplyMode, ReplyState } from "./state.ts";

/** How a reply begins to be shown. */
export function startMode({ live, edit }: Pick<Capabilities, "live" | "edit">): ReplyMode {
  if (live) return "live-replace";
  return edit === false || edit.maxEdits === 0 ? "final" : "edit";
}

/** The reply goes on without live messages. */
export function leaveLive(state: ReplyState, { capabilities }: ReplyContext): ReplyState {
  if (state.mode === "final" || state.mode === "edit") return state;
  const least = capabilities.edit === false ? 0 : capabilities.edit.minIntervalMs;
  return { ...state, mode: startMode({ ...capabilities, live: false }), intervalMs: Math.max(state.intervalMs, least) };
}

/** From now on only the end is shown. */
export function stopInterim(state: ReplyState): ReplyState {
  return state.mode === "final" ? state : { ...state, mode: "final" };
}
