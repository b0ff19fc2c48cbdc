import { isPlatformError, type Connection, type Ended, type Platform } from "@hermes/core";
import { expect } from "vitest";
import { closing } from "./closing.ts";
import type { TelegramOptions } from "../src/index.ts";
import { telegram } from "../src/telegram.ts";
import { SteppingClock, RecordingHost } from "@hermes/testkit";
import { startBotApiServer, type BotApiServer } from "./server.ts";

export const never = new AbortController().signal;

/** A bot, its Bot API, and the gateway's side of it. */
export interface Setting {
  readonly server: BotApiServer;
  readonly host: RecordingHost;
  readonly clock: SteppingClock;
  readonly platform: Platform;
}

/** A bot on a Bot API of its own. */
export async function set(options: Partial<TelegramOptions> = {}): Promise<Setting> {
  const server = await startBotApiServer();
  closing.push(() => server.close());
  const clock = new SteppingClock();
  const platform = telegram({ token: server.token, apiRoot: server.apiRoot, ...options }, { clock });
  return { server, host: new RecordingHost(), clock, platform };
}

/** A bot that is connected and listens. */
export interface Listening {
  readonly connection: Connection;
  readonly ended: Promise<Ended>;
  readonly stop: () => Promise<Ended>;
}

/** Connects the bot and listens until the test is over. */
export async function listen({ platform, host }: Setting): Promise<Listening> {
  const connection = await platform.connect(host, never);
  const controller = new AbortController();
  const ended = connection.listen?.(controller.signal) ?? expect.unreachable("a polled platform listens");
  const stop = (): Promise<Ended> => {
    controller.abort();
    return ended;
  };
  closing.push(async () => {
    await stop();
    await connection.disconnect();
  });
  return { connection, ended, stop };
}

/** The kind of failure that `listen` came back with. */
export async function lostBy(ended: Promise<Ended>): Promise<string> {
  const end = await ended;
  if (end.reason !== "lost" || !isPlatformError(end.error)) return expect.unreachable(`ended as ${end.reason}`);
  return end.error.failure.kind;
}
