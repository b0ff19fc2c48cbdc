import type { Chat, MessageRef } from "@hermes/core";
import type { PlatformBench, PlatformHarness, Said } from "@hermes/testkit/conformance";
import { manifest } from "../src/manifest.ts";
import { slack } from "../src/slack.ts";
import { failuresOf } from "./harness/failures.ts";
import { poisonFor } from "./harness/poison.ts";
import { standingIn } from "./harness/standing.ts";
import { webhookOf } from "./harness/webhook.ts";
import { startSlackServer, type SlackServer } from "./server.ts";

const team = "T0ONE";
export const directId = `${team}/D0ADA`;
export const groupId = `${team}/C0CLUB`;
const threadHomeId = `${team}/C0FORUM`;

export interface HarnessOptions {
  readonly mode: "socket" | "http";
  /** Direct messages are assistant threads, as with apps that are agents. */
  readonly isAssistant?: boolean;
}

/** Slack on loopback, as the conformance suite plays on it. */
export function slackHarness({ mode, isAssistant = false }: HarnessOptions): PlatformHarness {
  return {
    async start({ clock, doorUrl }) {
      const server = await startSlackServer({ clock });
      const { world, ada, otherBot, bot } = server;
      world.addChannel(team, "D0ADA", "", [ada, bot.userId]);
      world.addChannel(team, "C0CLUB", "club", [ada, otherBot.user, bot.userId]);
      world.addChannel(team, "C0FORUM", "forum", [ada, otherBot.user, bot.userId]);
      // What the threads hang on was said before the app was there.
      const root = server.say({ chat: threadHomeId, text: "a root" });
      const directRoot = isAssistant ? server.say({ chat: directId, text: "the beginning of a chat" }) : undefined;
      for (const id of ["env-1", "env-2"]) server.deliveries.acknowledge(id);
      if (mode === "http") server.deliveries.target = { url: doorUrl, signingSecret: server.signingSecret };
      const { botToken: token, appToken, apiRoot, signingSecret } = server;
      const options = { token, apiRoot, ...(mode === "http" ? { signingSecret } : { appToken }) };
      const direct = placeOf(directId, directRoot?.ts);
      const thread = placeOf(threadHomeId, root.ts);
      return {
        ...benchOn(server, mode, { direct, thread }),
        create: () => slack(options, { clock, silenceMs: 1500 }),
        configuration: options,
        ...webhookOf(mode, doorUrl, server),
      };
    },
  };
}

function benchOn(
  server: SlackServer,
  mode: HarnessOptions["mode"],
  { direct, thread }: { readonly direct: Chat; readonly thread: Chat },
): Omit<PlatformBench, "create"> {
  return {
    secrets: [server.botToken, server.appToken, server.signingSecret],
    places: {
      direct: { chat: direct, written: written(direct) },
      group: { chat: placeOf(groupId), written: groupId },
      thread: { chat: thread, written: written(thread) },
    },
    people: {
      says: (said) => ({ ...said.in.ref, messageId: speak(server, said) }),
      edits: ({ chatId, messageId }, text) => server.edit(chatId, messageId, text),
      touches: ({ chatId, messageId }) => server.unfurl(chatId, messageId),
      deletes: ({ chatId, messageId }) => server.delete(chatId, messageId),
      reacts: ({ chatId, messageId }) => server.react(chatId, messageId, "+1"),
      presses: ({ chatId, messageId }: MessageRef, label: string) => server.press(chatId, messageId, label),
    },
    standing: (chat) => standingIn(server, chat),
    failures: failuresOf(server),
    poison: poisonFor(server),
    redeliver: () => server.deliveries.retry(),
    pinging: [
      "<!channel>",
      "<!here|here>",
      "<!everyone>",
      "<@U0ADA>",
      "<!subteam^S0TEAM>",
      "`<!channel>`",
      "`a` <@U0ADA>",
      "```\n<!here>\n```",
      "| a | b |\n|---|---|\n| <!here> | <@U0ADA|ada> |",
      "\\<!channel>",
      "> <!channel>",
      "[<!channel>](https://example.com)",
      "    <!channel>",
    ],
    mention: { markdown: "<@U0ADA>", userId: "U0ADA" },
    settledPresses: () => server.responses.length,
    listening: () => server.until(() => mode === "http" || server.deliveries.sockets.length > 0, "a socket was opened"),
    underWay: () => server.underWay,
    manifest,
    close: () => server.close(),
  };
}

export function placeOf(chatId: string, threadId?: string): Chat {
  const ref = { platform: "slack", chatId, ...(threadId === undefined ? {} : { threadId }) };
  return { ref, type: chatId.includes("/D") ? "dm" : "channel" };
}

function written({ ref: { chatId, threadId } }: Chat): string {
  return threadId === undefined ? chatId : `${chatId}:${threadId}`;
}

function speak(server: SlackServer, { in: { ref }, text, by = "person", file }: Said): string {
  const { chatId: chat, threadId: thread } = ref;
  const [team = ""] = chat.split("/");
  const files =
    file === undefined
      ? []
      : [
          server.files.put({
            name: file.name,
            mimetype: file.mimeType,
            bytes: file.bytes,
            team,
            ...(file.kind === "voice" ? { subtype: "slack_audio" } : {}),
          }),
        ];
  const { bot, otherBot } = server;
  const who = {
    person: {},
    bot: { user: otherBot.user, extra: { bot_id: otherBot.bot_id } },
    ourselves: { user: bot.userId, extra: { bot_id: bot.botId } },
  };
  return server.say({ chat, text, thread, files, ...who[by] }).ts;
}
