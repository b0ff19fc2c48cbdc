import { platformOfSession, type Clock, type Logger } from "@hermes/core";
import { methods, type Handlers, type MethodName } from "@hermes/protocol";
import {
  createWebDoor,
  type KnownAnswer,
  type OwnMethod,
  type WebCaller,
  type WebDoor,
  type WebLimits,
} from "@hermes/platform-web";
import type { Gateway, Ledger, Store } from "@hermes/runtime";
import type { Credential } from "./credentials/credential.ts";
import { PageSessions } from "./credentials/page-sessions.ts";
import { SignInCodes } from "./credentials/sign-in-codes.ts";
import { Tokens, type TokenFacts } from "./credentials/tokens.ts";
import { Uploads } from "./uploads/uploads.ts";

/** Id of the gateway's own door for pages and programs. */
export const doorId = "web";

/** What the gateway's door does not serve itself. */
export type ServedMethods = Omit<Handlers<WebCaller>, OwnMethod>;

export interface DoorsParts {
  readonly home: string;
  readonly tokens: readonly TokenFacts[];
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: Partial<WebLimits>;
}

/** The gateway's own door, with who may come by it. */
export interface Doors {
  readonly web: WebDoor;
  readonly tokens: Tokens;
  readonly pages: PageSessions;
  readonly codes: SignInCodes;
  readonly uploads: Uploads;
  /** Whose a request is, for the door that gets it. */
  readonly credentials: WeakMap<Request, Credential>;
  /** From now on the door is served; before, nobody comes by it. */
  serve(gateway: Gateway, served: ServedMethods): void;
  close(): void;
}

/** Builds the door. It is a platform of the gateway, and serves what the gateway can tell: so it is served once that is there. */
export function openDoors({ home, tokens, store, clock, logger, limits }: DoorsParts): Doors {
  const credentials = new WeakMap<Request, Credential>();
  const uploads = new Uploads(home);
  const known = new Tokens(tokens, clock);
  const pages = new PageSessions(store, clock);
  let inside: { readonly gateway: Gateway; readonly served: ServedMethods } | undefined;
  let stopWatching = (): void => undefined;
  const web = createWebDoor(
    {
      id: doorId,
      authenticate: (request) => credentials.get(request),
      handlers: lateHandlers(() => inside?.served),
      answerOf: async (messageId) => (inside === undefined ? undefined : await answerOf(inside.gateway.ledger, messageId)),
      uploads,
      limits,
    },
    {
      clock,
      onFault: (error, method) => logger.error(`${method} failed: ${error instanceof Error ? error.message : String(error)}`),
    },
  );
  return {
    web,
    tokens: known,
    pages,
    codes: new SignInCodes(clock),
    uploads,
    credentials,
    serve(gateway, served) {
      inside = { gateway, served };
      // What happens in its own conversations the door tells by itself.
      stopWatching = gateway.watch((sessionKey) => {
        if (platformOfSession(sessionKey) !== doorId) web.publish(sessionKey, { type: "session.changed" });
      });
    },
    close() {
      stopWatching();
      web.close();
      known.close();
      pages.close();
    },
  };
}

/** Handlers that are there before what they ask. */
function lateHandlers(served: () => ServedMethods | undefined): ServedMethods {
  const names = Object.keys(methods) as MethodName[];
  const late = names.map((name): [MethodName, unknown] => [
    name,
    async (params: never, caller: WebCaller): Promise<unknown> => {
      const handlers = served() as Handlers<WebCaller> | undefined;
      if (handlers === undefined) throw new Error("The gateway is not there yet");
      return await handlers[name](params, caller);
    },
  ]);
  // Each name of the table is among them, with what serves it.
  return Object.fromEntries(late) as unknown as ServedMethods;
}

/** What became of a message that an earlier process took. */
async function answerOf(ledger: Ledger, messageId: string): Promise<KnownAnswer | undefined> {
  const timeline = await ledger.timeline(messageId);
  if (timeline === undefined) return undefined;
  const [delivery] = timeline.deliveries;
  const { event } = timeline;
  if (event?.state === "dropped") return { kind: "over", text: "", outcome: "dropped", atMs: event.atMs };
  if (delivery === undefined) return { kind: "open" };
  if (delivery.endedAtMs === undefined) return { kind: "open" };
  const text = delivery.details.map((part) => part.text).join("\n\n");
  return { kind: "over", text, outcome: delivery.outcome ?? "finished", atMs: delivery.endedAtMs };
}
