import { pageRows, type Handlers, type MethodName } from "@hermes/protocol";
import type { GatewayStatus, Ledger } from "@hermes/runtime";
import { explained, notFound } from "./refusals.ts";
import {
  mapDelivery,
  mapDeliveryDetails,
  mapEvent,
  mapEventDetails,
  mapOutcome,
  mapPage,
  mapPlatform,
  mapTimeline,
} from "./map-ledger.ts";

/** The methods that a ledger alone can serve. */
export type LedgerMethod = Extract<MethodName, "health" | "platforms.list" | `${"deliveries" | "events" | "timeline"}.${string}`>;

export interface LedgerHandlersParts {
  readonly ledger: Ledger;
  readonly platforms: () => GatewayStatus["platforms"];
  readonly isReady: () => boolean;
  /** Platforms that are doors of the gateway itself. Default: none. */
  readonly doors?: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();

/** Serves what a ledger knows. */
export function createLedgerHandlers({
  ledger,
  platforms,
  isReady,
  doors = none,
}: LedgerHandlersParts): Pick<Handlers, LedgerMethod> {
  const delivery = async (replyId: string) =>
    (await explained(() => ledger.delivery(replyId))) ?? notFound("replyId", `There is no delivery ${JSON.stringify(replyId)}.`);
  const event = async (seq: number) =>
    (await explained(() => ledger.event(seq))) ?? notFound("seq", `There is no event number ${seq}.`);
  return {
    async health() {
      return { status: "ok", ready: isReady() };
    },
    async "platforms.list"() {
      return { rows: platforms().map((platform) => mapPlatform(platform, doors)) };
    },
    async "deliveries.list"({ limit, ...query }) {
      return mapPage(await explained(() => ledger.listDeliveries({ ...query, limit: pageRows(limit) })), mapDelivery);
    },
    async "deliveries.show"({ replyId }) {
      return mapDeliveryDetails(await delivery(replyId));
    },
    async "deliveries.retry"({ replyId }) {
      await delivery(replyId);
      return mapOutcome(await explained(() => ledger.retryDelivery(replyId)));
    },
    async "deliveries.drop"({ replyId }) {
      await delivery(replyId);
      return mapOutcome(await explained(() => ledger.dropDelivery(replyId)));
    },
    async "events.list"({ limit, ...query }) {
      return mapPage(await explained(() => ledger.listEvents({ ...query, limit: pageRows(limit) })), mapEvent);
    },
    async "events.show"({ seq }) {
      return mapEventDetails(await event(seq));
    },
    async "events.replay"({ seq }) {
      await event(seq);
      return mapOutcome(await explained(() => ledger.replayEvent(seq)));
    },
    async "timeline.show"({ id }) {
      const timeline = await explained(() => ledger.timeline(id));
      return mapTimeline(timeline ?? notFound("id", `Nothing is known by the id ${JSON.stringify(id)}.`));
    },
  };
}
