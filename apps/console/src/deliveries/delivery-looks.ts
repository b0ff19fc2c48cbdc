import type { DeliveryPart, DeliveryState, Verdict } from "@hermes/protocol";
import type { Tone } from "../design/badge.tsx";
import type { IconName } from "../design/icon.tsx";

interface Look {
  readonly tone: Tone;
  readonly icon: IconName | "busy";
}

/** How a delivery's state looks. */
export const deliveryLooks: Readonly<Record<DeliveryState, Look>> = {
  running: { tone: "info", icon: "busy" },
  queued: { tone: "info", icon: "clock" },
  sending: { tone: "info", icon: "busy" },
  parked: { tone: "warn", icon: "pause" },
  sent: { tone: "good", icon: "check" },
  unknown: { tone: "warn", icon: "question" },
  failed: { tone: "bad", icon: "warning" },
  empty: { tone: "neutral", icon: "dot" },
};

/** How a part's state looks. */
export const partLooks: Readonly<Record<DeliveryPart["state"], Look>> = {
  queued: deliveryLooks.queued,
  sending: deliveryLooks.sending,
  sent: deliveryLooks.sent,
  unknown: deliveryLooks.unknown,
  failed: deliveryLooks.failed,
};

/** How a decision looks. */
export const verdictLooks: Readonly<Record<Verdict, Look>> = {
  run: { tone: "good", icon: "check" },
  observe: { tone: "neutral", icon: "dot" },
  pair: { tone: "info", icon: "key" },
  refuse: { tone: "bad", icon: "close" },
};

/** Whether it can be sent again by hand. */
export function canRetry(state: DeliveryState): boolean {
  return state === "failed" || state === "unknown" || state === "parked" || state === "queued";
}

/** Whether there is something left to give up. */
export function canDrop(state: DeliveryState): boolean {
  return state === "queued" || state === "parked" || state === "unknown";
}
