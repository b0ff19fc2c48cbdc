import type { Capabilities, Part, UnknownSends } from "@hermes/core";

/** What of a turn's parts can be said again: what stands there can be edited, or be repeated with a mark, or so that its platform can tell. */
export function canRewrite(capabilities: Capabilities | undefined, unknownSends: UnknownSends): (part: Part) => boolean {
  // Of what the gateway itself has shown live nothing stands any more.
  if (capabilities?.live === "own") return ({ live, refs }) => live !== "none" && refs.length === 0;
  if (capabilities === undefined || capabilities.edit === false) return () => false;
  const canTell = capabilities.idempotentSend !== false || capabilities.lookup;
  return ({ refs, live, inFlightTexts }) => {
    if (refs.length > 0) return true;
    return canTell ? live === "none" && inFlightTexts.length > 0 : unknownSends === "repeat-marked";
  };
}
