import { createHash, timingSafeEqual } from "node:crypto";
import type { Platform } from "@hermes/core";
import { isMethodName, methods, RpcError, type Handlers, type MethodName } from "@hermes/protocol";
import type { WebConfiguration } from "./configuration.ts";
import type { OwnMethod, WebCaller, WebCredential } from "./options.ts";
import { createWebDoor } from "./web.ts";

/**
 * The door for a server of one's own: one token lets in, as one user, and chat is all there is. Methods that need a whole gateway
 * answer `unavailable`.
 */
export function loadWebDoor(id: string, configuration: WebConfiguration): Platform {
  const { token, userId = "owner", ...limits } = configuration;
  const credential: WebCredential = { id: "token", userId, scope: "admin", ended: new AbortController().signal };
  const chosen = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
  return createWebDoor({
    id,
    authenticate: (request) => (carriesToken(request.headers.get("authorization"), token) ? credential : undefined),
    handlers: chatOnly(),
    limits: chosen,
  }).platform;
}

/** Handlers that say of every method but the door's own that it is not served; `health` is. */
export function chatOnly(): Omit<Handlers<WebCaller>, OwnMethod> {
  const refusals: Partial<Record<MethodName, () => Promise<never>>> = {};
  for (const name of Object.keys(methods).filter(isMethodName)) {
    refusals[name] = async () => {
      throw new RpcError("unavailable", `\`${name}\` is not served here: this door only takes chats`);
    };
  }
  // Every name of the table has its entry now.
  const all = refusals as Record<MethodName, () => Promise<never>>;
  return { ...all, health: async () => ({ status: "ok", ready: true }) };
}

/** Takes as long for a wrong token as for the right one. */
function carriesToken(header: string | null, token: string): boolean {
  const given = /^Bearer +(\S+)$/iu.exec(header ?? "")?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
