import { RpcError, type Message, type MessageEvidence, type MessagePlace } from "@hermes/protocol";
import { isTargetError, type Delivered, type Gateway } from "@hermes/runtime";
import { mapRef } from "./map-ledger.ts";

/** Says something in chats without being asked. */
export type SendMessage = (message: Message) => Promise<MessageEvidence>;

/** Says things where people point, with the platforms' word for it. */
export function createSendMessage(gateway: Pick<Gateway, "deliver">): SendMessage {
  return async ({ target, text, idempotencyKey }) => {
    const key = idempotencyKey === undefined ? {} : { idempotencyKey };
    const delivered = await gateway.deliver({ target, text, ...key }).catch((error: unknown) => {
      throw isTargetError(error) ? new RpcError("invalid-params", error.message, { field: "target" }) : error;
    });
    return evidenceOf(delivered.map(mapPlace));
  };
}

/** What is to be believed of all places together is what is to be believed of the worst. */
const fromWorst: readonly MessageEvidence["state"][] = ["failed", "unknown", "queued", "sent"];

function evidenceOf(places: readonly MessagePlace[]): MessageEvidence {
  const worst = fromWorst.flatMap((state) => places.filter((place) => place.state === state)).at(0);
  if (worst === undefined) throw new RpcError("internal", "The target means no chat");
  const { replyId, state, failure } = worst;
  const refs = places.flatMap((place) => place.refs);
  return { replyId, state, refs, ...(failure === undefined ? {} : { failure }), places };
}

function mapPlace({ target, replyId, state, refs, failure }: Delivered): MessagePlace {
  return { target, replyId, state, refs: refs.map(mapRef), ...(failure === undefined ? {} : { failure }) };
}
