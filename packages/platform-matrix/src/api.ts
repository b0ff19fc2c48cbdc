import type { Json } from "@hermes/core";
import { openHttp } from "@hermes/http";
import { openCalls } from "./api/calls.ts";
import { openClient } from "./api/client.ts";
import { findHomeserver } from "./api/discovery.ts";
import { failureOf } from "./api/failure.ts";
import { mediaCalls, type FetchElsewhere, type MediaCalls } from "./api/media.ts";
import { messageCalls, type MessageCalls } from "./api/messages.ts";
import { roomCalls, type RoomCalls } from "./api/rooms.ts";
import { openSession, type Credentials, type SessionMemory } from "./api/session.ts";
import { syncCalls, type SyncCalls } from "./api/sync.ts";

export interface ApiOptions {
  /** The instance's id, for errors. */
  readonly platform: string;
  /** An address, or a server's name. */
  readonly homeserver: string;
  readonly credentials: Credentials;
  readonly memory: SessionMemory;
  readonly elsewhere: FetchElsewhere;
  /** What the SDK has to say. */
  readonly debug: (message: string) => void;
  /** How long an answer may stay away, in milliseconds. Default 60 s. */
  readonly silenceMs?: number | undefined;
  /** Where a server's name is looked up, in place of `https://<name>`. */
  readonly discoveryRoot?: string | undefined;
}

/** The calls this adapter makes. Each throws a `PlatformError` and nothing else. */
export interface Api extends MessageCalls, RoomCalls, SyncCalls, MediaCalls {
  /** The homeserver's address. */
  readonly baseUrl: string;
  /** Ends this session: its device and its tokens are gone. */
  logout(signal: AbortSignal): Promise<void>;
  /** Closes every connection; calls under way fail. */
  close(): void;
}

/** Finds the homeserver, loads the SDK's HTTP client, logs in where needed and makes sure that the account is the right one. */
export async function openApi(options: ApiOptions, signal: AbortSignal): Promise<Api> {
  const { platform, credentials, memory, debug, silenceMs = 60_000 } = options;
  const { userId } = credentials;
  const baseUrl = await findHomeserver(options.homeserver, platform, signal, options.discoveryRoot);
  const http = openHttp();
  try {
    const client = await openClient({ baseUrl, http, silenceMs, debug });
    const session = openSession(client, credentials, memory, platform);
    await session.open(signal);
    const calls = openCalls({ platform, userId, client, session, http, silenceMs });
    const what = "ask whose token this is";
    const { user_id: owner, device_id: device } = await calls.request(what, { method: "GET", path: "/account/whoami", signal });
    if (owner !== userId) {
      const why = `the token is that of another account; \`userId\` says ${userId}`;
      throw failureOf({ kind: "unauthorized" }, "log in", why, calls.caller);
    }
    if (typeof device === "string") session.noteDevice(device);
    return {
      baseUrl,
      ...messageCalls(calls),
      ...roomCalls(calls),
      ...syncCalls(calls),
      ...mediaCalls(calls, options.elsewhere),
      async logout(end) {
        await calls.request("log out", { method: "POST", path: "/logout", body: {}, signal: end });
      },
      close: () => http.close(),
    };
  } catch (error) {
    http.close();
    throw error;
  }
}

/** A session that is kept nowhere. */
export function forgetfulMemory(): SessionMemory {
  let kept: Json | undefined;
  return {
    get: async () => kept,
    set: async (value) => void (kept = value),
  };
}
