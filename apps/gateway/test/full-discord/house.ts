import { fileURLToPath } from "node:url";
import { expect, onTestFinished } from "vitest";
import {
  startDiscordServer,
  type Channel,
  type DiscordServer,
  type Guild,
  type Message,
  type User,
} from "../../../../packages/platform-discord/test/server.ts";
import { startHermes, type Hermes } from "../cli/hermes.ts";
import { temporaryHome } from "../temporary-home.ts";

const program = fileURLToPath(new URL("../full-telegram/showing-gateway.ts", import.meta.url));

/** Discord on loopback with people, a server and a channel, and a home for a gateway that lets Ada in. */
export interface DiscordHouse {
  readonly server: DiscordServer;
  readonly home: string;
  readonly ada: User;
  readonly bob: User;
  readonly guild: Guild;
  readonly general: Channel;
  readonly direct: Channel;
  /** A gateway that is ready and listens. */
  readonly serve: () => Promise<Hermes>;
  /** What the bot has said in a channel or thread, oldest first. */
  readonly said: (channel: Pick<Channel, "id">) => readonly Message[];
  /** The same, as texts. */
  readonly texts: (channel: Pick<Channel, "id">) => readonly string[];
  /** Waits until the bot has said so much there. */
  readonly answered: (channel: Pick<Channel, "id">, count: number) => Promise<readonly string[]>;
}

/** Opens such a house; `section` is added to what its configuration says of Discord. */
export async function openHouse(section: Readonly<Record<string, unknown>> = {}): Promise<DiscordHouse> {
  const server = await startDiscordServer();
  onTestFinished(async () => {
    await server.close();
    expect([server.violations, server.http.failures]).toEqual([[], []]);
  });
  const { world } = server;
  const ada = world.addUser("Ada");
  const bob = world.addUser("Bob");
  const guild = world.addGuild("Club", [ada, bob]);
  const general = world.addChannel(0, "general", { guild_id: guild.id });
  const discord = {
    token: server.token,
    apiRoot: server.apiRoot,
    mediaHosts: [server.mediaHost],
    access: { allow: [ada.id] },
    burst: { windowMs: 0, splitWindowMs: 0 },
    ...section,
  };
  // JSON is YAML.
  const home = await temporaryHome({ "config.yaml": JSON.stringify({ server: { port: 0 }, platforms: { discord } }) });
  const said = ({ id }: Pick<Channel, "id">): readonly Message[] =>
    world.in(id).filter(({ author }) => author.id === world.bot.id);
  const texts = (channel: Pick<Channel, "id">): readonly string[] => said(channel).map(({ content }) => content);
  return {
    server,
    home,
    ada,
    bob,
    guild,
    general,
    direct: world.direct(ada),
    said,
    texts,
    async serve() {
      const hermes = startHermes([], { home, program });
      await hermes.errorLine(/Connected as/u);
      await server.until(() => server.gateway.connected > 0, "a session began");
      return hermes;
    },
    async answered(channel, count) {
      await expect.poll(() => texts(channel).length, { timeout: 12_000, interval: 20 }).toBeGreaterThanOrEqual(count);
      return texts(channel);
    },
  };
}

/** Ends a process as a failing machine does. */
export async function kill(hermes: Hermes): Promise<void> {
  hermes.process.kill("SIGKILL");
  await hermes.ended();
}

/** Waits for what becomes true within a while. */
export async function soon(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 12_000, interval: 20 }).toBe(true);
}
