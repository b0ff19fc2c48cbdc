import { hash } from "node:crypto";
import {
  checkOptions,
  definePlatform,
  systemClock,
  type Clock,
  type Platform,
  type PlatformEvent,
  type PlatformHost,
} from "@hermes/core";
import { openApi } from "./api.ts";
import { openHttp } from "@hermes/http";
import { capabilityTable } from "./capabilities.ts";
import { configurationSchema, modeOf, slackApiRoot, tokensOf, type SlackConfiguration } from "./configuration.ts";
import { openConnection, type SlackConnection } from "./connection.ts";
import { OpenStreams } from "./connection/open-streams.ts";
import { ResponseAddresses } from "./connection/response-addresses.ts";
import { measure } from "./encode.ts";
import { Facts } from "./facts.ts";
import { openIntake, type Intake, type IntakeParts } from "./intake.ts";
import { People } from "./people.ts";
import { listenBySocket, receiveWebhook, reportsEveryMs } from "./transport.ts";
import { afterStoring } from "./transport/after-storing.ts";
import { Workspaces } from "./workspaces.ts";

export interface SlackOptions {
  /** The bot token of one workspace. */
  readonly token?: string | undefined;
  /** The bot tokens of several workspaces in which the same app is installed. */
  readonly tokens?: readonly string[] | undefined;
  /** The app-level token, for Socket Mode. */
  readonly appToken?: string | undefined;
  /** What Slack signs its requests with, for the HTTP mode. */
  readonly signingSecret?: string | undefined;
  /** How events arrive. Default `socket` where there is an app token, else `http`. */
  readonly mode?: "socket" | "http" | undefined;
  /** The instance's id. Default `slack`. */
  readonly id?: string | undefined;
  /** Another Web API. Default `https://slack.com/api`. */
  readonly apiRoot?: string | undefined;
  /** In channels, answer a mention in a thread below it. Default true. */
  readonly replyInThread?: boolean | undefined;
  /** In threads, show answers while they are written, as streams. Default true. */
  readonly streaming?: boolean | undefined;
  /** Show previews of links in answers. Default false. */
  readonly unfurlLinks?: boolean | undefined;
  /** The slash command that takes all others: `/hermes status`. Default `hermes`. */
  readonly commandName?: string | undefined;
  /** Up to four prompts that an assistant thread begins with. */
  readonly suggestedPrompts?: readonly (string | { readonly title: string; readonly message: string })[] | undefined;
}

/** What a test puts in place of the machine's own. */
export interface SlackSurroundings {
  readonly clock?: Clock;
  /** How long an answer may stay away. Default 30 s. */
  readonly silenceMs?: number;
}

const defaultSilenceMs = 30_000;

/**
 * A Slack app, in one workspace or several.
 *
 * @throws TypeError for options that cannot work, saying which and why.
 */
export function slack(options: SlackOptions, surroundings: SlackSurroundings = {}): Platform {
  const { id = "slack", ...given } = options;
  const configuration = checkOptions(configurationSchema, given, "Slack");
  const { apiRoot = slackApiRoot, appToken, signingSecret, replyInThread = true, streaming = true } = configuration;
  const { unfurlLinks: unfurl = false, commandName = "hermes", suggestedPrompts = [] } = configuration;
  const { clock = systemClock, silenceMs = defaultSilenceMs } = surroundings;
  const mode = modeOf(configuration);
  const tokens = tokensOf(configuration);
  const facts = new Facts();
  const responses = new ResponseAddresses(clock);
  const people = new People(clock);
  /** Of the newest connection: what was heard may be answered there. */
  let workspaces: Workspaces | undefined;
  const intakeFor = (host: PlatformHost): Intake => {
    const { logger } = host;
    const onStored = (events: readonly PlatformEvent[]): void => {
      void workspaces?.retry();
      for (const event of events) responses.note(event);
      afterStoring(events, { workspaces, logger, suggestedPrompts });
    };
    const complete: IntakeParts["complete"] = (events) => people.named(events, workspaces);
    return openIntake({ platform: id, host, clock, facts, replyInThread, commandName, complete, onStored });
  };
  // What comes by webhook is offered in the order in which it comes.
  const intakes = new WeakMap<PlatformHost, Intake>();
  const intakeOf = (host: PlatformHost): Intake => {
    const known = intakes.get(host) ?? intakeFor(host);
    intakes.set(host, known);
    return known;
  };

  const connect = async (host: PlatformHost, signal: AbortSignal): Promise<SlackConnection> => {
    const { logger, memory } = host;
    const http = openHttp();
    const streams = new OpenStreams(host);
    const found = new Workspaces({
      platform: id,
      clock,
      streaming,
      onError: (error) =>
        logger.warn(`The workspaces could not be noted (${error instanceof Error ? error.name : typeof error})`),
      async onChange({ all, trouble }) {
        const bots = new Map(all.map(({ bot: { teamId, userId, botId } }) => [teamId, { userId, botId }]));
        await facts.noteBots(bots, trouble !== undefined, memory);
        if (workspaces !== found) return;
        if (trouble !== undefined) host.report("degraded", trouble);
        // Whoever listens says so by itself.
        else if (mode === "http") host.report("up");
      },
    });
    try {
      await facts.recall(memory);
      const apis = await Promise.all(tokens.map((token) => openApi({ platform: id, token, apiRoot, http, logger, silenceMs })));
      await found.signIn(apis, signal);
      await streams.endLeft(found, signal);
    } catch (error) {
      http.close();
      throw error;
    }
    workspaces = found;
    if (found.trouble !== undefined) logger.warn(found.trouble);
    const connection = openConnection({ platform: id, workspaces: found, facts, streams, responses, http, clock, host, unfurl });
    const say: PlatformHost["report"] = (state, detail) => {
      // Told every few seconds while it listens; a workspace that is missing is tried once a minute.
      void found.retry();
      if (state === "up" && found.trouble !== undefined) host.report("degraded", found.trouble);
      else host.report(state, detail);
    };
    if (mode === "http" || appToken === undefined) {
      say("up");
      return connection;
    }
    const take = intakeOf(host);
    const listening = { platform: id, appToken, apiRoot, http, silenceMs, clock, logger, take, report: say };
    return {
      ...connection,
      // While a workspace is missing it is never quite up.
      ...(found.trouble === undefined ? { reportsEveryMs } : {}),
      listen: (stop) => listenBySocket(listening, stop),
    };
  };

  return definePlatform({
    apiVersion: 1,
    id,
    kind: "slack",
    capabilities: capabilityTable,
    claims: claimsOf(configuration),
    measure,
    connect,
    ...(mode !== "http" || signingSecret === undefined
      ? {}
      : {
          receive: (request, host) =>
            receiveWebhook(request, { signingSecret, clock, logger: host.logger, take: intakeOf(host) }),
        }),
  });
}

/** The app, which its app-level token names; else the bots, which theirs name. */
function claimsOf(configuration: SlackConfiguration): Platform["claims"] {
  const app = /^xapp-\d+-(A[A-Z0-9]+)-/u.exec(configuration.appToken ?? "")?.[1];
  if (app !== undefined) return [{ scope: "slack-app", fingerprint: app }];
  return tokensOf(configuration).map((token) => {
    const bot = /^xoxb-(\d+-\d+)-/u.exec(token)?.[1];
    return { scope: "slack-bot", fingerprint: bot ?? hash("sha256", token).slice(0, 16) };
  });
}
