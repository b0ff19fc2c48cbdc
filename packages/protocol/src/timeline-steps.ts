import type { DeliveryDetails, DeliveryPart } from "./deliveries.ts";
import type { EventDetails } from "./events.ts";
import type { MessageRef } from "./places.ts";
import type { Timeline } from "./timeline.ts";

/** One step on the way of a message; without `atMs` its moment is not written down. */
export type TimelineStep =
  | { readonly kind: "received"; readonly atMs: number; readonly event: EventDetails }
  | { readonly kind: "rule"; readonly atMs: number; readonly event: EventDetails }
  | { readonly kind: "lane"; readonly atMs: number; readonly event: EventDetails; readonly sessionKey: string }
  | { readonly kind: "turn"; readonly atMs: number; readonly delivery: DeliveryDetails }
  | { readonly kind: "part"; readonly atMs?: number; readonly delivery: DeliveryDetails; readonly part: DeliveryPart }
  | { readonly kind: "ref"; readonly atMs?: number; readonly part: DeliveryPart; readonly ref: MessageRef };

/** A timeline as people read it: received → rule → lane → turn → parts → refs, the last three once for each delivery. */
export function timelineSteps({ event, deliveries }: Timeline): readonly TimelineStep[] {
  return [...(event === undefined ? [] : eventSteps(event)), ...deliveries.flatMap(deliverySteps)];
}

function eventSteps(event: EventDetails): readonly TimelineStep[] {
  const { atMs, sessionKey } = event;
  return [
    { kind: "received", atMs, event },
    { kind: "rule", atMs, event },
    ...(sessionKey === undefined ? [] : [{ kind: "lane", atMs, event, sessionKey } as const]),
  ];
}

function deliverySteps(delivery: DeliveryDetails): readonly TimelineStep[] {
  return [
    { kind: "turn", atMs: delivery.startedAtMs, delivery },
    ...delivery.details.flatMap((part) => partSteps(delivery, part)),
  ];
}

function partSteps(delivery: DeliveryDetails, part: DeliveryPart): readonly TimelineStep[] {
  const at = part.shownAtMs === undefined ? {} : { atMs: part.shownAtMs };
  return [{ kind: "part", ...at, delivery, part }, ...part.refs.map((ref) => ({ kind: "ref", ...at, part, ref }) as const)];
}
