import type { Part } from "@hermes/core";

/** What whoever finds the reply after a crash must know: messages that stand, parts that are over, and a send that surely was not done. */
export function isNews(before: Part | undefined, part: Part): boolean {
  if (before === undefined || before.refs.length !== part.refs.length) return true;
  if (before.inFlightRevision !== null && part.attempts > before.attempts) return true;
  return before.state !== part.state && part.state !== "closed";
}

/** Whether a part is in the store as it is known now. */
export function isSame(a: Part | undefined, b: Part): boolean {
  if (a === undefined) return false;
  return (
    a === b ||
    (a.desiredRevision === b.desiredRevision &&
      a.shownRevision === b.shownRevision &&
      a.inFlightRevision === b.inFlightRevision &&
      a.state === b.state &&
      a.refs === b.refs &&
      a.marked === b.marked &&
      a.attempts === b.attempts)
  );
}
