import { hash } from "node:crypto";
import type { PlatformHost } from "@hermes/core";
import type { Api } from "../api.ts";
import type { Chores } from "./chores.ts";
import { encryptedReason } from "./invites.ts";

/** After so long it may be said again. */
const rememberedMs = 365 * 24 * 60 * 60_000;

/** Says once in a room that became encrypted that nothing can be read there any more. */
export function explainOnce(
  roomId: string,
  botId: string,
  { api, host, chores }: { readonly api: Pick<Api, "sendEvent">; readonly host: PlatformHost; readonly chores: Chores },
): void {
  const key = `encrypted:${botId}:${roomId}`;
  chores.add(key, async (signal) => {
    if ((await host.memory.get(key)) !== undefined) return;
    const place = { roomId, type: "m.room.message", transactionId: `encrypted-${hash("sha256", key).slice(0, 32)}` } as const;
    await api.sendEvent(place, { msgtype: "m.notice", body: encryptedReason, "m.mentions": {} }, signal);
    await host.memory.set(key, true, { ttlMs: rememberedMs });
    host.logger.warn(`${roomId} is encrypted: nothing that is said there can be read`);
  });
}
