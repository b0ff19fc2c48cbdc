import { checkOptions, definePlatform, systemClock, type Clock, type Platform, type PlatformHost } from "@hermes/core";
import { openApi } from "./api.ts";
import { capabilityTable } from "./capabilities.ts";
import { configurationSchema, telegramApiRoot } from "./configuration.ts";
import { openConnection, type TelegramConnection } from "./connection.ts";
import { decodeUpdate } from "./decode.ts";
import { LatestTexts } from "./decode/latest-texts.ts";
import { measure } from "./encode.ts";
import { poll, receiveWebhook, reportsEveryMs } from "./transport.ts";

export interface TelegramOptions {
  /** The bot's token from @BotFather. */
  readonly token: string;
  /** The instance's id. Default `telegram`. */
  readonly id?: string | undefined;
  /** Another Bot API server. Default `https://api.telegram.org`. */
  readonly apiRoot?: string | undefined;
  /** An http or https proxy on the way to the Bot API, such as `http://127.0.0.1:3128`. */
  readonly proxy?: string | undefined;
  /** How updates arrive. Default `polling`. */
  readonly mode?: "polling" | "webhook" | undefined;
  /** Needed in webhook mode. */
  readonly webhook?:
    | {
        /** 1 to 256 of the characters A-Z, a-z, 0-9, _ and -. */
        readonly secret: string;
        /** Where Telegram delivers; set at Telegram on connecting. Left out, the webhook is set by hand. */
        readonly url?: string | undefined;
      }
    | undefined;
  /** Headings, tables and long texts as Telegram's rich messages. Default true. */
  readonly richMessages?: boolean | undefined;
  /** In private chats, show answers while they are written. Default true. */
  readonly drafts?: boolean | undefined;
  /** `none` sends as fast as it goes, for a bot that may send more than others. Default `standard`. */
  readonly pace?: "standard" | "none" | undefined;
  /** The folder in which a Bot API server on this machine, started with `--local`, keeps files. */
  readonly localFiles?: string | undefined;
}

/** What a test puts in place of the machine's own. */
export interface TelegramSurroundings {
  readonly clock?: Clock;
  /** How long an answer may stay away. Default 60 s. */
  readonly silenceMs?: number;
}

/**
 * A Telegram bot.
 *
 * @throws TypeError for options that cannot work, saying which and why.
 */
export function telegram(options: TelegramOptions, surroundings: TelegramSurroundings = {}): Platform {
  const { id = "telegram", ...given } = options;
  const configuration = checkOptions(configurationSchema, given, "Telegram");
  const { token, mode = "polling", webhook, apiRoot = telegramApiRoot, localFiles } = configuration;
  const { richMessages: rich = true, drafts = true, pace = "standard" } = configuration;
  const { clock = systemClock, silenceMs } = surroundings;
  const botId = Number(token.split(":")[0]);
  const nameKey = `name:${botId}`;
  let botName: string | undefined;
  const texts = new LatestTexts();
  const decode = (update: unknown): ReturnType<typeof decodeUpdate> =>
    texts.changed(decodeUpdate(update, { platform: id, botId, botName, nowMs: clock.now() }));

  let isNameRecalled = false;
  /** Before the first connect, and while Telegram is out of reach, the name is the one last seen. */
  const recallName = async (host: PlatformHost): Promise<void> => {
    if (isNameRecalled) return;
    const remembered = await host.memory.get(nameKey);
    if (typeof remembered === "string") botName ??= remembered;
    isNameRecalled = true;
  };

  const connect = async (host: PlatformHost, signal: AbortSignal): Promise<TelegramConnection> => {
    const api = await openApi({
      platform: id,
      token,
      apiRoot,
      proxy: configuration.proxy,
      localFiles,
      features: { rich, drafts },
      ...(silenceMs === undefined ? {} : { silenceMs }),
      onPlainText: () => host.logger.warn("Telegram could not read the markup of a message; it was sent as plain text"),
    });
    try {
      const { username, has_topics_enabled: hasPrivateTopics } = await api.getMe(signal);
      botName = username;
      await host.memory.set(nameKey, username);
      // Telegram's own server is never older than this program.
      if (apiRoot !== telegramApiRoot) await api.probe(signal);
      const connection = openConnection({
        platform: id,
        identity: { id: String(botId), name: username },
        api,
        clock,
        logger: host.logger,
        isLocal: localFiles !== undefined,
        isPaced: pace === "standard",
        hasPrivateTopics,
      });
      if (mode === "polling")
        return { ...connection, reportsEveryMs, listen: (stop) => poll({ platform: id, botId, api, host, clock, decode }, stop) };
      if (webhook?.url !== undefined) await api.setWebhook(webhook.url, webhook.secret, signal);
      host.report("up");
      return connection;
    } catch (error) {
      api.close();
      throw error;
    }
  };

  return definePlatform({
    apiVersion: 1,
    id,
    kind: "telegram",
    capabilities: {
      ...capabilityTable,
      ...(mode === "polling" ? {} : { inbound: { ...capabilityTable.inbound, replay: "retries" } }),
      ...(pace === "standard" ? {} : { pace: false }),
    },
    claims: [{ scope: "telegram-bot", fingerprint: String(botId) }],
    measure,
    connect,
    ...(mode === "polling" || webhook === undefined
      ? {}
      : {
          receive: (request, host) =>
            receiveWebhook(request, { secret: webhook.secret, host, prepare: () => recallName(host), decode }),
        }),
  });
}
