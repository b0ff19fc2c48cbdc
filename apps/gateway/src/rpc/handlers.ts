import { pageRows, RpcError, type Handlers } from "@hermes/protocol";
import { isStoreError, type GatewayStatus, type Ledger } from "@hermes/runtime";
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

export interface HandlersParts {
  readonly ledger: Ledger;
  readonly platforms: () => GatewayStatus["platforms"];
  readonly isReady: () => boolean;
}

/** Serves the methods of the protocol out of a ledger. */
export function createHandlers({ ledger, platforms, isReady }: HandlersParts): Handlers {
  const delivery = async (replyId: string) =>
    (await explained(() => ledger.delivery(replyId))) ?? notFound("replyId", `There is no delivery ${JSON.stringify(replyId)}.`);
  const event = async (seq: number) =>
    (await explained(() => ledger.event(seq))) ?? notFound("seq", `There is no event number ${seq}.`);
  return {
    async health() {
      return { status: "ok", ready: isReady() };
    },
    async "platforms.list"() {
      return { rows: platforms().map(mapPlatform) };
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

function notFound(field: string, message: string): never {
  throw new RpcError("not-found", message, { field });
}

/** What the store refuses is no fault of the gateway, and its refusal says what to do. */
async function explained<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (isStoreError(error)) throw new RpcError("unavailable", error.message, { cause: error });
    throw error;
  }
}
