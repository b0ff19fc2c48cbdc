import {
  checkOptions,
  definePlatform,
  PlatformError,
  systemClock,
  type Chat,
  type Clock,
  type Platform,
  type PlatformEvent,
  type PlatformHost,
} from "@hermes/core";
import { openApi, type Api } from "./api.ts";
import { capabilityTable } from "./capabilities.ts";
import { botIdIn, configurationSchema, discordApiRoot, discordMediaHosts } from "./configuration.ts";
import { openConnection, type DiscordConnection } from "./connection.ts";
import { placeOf } from "./connection/places.ts";
import { decodeDispatch } from "./decode.ts";
import { Directory } from "./decode/directory.ts";
import { LatestTexts } from "./decode/latest-texts.ts";
import { contentHash } from "./decode/payload.ts";
import { idAt } from "./decode/snowflakes.ts";
import { measure } from "./encode.ts";
import { listen, reportsEveryMs } from "./transport.ts";
import { readHistory } from "./transport/catch-up.ts";
import { Settling } from "./transport/settling.ts";
import { DirectChats } from "./transport/state.ts";

export interface DiscordOptions {
  /** The bot's token from the Developer Portal. */
  readonly token: string;
  /** The instance's id. Default `discord`. */
  readonly id?: string | undefined;
  /** Another API than Discord's own. Default `https://discord.com/api`. */
  readonly apiRoot?: string | undefined;
  /** An http or https proxy on the way to Discord, such as `http://127.0.0.1:3128`. */
  readonly proxy?: string | undefined;
  /** Answer whoever addresses the bot in a server's channel in a thread of its own. Default false. */
  readonly autoThread?: boolean | undefined;
  /** Hosts that attachments are fetched from. Default Discord's own two. */
  readonly mediaHosts?: readonly string[] | undefined;
}

/** What a test puts in place of the machine's own. */
export interface DiscordSurroundings {
  readonly clock?: Clock;
  /** A number from 0 up to, but not including, 1. */
  readonly random?: () => number;
  /** How long an answer of the API may stay away. Default 15 s. */
  readonly silenceMs?: number;
}

/**
 * A Discord bot.
 *
 * @throws TypeError for options that cannot work, saying which and why.
 */
export function discord(options: DiscordOptions, surroundings: DiscordSurroundings = {}): Platform {
  const { id = "discord", ...given } = options;
  const configuration = checkOptions(configurationSchema, given, "Discord");
  const { token, proxy, apiRoot = discordApiRoot, autoThread = false, mediaHosts = discordMediaHosts } = configuration;
  const { clock = systemClock, random = Math.random, silenceMs } = surroundings;
  const botId = botIdIn(token) ?? "";

  const connect = async (host: PlatformHost, signal: AbortSignal): Promise<DiscordConnection> => {
    const patience = silenceMs === undefined ? {} : { silenceMs };
    const api = await openApi({ platform: id, token, apiRoot, proxy, mediaHosts, nowMs: () => clock.now(), ...patience });
    try {
      const bot = await api.getMe(signal);
      const application = await api.getApplication(signal);
      if (bot.id !== botId) {
        const message = "Cannot connect: the token's first part names another account than Discord does";
        throw new PlatformError({ platform: id, failure: { kind: "unauthorized" }, message });
      }
      const directory = new Directory();
      const { logger } = host;
      const settling = new Settling({ api, applicationId: application.id, clock, logger });
      const texts = new LatestTexts();
      const directs = new DirectChats(host, botId);
      const common = { platform: id, api, clock, directory, settling };
      const intake = { ...common, botId, applicationId: application.id, autoThread, host, texts, directs };
      const over = new AbortController();
      const history = (chat: Chat, sinceMs: number): AsyncIterable<PlatformEvent> => recent(chat, sinceMs, over.signal, intake);
      const identity = { id: botId, name: bot.username };
      const connection = openConnection({ ...common, identity, logger, mediaHosts, history });
      return {
        ...connection,
        reportsEveryMs,
        listen: (stop) => listen({ ...intake, token, apiRoot, proxy, random }, stop),
        async disconnect() {
          over.abort();
          await connection.disconnect();
        },
      };
    } catch (error) {
      api.close();
      throw error;
    }
  };

  return definePlatform({
    apiVersion: 1,
    id,
    kind: "discord",
    capabilities: capabilityTable,
    claims: [{ scope: "discord-bot", fingerprint: botId }],
    measure,
    connect,
  });
}

interface Reading {
  readonly platform: string;
  readonly botId: string;
  readonly applicationId: string;
  readonly autoThread: boolean;
  readonly api: Api;
  readonly host: PlatformHost;
  readonly clock: Clock;
  readonly directory: Directory;
}

/** What was said in a chat since a time, as the gateway would have told of it. */
async function* recent(
  chat: Chat,
  sinceMs: number,
  signal: AbortSignal,
  { api, directory, host, clock, ...self }: Reading,
): AsyncGenerator<PlatformEvent, void, undefined> {
  const { channelId } = placeOf(chat.ref);
  const channel = await api.getChannel(channelId, signal);
  if (channel === undefined) return;
  const guildId = channel.guild_id;
  if (guildId !== undefined) {
    directory.noteChannel(channel, guildId);
    const guild = directory.guild(guildId) === undefined ? await api.getGuild(guildId, signal) : undefined;
    if (guild !== undefined) directory.noteGuild(guild, self.botId);
  }
  const decode = (message: unknown): readonly PlatformEvent[] =>
    decodeDispatch("MESSAGE_CREATE", message, {
      ...self,
      directory,
      nowMs: clock.now(),
      occurrence: contentHash(message),
      authorOf: () => undefined,
    });
  const parts = { api, clock, logger: host.logger, signal, decode, reached: <Result>(call: () => Promise<Result>) => call() };
  // What was said at that very moment counts.
  const after = String(BigInt(idAt(sinceMs)) - 1n);
  for await (const page of readHistory(channelId, guildId, after, parts)) yield* page.events;
}
