import { fileURLToPath } from "node:url";
import type { Json } from "@hermes/core";
import { onTestFinished } from "vitest";
import { startSlackServer, type SlackServer } from "../../../../packages/platform-slack/test/server.ts";
import type { WorldMessage } from "../../../../packages/platform-slack/test/server/world.ts";
import { startHermes, type Hermes } from "../cli/hermes.ts";
import { temporaryHome } from "../temporary-home.ts";

const program = fileURLToPath(new URL("working-gateway.ts", import.meta.url));
const pollMs = 20;
const patienceMs = 12_000;

export const direct = "T0ONE/D0ADA";
export const club = "T0ONE/C0CLUB";
/** A mention of the bot. */
export const bot = "<@U0BOT0>";

export interface SlackHouseOptions {
  readonly mode?: "socket" | "http";
  /** More of the section. */
  readonly section?: Readonly<Record<string, Json>>;
  /** Done to the server before anybody calls it. */
  readonly prepare?: (slack: SlackServer) => void;
}

/** A gateway that runs, and the door of its webhooks. */
export interface Serving {
  readonly hermes: Hermes;
  readonly door: string;
}

/** A home with an app in a workspace on loopback, which lets Ada and Grace in. */
export interface SlackHouse {
  readonly slack: SlackServer;
  readonly home: string;
  /** A gateway that is ready; it is waited for until it is connected, unless `isConnected` is false. */
  readonly serve: (isConnected?: boolean) => Promise<Serving>;
  /** What the bot has said in a conversation or a thread, oldest first. */
  readonly said: (chat: string, thread?: string) => readonly WorldMessage[];
  /** The texts of that, as Markdown. */
  readonly texts: (chat: string, thread?: string) => readonly string[];
  /** Waits until something holds; fails with what stands in Slack when it does not come to. */
  readonly until: (condition: () => boolean, what: string) => Promise<void>;
}

/** Opens such a house; everything of it ends with the test. */
export async function slackHouse({ mode = "socket", section = {}, prepare }: SlackHouseOptions = {}): Promise<SlackHouse> {
  const slack = await startSlackServer();
  onTestFinished(() => slack.close());
  slack.world.addChannel("T0ONE", "D0ADA", "", [slack.ada, slack.bot.userId]);
  slack.world.addChannel("T0ONE", "C0CLUB", "club", [slack.ada, "U0GRACE", slack.bot.userId]);
  prepare?.(slack);
  const { botToken, appToken, signingSecret, apiRoot } = slack;
  const way = mode === "socket" ? { appToken } : { signingSecret };
  const tokens = "tokens" in section ? {} : { token: botToken };
  const slackSection = {
    ...tokens,
    ...way,
    apiRoot,
    access: { allow: ["U0ADA", "U0GRACE"] },
    burst: { windowMs: 0, splitWindowMs: 0 },
    busy: { mode: "queue" },
    ...section,
  };
  const home = await temporaryHome({
    "config.yaml": JSON.stringify({ server: { port: 0 }, platforms: { slack: slackSection } }),
  });
  const said = (chat: string, thread?: string): readonly WorldMessage[] =>
    [...slack.world.find(chat).messages.values()].filter(
      ({ user, thread_ts: root, ts }) => user === slack.bot.userId && (root === ts ? undefined : root) === thread,
    );
  return {
    slack,
    home,
    async serve(isConnected = true) {
      const hermes = startHermes([], { home, program });
      const door = `${/http:\/\/[^\s/]+/u.exec(await hermes.line(/ready/u))?.[0] ?? ""}/webhooks/slack`;
      if (mode === "http") slack.deliveries.target = { url: door, signingSecret };
      if (!isConnected) return { hermes, door };
      await hermes.errorLine(/\[slack\] Connected as/u);
      if (mode === "socket") await slack.until(() => slack.deliveries.sockets.length > 0, "a socket was opened");
      return { hermes, door };
    },
    said,
    texts: (chat, thread) => said(chat, thread).map(textOf),
    async until(condition, what) {
      for (const untilMs = Date.now() + patienceMs; !condition();) {
        if (Date.now() > untilMs)
          throw new Error(
            `Did not come: ${what}; ${slack.deliveries.waiting} wait for ${slack.deliveries.sockets.length} sockets; it stands ${JSON.stringify(standing(slack))}`,
          );
        await new Promise((resolve) => setTimeout(resolve, pollMs));
      }
    },
  };
}

/** Ada asks for a text in the club, by name; what stands in the thread of it is waited for. */
export async function ask({ slack, until, texts }: SlackHouse, name: string): Promise<string> {
  const { ts } = slack.say({ chat: club, text: `${bot} ${name}` });
  await until(() => texts(club, ts).length > 0, "the beginning of an answer");
  return ts;
}

/** Whether the end of such a text stands in its thread. */
export function isWhole({ texts }: SlackHouse, thread: string): boolean {
  return texts(club, thread).join("").includes("That is all.");
}

function textOf({ blocks = [], text }: WorldMessage): string {
  const block = blocks.find(({ type }) => type === "markdown");
  return block === undefined ? text : String(block["text"]);
}

function standing({ world }: SlackServer): readonly string[] {
  return [...world.channels.values()].flatMap(({ messages }) => [...messages.values()].map((each) => textOf(each).slice(0, 80)));
}
