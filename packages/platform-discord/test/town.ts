import { isPlatformError, type Chat, type Connection, type Ended, type PlatformError, type SendOptions } from "@hermes/core";
import { createFakeClock, RecordingHost, type FakeClock } from "@hermes/testkit";
import { expect } from "vitest";
import { discord, type DiscordOptions } from "../src/discord.ts";
import { closing } from "./closing.ts";
import { startDiscordServer, type Channel, type DiscordServer, type Guild, type User } from "./server.ts";

export { platformErrorOf as failed, saying } from "@hermes/testkit";
export const never = new AbortController().signal;
export const options: SendOptions = { signal: never, idempotencyKey: "key", mentions: [] };

/** Discord on loopback with a few people, a server, and a clock that stands still. */
export interface Town {
  readonly server: DiscordServer;
  readonly clock: FakeClock;
  readonly ada: User;
  readonly bob: User;
  readonly guild: Guild;
  readonly general: Channel;
  readonly forum: Channel;
  readonly direct: Channel;
}

/** A town that ends with the test. */
export async function foundTown(): Promise<Town> {
  const clock = createFakeClock();
  const server = await startDiscordServer({ nowMs: () => clock.now() });
  closing.push(() => server.close());
  const { world } = server;
  const ada = world.addUser("Ada");
  const bob = world.addUser("Bob");
  const guild = world.addGuild("Club", [ada, bob]);
  const general = world.addChannel(0, "general", { guild_id: guild.id });
  const forum = world.addChannel(15, "help", { guild_id: guild.id });
  return { server, clock, ada, bob, guild, general, forum, direct: world.direct(ada) };
}

/** A bot that is connected; it ends with the test. */
export async function connect(
  { server, clock }: Pick<Town, "server" | "clock">,
  host: RecordingHost,
  given: Partial<DiscordOptions> = {},
): Promise<Connection> {
  const { token, apiRoot, mediaHost } = server;
  const platform = discord({ token, apiRoot, mediaHosts: [mediaHost], ...given }, { clock, random: () => 0.5, silenceMs: 1500 });
  const connection = await platform.connect(host, never);
  closing.push(() => connection.disconnect());
  return connection;
}

/** A bot that listens. */
export interface Listening {
  readonly host: RecordingHost;
  readonly connection: Connection;
  readonly ended: Promise<Ended>;
  readonly stop: () => Promise<Ended>;
}

/** Connects a bot and listens until the test is over. */
export async function listen(town: Town, host = new RecordingHost(), given: Partial<DiscordOptions> = {}): Promise<Listening> {
  const connection = await connect(town, host, given);
  const controller = new AbortController();
  const ended = connection.listen?.(controller.signal) ?? expect.unreachable("it listens");
  const stop = async (): Promise<Ended> => {
    controller.abort();
    return ended;
  };
  closing.push(stop);
  return { host, connection, ended, stop };
}

/** The same, once the gateway has said hello. */
export async function listening(town: Town, host = new RecordingHost(), given: Partial<DiscordOptions> = {}): Promise<Listening> {
  const bot = await listen(town, host, given);
  await inTime(town, () => host.reports.includes("up"));
  return bot;
}

/** Waits for what goes over real sockets. */
export async function soon(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 3000, interval: 2 }).toBe(true);
}

/** Waits for the same while time passes, a tenth of a second in each round. */
export async function inTime({ clock }: Pick<Town, "clock">, condition: () => boolean): Promise<void> {
  for (let round = 0; round < 2000 && !condition(); round += 1) await clock.advance(100);
  expect(condition()).toBe(true);
}

export function chatIn(channel: Channel, more: Partial<Chat> = {}): Chat {
  return { ref: { platform: "discord", chatId: channel.id }, type: channel.type === 1 ? "dm" : "group", ...more };
}

/** What `listen` came back with. */
export async function lostBy(ended: Promise<Ended>): Promise<PlatformError> {
  const end = await ended;
  if (end.reason !== "lost" || !isPlatformError(end.error)) return expect.unreachable(`ended as ${end.reason}`);
  return end.error;
}
