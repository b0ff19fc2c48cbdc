import { isPlatformError, type CheckResult } from "@hermes/core";
import { forgetfulMemory, openApi, type Api } from "./api.ts";
import type { MatrixConfiguration } from "./configuration.ts";
import { serverOf } from "./identifiers.ts";

/** Are the credentials good, and what does the account see? Loads the SDK's HTTP client and calls the homeserver. */
export async function check(configuration: MatrixConfiguration, signal: AbortSignal): Promise<CheckResult> {
  const { userId, homeserver = serverOf(userId), accessToken, password } = configuration;
  // A session that is opened for this is a device of its own, and closed again: the gateway's stays.
  const isOwnSession = accessToken === undefined && password !== undefined;
  const credentials = isOwnSession ? { userId, password } : { userId, accessToken };
  const options = {
    platform: "matrix",
    homeserver,
    credentials,
    memory: forgetfulMemory(),
    elsewhere: noOther,
    debug: () => undefined,
  };
  let api: Api | undefined;
  try {
    api = await openApi(options, signal);
    const summary = await summaryOf(api, userId, signal);
    if (isOwnSession) await api.logout(signal);
    return { ok: true, summary };
  } catch (error) {
    if (!isPlatformError(error)) throw error;
    return { ok: false, summary: error.message, remedy: remedyFor(error.failure.kind) };
  } finally {
    api?.close();
  }
}

function noOther(): Promise<Response> {
  return Promise.reject(new Error("A check fetches no files"));
}

async function summaryOf(api: Api, userId: string, signal: AbortSignal): Promise<string> {
  const [name, rooms] = [await api.displayName(signal), await api.joinedRooms(signal)];
  let encrypted = 0;
  // Enough to tell of the matter; asking for hundreds of rooms would take long.
  for (const roomId of rooms.slice(0, 50))
    if ((await api.state(roomId, "m.room.encryption", signal)) !== undefined) encrypted += 1;
  const facts = [
    `${userId} answers${name === undefined ? "" : ` as ${name}`} on ${new URL(api.baseUrl).host}`,
    rooms.length === 0 ? "it is in no room yet: invite it" : `it is in ${rooms.length} ${rooms.length === 1 ? "room" : "rooms"}`,
    ...(encrypted === 0 ? [] : [`${encrypted} of them encrypted, where it can neither read nor write`]),
  ];
  return facts.join("; ");
}

function remedyFor(kind: string): string {
  if (kind === "unauthorized") return "Check `userId`, and set a new `accessToken` or the right `password`";
  if (kind === "rate-limited") return "The homeserver asks for patience: try again in a minute";
  if (kind === "invalid") return "Set `homeserver` to the address that clients use, such as https://matrix.example.org";
  return "Check that this machine reaches the homeserver, and `homeserver` if it is set";
}
