import { type Chat, type Connection, type Ended, type Platform, type SendOptions } from "@hermes/core";
import { expect } from "vitest";
import type { SlackOptions } from "../src/index.ts";
import { slack } from "../src/slack.ts";
import { closing } from "./closing.ts";
import { RecordingHost, SteppingClock } from "@hermes/testkit";
import { startSlackServer, type SlackServer } from "./server.ts";
import type { WorldMessage } from "./server/world.ts";

export { platformErrorOf as failed, saying } from "@hermes/testkit";
export const never = new AbortController().signal;
export const options: SendOptions = { signal: never, idempotencyKey: "key", mentions: [] };
export const direct: Chat = { ref: { platform: "slack", chatId: "T0ONE/D0ADA" }, type: "dm" };
export const club: Chat = { ref: { platform: "slack", chatId: "T0ONE/C0CLUB" }, type: "channel" };

/** An app, its Slack, and the gateway's side of it. */
export interface ConnectedApp {
  readonly server: SlackServer;
  readonly host: RecordingHost;
  readonly clock: SteppingClock;
  readonly platform: Platform;
  readonly connection: Connection;
  /** A thread in the club. */
  readonly thread: Chat;
}

/** Connects an app to a Slack of its own; both end with the test. `prepare` is done to the server before. */
export async function connectApp(
  given: Partial<SlackOptions> = {},
  prepare: (server: SlackServer) => void = () => undefined,
): Promise<ConnectedApp> {
  const clock = new SteppingClock();
  const server = await startSlackServer({ clock });
  closing.push(() => server.close());
  server.world.addChannel("T0ONE", "D0ADA", "", [server.ada, server.bot.userId]);
  server.world.addChannel("T0ONE", "C0CLUB", "club", [server.ada, server.otherBot.user, server.bot.userId]);
  const root = server.say({ chat: "T0ONE/C0CLUB", text: "a root" });
  server.deliveries.acknowledge("env-1");
  prepare(server);
  const host = new RecordingHost();
  const tokens = given.tokens === undefined ? { token: server.botToken } : {};
  const platform = slack({ ...tokens, appToken: server.appToken, apiRoot: server.apiRoot, ...given }, { silenceMs: 1500, clock });
  const connection = await platform.connect(host, never);
  closing.push(() => connection.disconnect());
  return { server, host, clock, platform, connection, thread: { ...club, ref: { ...club.ref, threadId: root.ts } } };
}

/** Listens until the test is over. */
export async function listen({
  connection,
  host,
}: ConnectedApp): Promise<{ readonly ended: Promise<Ended>; readonly stop: () => Promise<Ended> }> {
  const controller = new AbortController();
  const ended = connection.listen?.(controller.signal) ?? expect.unreachable("an app with a socket listens");
  const stop = (): Promise<Ended> => {
    controller.abort();
    return ended;
  };
  closing.push(stop);
  await expect.poll(() => host.reports).toContain("up");
  return { ended, stop };
}

/** What stands in the club, oldest first. */
export function standing(server: SlackServer): readonly WorldMessage[] {
  return [...server.world.find("T0ONE/C0CLUB").messages.values()];
}

/** The Markdown of a message. */
export function shownIn(message: WorldMessage | undefined): unknown {
  return message?.blocks?.find(({ type }) => type === "markdown")?.["text"];
}
