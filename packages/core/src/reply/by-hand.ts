import { canTellSends } from "./room.ts";
import { settled } from "./parts.ts";
import type { Capabilities } from "../capabilities.ts";
import type { Part } from "./state.ts";

/**
 * A part that failed or may not have arrived, to be shown once more: what may stand there already is marked, or repeated so that its
 * platform can tell; a notice that something did not arrive is over. Undefined where there is nothing to change. Go on with
 * `resumeReply`.
 */
export function reopenPart(part: Part, capabilities: Pick<Capabilities, "idempotentSend" | "lookup" | "live">): Part | undefined {
  const isInTrouble = part.state === "failed" || part.state === "unknown";
  // What an agent did meanwhile is no news any more.
  if (!isInTrouble || part.desired.length === 0 || part.kind === "progress") return undefined;
  // The notice that something did not arrive would be a lie once it has.
  if (part.kind === "undelivered") return { ...settled(part, "sent", []), shown: [], failure: null };
  const source = part.desired.join("\n\n");
  const mayStand = part.state === "unknown" && part.refs.length === 0;
  // A key keeps a send from happening twice, but not what a live message has shown.
  const pinned = mayStand && canTellSends(capabilities) && !capabilities.live;
  return {
    ...part,
    state: "closed",
    desiredRevision: part.desiredRevision + 1,
    source,
    covers: { desired: source.length, inFlight: source.length, shown: 0, maybeShown: 0 },
    // What no message is known of cannot be changed: it is said anew.
    ...(part.refs.length > 0 ? {} : { shown: [], shownRevision: 0 }),
    inFlightTexts: pinned ? part.desired : [],
    pinned,
    marked: part.marked || (mayStand && !pinned),
    attempts: 0,
    failure: null,
  };
}

/** A part that somebody gave up by hand. Undefined where it is over already. */
export function dropPart(part: Part): Part | undefined {
  if (part.state !== "open" && part.state !== "closed") return undefined;
  const mayStand = part.shownRevision > 0 || part.inFlightRevision !== null || part.marked || part.pinned;
  return { ...settled(part, mayStand ? "unknown" : "failed", part.desired), failure: "dropped" };
}
