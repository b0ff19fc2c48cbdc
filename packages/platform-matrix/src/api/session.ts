import { hash } from "node:crypto";
import type { Json } from "@hermes/core";
import { HttpFailure } from "@hermes/http";
import type { Client } from "./client.ts";
import { failureOf, refusalIn, toPlatformFailure, type Caller } from "./failure.ts";

/** How the bot proves who it is. */
export interface Credentials {
  readonly userId: string;
  readonly accessToken?: string | undefined;
  readonly refreshToken?: string | undefined;
  readonly password?: string | undefined;
  readonly deviceId?: string | undefined;
}

/** Where a session that was opened or renewed is kept. */
export interface SessionMemory {
  get(): Promise<Json | undefined>;
  set(value: Json): Promise<void>;
}

/** A session of one device. */
export interface Session {
  readonly deviceId: string | undefined;
  /** Every token that is or was in use, and the password: what must stand in no error. */
  readonly secrets: readonly string[];
  /** Makes sure that there is a token, logging in where there is none. Throws a `PlatformError`. */
  open(signal: AbortSignal): Promise<void>;
  /**
   * A new token in place of `refused`, under the same device: by the refresh token or the password. False where there is neither.
   * Throws a `PlatformError`.
   */
  renew(refused: string | undefined, signal: AbortSignal | undefined): Promise<boolean>;
  /** Learnt by asking the homeserver who this is. */
  noteDevice(deviceId: string): void;
}

interface Kept {
  /** The configured credentials it came from: others begin anew. */
  readonly origin: string;
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly deviceId?: string;
}

const what = "log in";
const noPasswords =
  "the homeserver has no login by password for this account; log in once with another client and set `accessToken` to its token";

/** What a homeserver's refusal of a password comes down to. */
const loginRefusals: Readonly<Record<string, string>> = {
  M_FORBIDDEN: "the homeserver does not take the password; check `userId` and `password`",
  M_UNKNOWN: noPasswords,
  M_UNRECOGNIZED: noPasswords,
};
/** Tokens that were renewed may still stand in a late answer. */
const maxRemembered = 20;

/** The session behind `client`, whose token it keeps up to date. */
export function openSession(client: Client, credentials: Credentials, memory: SessionMemory, platform: string): Session {
  const { userId, password } = credentials;
  const origin = hash("sha256", `${userId} ${credentials.accessToken ?? ""} ${credentials.deviceId ?? ""}`).slice(0, 32);
  const given = [credentials.accessToken, credentials.refreshToken, password].filter((secret) => secret !== undefined);
  let renewed: readonly string[] = [];
  const caller: Caller = { platform, secrets: () => [...given, ...renewed] };
  let deviceId = credentials.deviceId;
  let refreshToken = credentials.refreshToken;
  let renewing: Promise<boolean> | undefined;

  const use = (kept: Omit<Kept, "origin">): void => {
    const tokens = [kept.accessToken, kept.refreshToken].filter((secret) => secret !== undefined);
    renewed = [...renewed, ...tokens].slice(-maxRemembered);
    client.token = kept.accessToken;
    refreshToken = kept.refreshToken ?? refreshToken;
    deviceId = kept.deviceId ?? deviceId;
  };
  const keep = async (answer: Omit<Kept, "origin">): Promise<void> => {
    const kept = { refreshToken, deviceId, ...answer };
    await memory.set({ origin, ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)) });
  };
  const ask = async (path: string, body: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<void> => {
    const answer = keptIn(await client.request({ method: "POST", path, body, signal, isOpen: true }));
    if (answer === undefined) throw failureOf({ kind: "unavailable" }, what, "the answer names no token", caller);
    // What cannot be kept is not used: until a new token is, the homeserver takes the old refresh token once more.
    await keep(answer);
    use(answer);
  };
  const login = async (signal?: AbortSignal): Promise<void> => {
    await ask(
      "/login",
      {
        type: "m.login.password",
        identifier: { type: "m.id.user", user: userId },
        password,
        ...(deviceId === undefined ? {} : { device_id: deviceId }),
        initial_device_display_name: "Hermes Gateway",
        refresh_token: true,
      },
      signal,
    );
  };
  const refresh = async (signal?: AbortSignal): Promise<boolean> => {
    if (refreshToken === undefined) return false;
    try {
      await ask("/refresh", { refresh_token: refreshToken }, signal);
      return true;
    } catch (error) {
      // A refresh token that is used up is no reason to give up where there is a password; a proxy's page says nothing of it.
      const refusal = refusalIn(error);
      if (refusal === undefined || refusal.code === "" || refusal.status >= 500 || refusal.status === 429) throw error;
      refreshToken = undefined;
      return false;
    }
  };
  const loginOrRefuse = async (signal?: AbortSignal): Promise<boolean> => {
    if (password === undefined) return false;
    try {
      await login(signal);
      return true;
    } catch (error) {
      const refusal = refusalIn(error);
      const why = refusal === undefined ? undefined : loginRefusals[refusal.code];
      if (why === undefined) throw error;
      throw failureOf({ kind: "unauthorized" }, what, why, caller);
    }
  };
  const attempt = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    try {
      return await call();
    } catch (error) {
      throw toPlatformFailure(error, what, caller);
    }
  };
  return {
    get deviceId() {
      return deviceId;
    },
    get secrets() {
      return [...given, ...renewed];
    },
    async open(signal) {
      const kept = keptSession(await memory.get());
      if (kept?.origin === origin) use(kept);
      else if (credentials.accessToken !== undefined) client.token = credentials.accessToken;
      else await attempt(() => loginOrRefuse(signal));
    },
    async renew(refused, signal) {
      // Somebody else may have renewed it meanwhile.
      if (refused !== client.token && renewing === undefined) return true;
      // It is everybody's: whoever asked first may go away meanwhile.
      renewing ??= attempt(async () => (await refresh()) || (await loginOrRefuse())).finally(() => (renewing = undefined));
      return await attempt(() => untilAborted(renewing, signal));
    },
    noteDevice(id) {
      deviceId = id;
    },
  };
}

/** The same, or an `HttpFailure` as soon as whoever waits no longer does. */
async function untilAborted(renewing: Promise<boolean> | undefined, signal: AbortSignal | undefined): Promise<boolean> {
  const gone = Promise.withResolvers<never>();
  const leave = (): void => gone.reject(new HttpFailure("ABORTED", false));
  if (signal?.aborted === true) leave();
  signal?.addEventListener("abort", leave);
  try {
    return (await Promise.race([renewing, gone.promise])) === true;
  } finally {
    signal?.removeEventListener("abort", leave);
  }
}

function keptSession(value: Json | undefined): Kept | undefined {
  const kept = keptIn(value);
  const origin: unknown = (value as Readonly<Record<string, unknown>> | null | undefined)?.["origin"];
  return kept === undefined || typeof origin !== "string" ? undefined : { origin, ...kept };
}

/** Tokens as the homeserver gives them, and as they are kept. */
function keptIn(value: unknown): Omit<Kept, "origin"> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const found = value as Readonly<Record<string, unknown>>;
  const [accessToken, refreshToken, deviceId] = [
    found["access_token"] ?? found["accessToken"],
    found["refresh_token"] ?? found["refreshToken"],
    found["device_id"] ?? found["deviceId"],
  ];
  if (typeof accessToken !== "string" || accessToken === "") return undefined;
  return {
    accessToken,
    ...(typeof refreshToken === "string" ? { refreshToken } : {}),
    ...(typeof deviceId === "string" ? { deviceId } : {}),
  };
}
