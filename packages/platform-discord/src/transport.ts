import { isPlatformError, pause, PlatformError, toPlatformError, type Ended, type Failure } from "@hermes/core";
import { openGatewaySocket, type Dispatch, type GatewaySocket, type SocketEnd } from "./transport/gateway-socket.ts";
import { Inbox } from "./transport/inbox.ts";
import { Intake, type IntakeParts } from "./transport/intake.ts";
import { readState, type GatewayState } from "./transport/state.ts";

export interface Listening extends IntakeParts {
  readonly token: string;
  readonly apiRoot: string;
  readonly proxy: string | undefined;
  readonly random: () => number;
}

/**
 * Servers and channels, messages and reactions in them, the same in direct messages, and what messages say: the last is privileged
 * (Gateway, List of Intents).
 */
export const intents = (1 << 0) | (1 << 9) | (1 << 10) | (1 << 12) | (1 << 13) | (1 << 15);
/** Heartbeats are answered every 41.25 seconds (observed; the gateway's greeting says how often); a dead one is noticed at the next. */
export const reportsEveryMs = 120_000;
/** What passes by itself is tried again so often before the supervisor hears of it. */
const patience = 5;
const firstPauseMs = 1000;
/** How often a session's own address is tried in a row. */
const triesAtOwnUrl = 2;
/** A connection that lasted so long was a good one. */
const goodMs = 10_000;

/** Close codes after which nothing gets better by itself (Gateway Close Event Codes). */
const fatal: Readonly<Record<number, { readonly failure: Failure; readonly why: string }>> = {
  4004: {
    failure: { kind: "unauthorized" },
    why: "the token is wrong or was reset; make a new one in the Developer Portal (Bot, Reset Token)",
  },
  4010: { failure: { kind: "invalid" }, why: "Discord does not take the shard" },
  4011: {
    failure: { kind: "invalid" },
    why: "the bot is in more than 2500 servers, which takes several shards; this adapter has one",
  },
  4012: { failure: { kind: "invalid" }, why: "Discord no longer takes this version of its gateway" },
  4013: { failure: { kind: "forbidden" }, why: "Discord does not know these intents" },
  4014: {
    failure: { kind: "forbidden" },
    why: "the bot may not read messages: switch on Message Content Intent in the Developer Portal (https://discord.com/developers/applications, your application, Bot, Privileged Gateway Intents)",
  },
};
/** Not authenticated, invalid sequence, session timed out: a new session is needed. */
const sessionIsOver: ReadonlySet<number> = new Set([4003, 4007, 4009]);

/**
 * Listens to the gateway until `signal` is aborted or Discord refuses. A connection that breaks is replaced, and its session resumed
 * from the last dispatch that is stored, so that what was not comes again; where Discord kept no session, the history of the last day is
 * read. Never rejects; nothing runs any more when it comes back.
 */
export async function listen(listening: Listening, signal: AbortSignal): Promise<Ended> {
  try {
    if (!signal.aborted) await run(listening, signal);
    return { reason: "requested" };
  } catch (error) {
    if (signal.aborted) return { reason: "requested" };
    return { reason: "lost", error: toPlatformError(error, listening.platform) };
  }
}

async function run(listening: Listening, signal: AbortSignal): Promise<void> {
  const { host, botId, clock, directs, settling } = listening;
  const state = await readState(host, botId);
  await directs.load();
  await directs.note(state.directs);
  const intake = new Intake(listening, { ...state, directs: [] }, signal);
  let socket: GatewaySocket | undefined;
  let failure: unknown;
  let readyMs: number | undefined;
  const inbox = new Inbox({
    handle: (batch) => intake.handle(batch),
    onFull: () => socket?.stall(),
    onFailure(error) {
      failure = error;
      socket?.stall();
    },
  });
  const onDispatch = (dispatch: Dispatch): void => {
    if (dispatch.name === "READY" || dispatch.name === "RESUMED") readyMs = clock.now();
    // Discord waits for three seconds, however long the line is.
    if (dispatch.name === "INTERACTION_CREATE") settling.expect(dispatch.data);
    inbox.push(dispatch);
  };
  try {
    for (let failures = 0; !signal.aborted;) {
      const { session } = intake.state;
      const url = await urlFor(session, failures, listening, signal);
      readyMs = undefined;
      socket = await openGatewaySocket({ ...socketOptions(listening, intake, url), onDispatch }, signal);
      const end = await socket.ended;
      // Before more is asked for, what came is stored or given back; a store that takes nothing holds up the line here.
      await inbox.clear();
      if (failure !== undefined) throw failure;
      if (signal.aborted) break;
      const wasGood = readyMs !== undefined && clock.now() - readyMs >= goodMs;
      failures = readyMs === undefined ? failures + 1 : 0;
      const why = wordsFor(end);
      refuseFatal(end, listening);
      if (failures > patience) throw lost(listening, { kind: "unavailable" }, why);
      host.report("resuming", why);
      if (isOver(end)) intake.forgetSession();
      await pause(wasGood && !isOver(end) ? 0 : pauseMs(end, failures, listening), clock, signal);
    }
  } finally {
    await inbox.clear();
    settling.rest();
    await intake.save().catch((error: unknown) => {
      // What was acknowledged since comes again, and is known by its ids.
      host.logger.debug(`The session could not be stored: ${error instanceof Error ? error.name : typeof error}`);
    });
  }
}

function socketOptions({ token, proxy, clock, random, host }: Listening, intake: Intake, url: string) {
  const { session } = intake.state;
  const address = new URL(url);
  address.searchParams.set("v", "10");
  address.searchParams.set("encoding", "json");
  return {
    url: address.href,
    proxy,
    token,
    intents,
    clock,
    random,
    resume: session === null ? undefined : { id: session.id, sequence: session.sequence },
    sequence: () => intake.state.session?.sequence ?? null,
    onAlive: () => host.report("up"),
    onDebug: (message: string) => host.logger.debug(message),
  };
}

/** A session goes on where it said it would; a place that cannot be reached any more is left for the one where sessions begin. */
async function urlFor(
  session: GatewayState["session"],
  failures: number,
  listening: Listening,
  signal: AbortSignal,
): Promise<string> {
  if (session === null || !isSafe(session.url, listening)) return freshUrl(session === null, listening, signal);
  if (failures < triesAtOwnUrl) return session.url;
  try {
    return await freshUrl(false, listening, signal);
  } catch (error) {
    // Nothing of Discord's can be reached: the next try may as well be there.
    if (isPlatformError(error) && error.failure.kind === "unavailable" && !signal.aborted) return session.url;
    throw error;
  }
}

/** Where sessions begin. Discord counts them: whoever has none left today would lose the token by trying. */
async function freshUrl(begins: boolean, { api, platform, apiRoot }: Listening, signal: AbortSignal): Promise<string> {
  const { url, session_start_limit: limit } = await api.getGateway(signal);
  if (begins && limit.remaining <= 0) {
    throw new PlatformError({
      platform,
      failure: { kind: "rate-limited", retryAfterMs: Math.max(1000, limit.reset_after), scope: "bot" },
      message: `Cannot listen: no session may be started for ${Math.ceil(limit.reset_after / 60_000)} minutes`,
      maybeDone: false,
    });
  }
  if (isSafe(url, { apiRoot })) return url;
  throw lost({ platform }, { kind: "invalid" }, "the gateway's address is no secure WebSocket");
}

/** The token goes to where it is kept from others' eyes; unencrypted only where the API is so, too. */
function isSafe(address: string, { apiRoot }: Pick<Listening, "apiRoot">): boolean {
  const { protocol } = URL.parse(address) ?? {};
  return protocol === "wss:" || (protocol === "ws:" && apiRoot.startsWith("http:"));
}

function lost({ platform }: Pick<Listening, "platform">, failure: Failure, why: string): PlatformError {
  return new PlatformError({ platform, failure, message: `Cannot listen: ${why}`, maybeDone: false });
}

function refuseFatal(end: SocketEnd, listening: Listening): void {
  const refused = end.kind === "closed" ? fatal[end.code] : undefined;
  if (refused !== undefined) throw lost(listening, refused.failure, `${refused.why} (${String((end as { code: number }).code)})`);
}

/** Whether the session is gone with its connection. */
function isOver(end: SocketEnd): boolean {
  return (end.kind === "invalid-session" && !end.isResumable) || (end.kind === "closed" && sessionIsOver.has(end.code));
}

function pauseMs(end: SocketEnd, failures: number, { random }: Listening): number {
  // "wait a random amount of time between 1 and 5 seconds" before a fresh Identify (Gateway, Invalid Session).
  if (end.kind === "invalid-session") return firstPauseMs + Math.floor(random() * 4000);
  return firstPauseMs * 2 ** Math.max(0, failures - 1);
}

function wordsFor(end: SocketEnd): string {
  switch (end.kind) {
    case "stopped":
      return "it was stopped";
    case "stalled":
      return "events come faster than they can be stored";
    case "reconnect":
      return "Discord asked to connect anew";
    case "invalid-session":
      return "Discord no longer knows the session";
    case "silent":
      return "the gateway does not answer any more";
    case "closed":
      return `the gateway closed the connection (${end.code})`;
  }
}
