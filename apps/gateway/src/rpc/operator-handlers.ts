import { RpcError, type GatewayInfo, type Handlers } from "@hermes/protocol";
import type { Gateway } from "@hermes/runtime";
import type { SignInCode } from "../credentials/sign-in-codes.ts";
import { mapChat, mapPlatform } from "./map-ledger.ts";
import { explained, notFound } from "./refusals.ts";
import type { SendMessage } from "./send-message.ts";

/** The methods that a gateway is looked after by. */
export type OperatorMethod =
  | `platforms.${"status" | "pause" | "resume"}`
  | `access.${"list" | "check" | "revoke"}`
  | `gateway.${"status" | "restart"}`
  | "channels.list"
  | "commands.list"
  | "messages.send"
  | "console.code"
  | "tokens.rotate";

export interface OperatorHandlersParts {
  readonly gateway: Pick<
    Gateway,
    "status" | "pause" | "resume" | "access" | "decideAccess" | "revokeAccess" | "commands" | "channels" | "restart"
  >;
  readonly readInfo: () => Promise<GatewayInfo>;
  /** Platforms that are the gateway's own doors: without them nobody could resume anything. */
  readonly ownDoors: ReadonlySet<string>;
  readonly makeCode: () => SignInCode;
  readonly sendMessage: SendMessage;
  /** Makes a new token; answers until when the old one is good. */
  readonly rotateToken: (keepMs: number) => Promise<number>;
}

/** Serves what a gateway is looked after by. */
export function createOperatorHandlers(parts: OperatorHandlersParts): Pick<Handlers, OperatorMethod> {
  const { gateway } = parts;
  const platform = (id: string) =>
    gateway.status().platforms.find((each) => each.id === id) ?? notFound("id", `There is no platform ${JSON.stringify(id)}.`);
  return {
    async "platforms.status"({ id }) {
      return mapPlatform(platform(id), parts.ownDoors);
    },
    async "platforms.pause"({ id }) {
      platform(id);
      if (parts.ownDoors.has(id))
        throw new RpcError("conflict", `${id} is a door of the gateway itself; it is switched off in the configuration.`, {
          field: "id",
        });
      const isNew = await explained(() => gateway.pause(id));
      return { done: isNew, message: isNew ? `${id} is paused.` : `${id} is paused already.` };
    },
    async "platforms.resume"({ id }) {
      platform(id);
      const isNew = await explained(() => gateway.resume(id));
      return { done: isNew, message: isNew ? `${id} is being connected.` : `${id} is connected already, or on its way.` };
    },
    async "access.list"() {
      const { configured, granted, open } = await explained(() => gateway.access());
      return {
        entries: [
          ...granted.map(({ platform: name, userId, grantedAtMs }) => ({
            platform: name,
            userId,
            by: "owner" as const,
            sinceMs: grantedAtMs,
          })),
          ...configured.map((entry) => ({ ...placeAndUser(entry), by: "configured" as const })),
        ],
        open: open.filter((id) => !parts.ownDoors.has(id)),
      };
    },
    async "access.check"({ platform: name, userId }) {
      const { verdict, rule, reason } = gateway.decideAccess(name, userId);
      return { letIn: verdict === "run", rule, reason };
    },
    async "access.revoke"({ platform: name, userId }) {
      const isDone = await explained(() => gateway.revokeAccess(name, userId));
      return isDone
        ? { done: true, message: `${userId} is no longer the owner on ${name}.` }
        : { done: false, message: "They were given nothing by a claim. Who is named in the configuration is let in by it." };
    },
    "gateway.status": () => parts.readInfo(),
    async "channels.list"({ platform: id }) {
      if (id !== undefined) platform(id);
      const channels = await explained(() => gateway.channels(id));
      return { rows: channels.map(({ target, chat, isHome }) => ({ target, chat: mapChat(chat), isHome })) };
    },
    async "gateway.restart"() {
      switch (await gateway.restart()) {
        case "restarting":
          return { done: true, message: "The gateway restarts, once what runs has ended or its time is over." };
        case "under-way":
          return { done: false, message: "It restarts already." };
        case "nobody":
          return { done: false, message: "Nobody would start it again." };
      }
    },
    async "commands.list"() {
      return { rows: gateway.commands() };
    },
    "messages.send": (message) => explained(() => parts.sendMessage(message)),
    async "console.code"() {
      return parts.makeCode();
    },
    async "tokens.rotate"({ keepMs = 0 }) {
      return { oldGoodUntilMs: await parts.rotateToken(keepMs) };
    },
  };
}

function placeAndUser(entry: string): { readonly platform: string; readonly userId: string } {
  const colon = entry.indexOf(":");
  return { platform: entry.slice(0, colon), userId: entry.slice(colon + 1) };
}
