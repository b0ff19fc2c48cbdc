import type { Clock } from "@hermes/core";
import { RpcError, type Handlers } from "@hermes/protocol";
import type { Asking } from "./asking.ts";
import { Call } from "./call.ts";
import type { Conversations } from "./conversations.ts";
import { isUserId, messageIdOf, placeToWrite, toStop } from "./decode.ts";
import type { Exchange, Over } from "./exchange.ts";
import type { Exchanges } from "./exchanges.ts";
import type { OwnMethod, WebCaller, WebCredential } from "./options.ts";

export interface ApiParts {
  readonly platform: string;
  readonly asking: Asking;
  readonly exchanges: Exchanges;
  readonly conversations: Conversations;
  readonly clock: Clock;
  readonly maxWaitingSends: number;
}

/** The methods that this door serves itself. */
export function createApi(parts: ApiParts): Pick<Handlers<WebCaller>, OwnMethod> {
  const { platform, asking, exchanges, conversations, clock } = parts;
  const waits = new Waits(parts.maxWaitingSends);
  return {
    async "chat.send"(ask, caller) {
      const credential = credentialOf(caller);
      const call = callOf(caller);
      const place = placeToWrite(platform, ask.session_key, credential);
      const leave = waits.enter(credential);
      try {
        const { exchange } = await asking.take(messageIdOf(ask, credential), ask, place, credential);
        // What only waits keeps nobody from being heard: neither `chat.stop` nor the next question.
        call?.leave();
        const over = await exchange.whenOver(call?.connection.gone);
        return { ...started(exchange), text: over.text, timestamp: timestampOf(over), outcome: over.outcome };
      } finally {
        leave();
      }
    },
    async "chat.send_stream"(ask, caller) {
      const credential = credentialOf(caller);
      const call = callOf(caller);
      const place = placeToWrite(platform, ask.session_key, credential);
      const messageId = messageIdOf(ask, credential);
      // Before the message is offered: its answer may be there before the gateway has said that it took it.
      const followed = call === undefined ? undefined : conversations.follow(call.connection, place.sessionKey, messageId);
      if (followed !== undefined) call?.holdBack(followed.tap);
      const unfollow = (): void => {
        if (followed?.isNew === true) conversations.unfollow(followed.tap);
      };
      try {
        const { exchange, wasOver } = await asking.take(messageId, ask, place, credential);
        if (wasOver) {
          unfollow();
          call?.afterwards(() => conversations.repeat(call.connection, exchange.sessionKey, doneOf(exchange)));
        }
        return started(exchange);
      } catch (error) {
        unfollow();
        throw error;
      }
    },
    async "chat.stop"({ session_key }, caller) {
      const credential = credentialOf(caller);
      const place = placeToWrite(platform, session_key, credential);
      const host = asking.host();
      const isBusy = exchanges.isBusy(session_key);
      const event = toStop(place, credential, new Date(clock.now()).toISOString());
      const [acceptance] = await host.accept([event]).catch((cause: unknown) => {
        throw new RpcError("unavailable", "The gateway could not take it; try again later", { retryAfterMs: 5000, cause });
      });
      if (acceptance === "refused") throw new RpcError("forbidden", `The gateway does not let ${credential.userId} in`);
      const message = isBusy ? "The answer is stopped." : "Asked to stop; here nothing is known to be on its way.";
      return { done: true, message };
    },
    async "session.subscribe"(subscription, caller) {
      const call = callOf(caller);
      if (call === undefined) throw needsConnection();
      const { answer, tap } = conversations.subscribe(call.connection, subscription);
      call.holdBack(tap, { isHeld: true });
      return answer;
    },
    async "session.unsubscribe"({ session_key }, caller) {
      const call = callOf(caller);
      if (call === undefined) throw needsConnection();
      const done = conversations.unsubscribe(call.connection, session_key);
      return { done, message: done ? "Nothing more is told of it." : "Nothing was told of it anyway." };
    },
  };
}

/** How many answers each credential waits for. */
class Waits {
  readonly #max: number;
  readonly #counts = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** Returns how to leave. */
  enter({ id }: WebCredential): () => void {
    const count = this.#counts.get(id) ?? 0;
    if (count >= this.#max) {
      const message = `At most ${this.#max} \`chat.send\` wait for their answers at once; use \`chat.send_stream\``;
      throw new RpcError("rate-limited", message, { retryAfterMs: 1000 });
    }
    this.#counts.set(id, count + 1);
    return () => {
      const left = (this.#counts.get(id) ?? 1) - 1;
      if (left === 0) this.#counts.delete(id);
      else this.#counts.set(id, left);
    };
  }
}

function credentialOf({ credential }: WebCaller): WebCredential {
  if (credential === undefined) throw new RpcError("unauthorized", "A credential is needed");
  // A dot would make somebody's first conversation another one's further one.
  if (!isUserId(credential.userId)) throw new TypeError(`The credential ${credential.id} has a user id that cannot be one`);
  return credential;
}

/** undefined: it did not come over a socket of this door. */
function callOf(caller: WebCaller): Call | undefined {
  return caller instanceof Call ? caller : undefined;
}

function needsConnection(): RpcError {
  return new RpcError("unavailable", "This needs a connection that stays open: a WebSocket");
}

function started({ messageId, sessionKey }: Exchange): { readonly message_id: string; readonly session_key: string } {
  return { message_id: messageId, session_key: sessionKey };
}

function doneOf({ messageId, over }: Exchange) {
  const { text = "", outcome = "finished", atMs = 0 } = over ?? {};
  return { type: "chat.done", message_id: messageId, outcome, text, timestamp: new Date(atMs).toISOString() } as const;
}

function timestampOf({ atMs }: Over): string {
  return new Date(atMs).toISOString();
}
