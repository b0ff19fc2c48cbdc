import type { Part } from "@hermes/core";
import { isPending } from "../reply-progress.ts";
import type { ParkedChat, StoredReply } from "../store.ts";
import type { Delivery, DeliveryDetails, DeliveryPart, DeliveryState } from "./ledger.ts";

/** A stored reply as people read it. */
export function deliveryOf(reply: StoredReply, parked: ParkedChat | undefined): Delivery {
  const { replyId, kind, sessionKey, chat, startedAtMs, endedAtMs, seq, parts } = reply;
  const isParked = parked !== undefined && parts.some(isPending);
  const failure = parts.findLast((part) => part.failure !== null)?.failure ?? (isParked ? parked.reason : undefined);
  return {
    replyId,
    kind,
    state: stateOf(reply, isParked),
    sessionKey,
    chat,
    startedAtMs,
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
    parts: parts.length,
    partsSent: parts.filter(({ state }) => state === "sent").length,
    attempts: parts.reduce((most, { attempts }) => Math.max(most, attempts), 0),
    ...(failure === undefined ? {} : { failure }),
    ...(seq === undefined ? {} : { seq }),
  };
}

/** The same with its parts. */
export function deliveryDetailsOf(reply: StoredReply, parked: ParkedChat | undefined): DeliveryDetails {
  const { origin, kind, state, parts } = reply;
  return {
    ...deliveryOf(reply, parked),
    ...(origin === undefined ? {} : { origin }),
    ...(kind === "notice" || state === "running" ? {} : { outcome: state }),
    details: parts.map(partOf),
  };
}

function stateOf({ state, parts }: StoredReply, isParked: boolean): DeliveryState {
  if (state === "running") return "running";
  if (parts.some(isPending)) return isParked ? "parked" : parts.some(isCalling) ? "sending" : "queued";
  if (parts.some((part) => part.state === "failed")) return "failed";
  if (parts.some((part) => part.state === "unknown")) return "unknown";
  return parts.length === 0 ? "empty" : "sent";
}

function isCalling({ inFlightRevision }: Part): boolean {
  return inFlightRevision !== null;
}

function partOf(part: Part): DeliveryPart {
  const { index, kind, state, attempts, failure, refs, firstShownAtMs, marked, desired, shown, files = [] } = part;
  return {
    index,
    kind,
    state: isPending(part) ? (isCalling(part) ? "sending" : "queued") : settledState(state),
    attempts,
    ...(failure === null ? {} : { failure }),
    refs,
    ...(firstShownAtMs === null ? {} : { shownAtMs: firstShownAtMs }),
    marked,
    text: [...files.map(({ name }) => `[${name}]`), ...(state === "sent" ? shown : desired)]
      .filter((text) => text !== "")
      .join("\n\n"),
  };
}

function settledState(state: Part["state"]): DeliveryPart["state"] {
  switch (state) {
    case "sent":
    case "unknown":
    case "failed":
      return state;
    case "open":
    case "closed":
      return "queued";
  }
}
