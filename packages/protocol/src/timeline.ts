import { deliveryDetails, type DeliveryDetails } from "./deliveries.ts";
import { eventDetails, type EventDetails } from "./events.ts";
import { needed, object, optional, type ObjectShape } from "./object-shape.ts";
import { listOf } from "./shape.ts";

/** The way of one message: what came in, and each delivery that came of it, oldest first. `timelineSteps` puts it in order. */
export interface Timeline {
  readonly event?: EventDetails;
  readonly deliveries: readonly DeliveryDetails[];
}

export const timeline: ObjectShape<Timeline> = object<Timeline>("Timeline", {
  event: optional(eventDetails, "what came in; not there for something the gateway said by itself"),
  deliveries: needed(listOf(deliveryDetails), "what came of it, oldest first"),
});
