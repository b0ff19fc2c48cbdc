import { checkOptions, definePlatform, systemClock, type Clock, type Platform, type PlatformHost } from "@hermes/core";
import { openApi } from "./api.ts";
import { capabilityTable } from "./capabilities.ts";
import { configurationSchema } from "./configuration.ts";
import { openConnection, type MatrixConnection } from "./connection.ts";
import { Commands } from "./connection/commands.ts";
import { KnownEvents } from "./decode/known-events.ts";
import { measure } from "./encode.ts";
import { serverOf } from "./identifiers.ts";
import { Rooms } from "./rooms.ts";
import { listen, reportsEveryMs } from "./transport.ts";

export interface MatrixOptions {
  /** The bot's account, such as `@hermes:example.org`. */
  readonly userId: string;
  /** The instance's id. Default `matrix`. */
  readonly id?: string | undefined;
  /** Address of the homeserver, or its name, which is looked up. Default: the server in the user id. */
  readonly homeserver?: string | undefined;
  /** The bot's access token. Needed unless there is a password. */
  readonly accessToken?: string | undefined;
  /** Renews the access token where the homeserver lets it expire. */
  readonly refreshToken?: string | undefined;
  /** The bot's password. Needed unless there is an access token. */
  readonly password?: string | undefined;
  /** The device to log in as. Default: the homeserver names one, which is remembered. */
  readonly deviceId?: string | undefined;
  /** Whose invitations are followed: of people who may talk to the bot, everybody's, nobody's. Default `allowed`. */
  readonly invites?: "allowed" | "all" | "none" | undefined;
  /** Shows people what the bot has read. Default true. */
  readonly receipts?: boolean | undefined;
  /** What the bot's messages are: notices, which no other bot answers, or texts, which notify people. Default `notice`. */
  readonly messageType?: "notice" | "text" | undefined;
}

/** What a test puts in place of the machine's own. */
export interface MatrixSurroundings {
  readonly clock?: Clock;
  /** How long an answer may stay away, in milliseconds. Default 60 s. */
  readonly silenceMs?: number;
  /** Where a server's name is looked up, in place of `https://<name>`. */
  readonly discoveryRoot?: string;
}

/**
 * An account on a Matrix homeserver.
 *
 * @throws TypeError for options that cannot work, saying which and why.
 */
export function matrix(options: MatrixOptions, surroundings: MatrixSurroundings = {}): Platform {
  const { id = "matrix", ...given } = options;
  const configuration = checkOptions(configurationSchema, given, "Matrix");
  const { userId, homeserver = serverOf(userId), invites = "allowed", receipts = true } = configuration;
  const { messageType = "notice" } = configuration;
  const { clock = systemClock, silenceMs, discoveryRoot } = surroundings;
  const sessionKey = `session:${userId}`;

  const connect = async (host: PlatformHost, signal: AbortSignal): Promise<MatrixConnection> => {
    const options = {
      platform: id,
      homeserver,
      credentials: configuration,
      memory: {
        get: () => host.memory.get(sessionKey),
        set: (session: Parameters<typeof host.memory.set>[1]) => host.memory.set(sessionKey, session),
      },
      elsewhere: (request: Request) => host.fetch(request),
      debug: (message: string) => host.logger.debug(message),
      silenceMs,
      discoveryRoot,
    };
    const api = await openApi(options, signal);
    try {
      const botName = await api.displayName(signal);
      const maxUploadBytes = await api.maxUploadBytes(signal);
      const commands = new Commands(host, userId);
      await commands.recall();
      const rooms = new Rooms({ platform: id, botId: userId, api, clock });
      const known = new KnownEvents();
      const connection = openConnection({
        platform: id,
        identity: { id: userId, name: botName ?? userId },
        api,
        host,
        rooms,
        known,
        commands,
        messageType: messageType === "notice" ? "m.notice" : "m.text",
        maxUploadBytes,
      });
      const listening = {
        platform: id,
        botId: userId,
        botName: () => botName,
        api,
        host,
        clock,
        rooms,
        known,
        commands: () => commands.names,
        invites,
        receipts,
      };
      return { ...connection, reportsEveryMs, listen: (stop) => listen(listening, stop) };
    } catch (error) {
      api.close();
      throw error;
    }
  };

  return definePlatform({
    apiVersion: 1,
    id,
    kind: "matrix",
    capabilities: capabilityTable,
    claims: [{ scope: "matrix-user", fingerprint: userId }],
    measure,
    connect,
  });
}
