import { onTestFinished } from "vitest";
import { standingIn } from "../../../../packages/platform-slack/test/harness/standing.ts";
import { startSlackServer, type SlackServer } from "../../../../packages/platform-slack/test/server.ts";
import type { Place, Shown, Stage } from "./stage.ts";

const places = { direct: "T0ONE/D0ADA", group: "T0ONE/C0CLUB" } as const;
const people = { ada: "U0ADA", bob: "U0BOB" } as const;

/** Slack on loopback with Ada and Bob. In the channel all is said in one thread, which Ada's first message begins. */
export interface SlackStage extends Stage {
  readonly slack: SlackServer;
}

/** Opens it; it is closed when the test ends. */
export async function slackStage(): Promise<SlackStage> {
  const slack = await startSlackServer();
  onTestFinished(() => slack.close());
  slack.people.set(people.bob, "Bob");
  slack.world.addChannel("T0ONE", "D0ADA", "", [people.ada, slack.bot.userId]);
  slack.world.addChannel("T0ONE", "C0CLUB", "club", [...Object.values(people), slack.bot.userId]);
  let thread: string | undefined;
  const chatOf = (place: Place) => ({
    ref: {
      platform: "slack",
      chatId: places[place],
      ...(place === "group" && thread !== undefined ? { threadId: thread } : {}),
    },
    type: place === "direct" ? ("dm" as const) : ("channel" as const),
  });
  return {
    name: "slack",
    slack,
    ada: `slack:${people.ada}`,
    direct: `slack:${places.direct}`,
    secrets: [slack.botToken, slack.appToken],
    section: {
      token: slack.botToken,
      appToken: slack.appToken,
      apiRoot: slack.apiRoot,
      access: { allow: Object.values(people) },
      burst: { windowMs: 0, splitWindowMs: 0 },
    },
    join: () => slack.until(() => slack.deliveries.sockets.length > 0, "a socket was opened"),
    async says(text, { by = "ada", in: place = "direct", file } = {}) {
      const words = place === "group" && !/^[!/]/u.test(text) ? `<@${slack.bot.userId}> ${text}` : text;
      const files =
        file === undefined
          ? []
          : [slack.files.put({ name: file.name, mimetype: file.mimeType, bytes: file.bytes, team: "T0ONE" })];
      // Slack takes what begins with a slash for itself: in threads commands are written with an exclamation mark.
      const written = words.replace(/^\//u, "!");
      const said = slack.say({
        chat: places[place],
        text: written,
        user: people[by],
        files,
        ...(place === "group" ? { thread } : {}),
      });
      if (place === "group") thread ??= said.ts;
    },
    standing: async (place = "direct"): Promise<readonly Shown[]> =>
      standingIn(slack, chatOf(place))
        .filter(({ by }) => by === "bot")
        .map(({ text, buttons = [], files = [] }) => ({ text, buttons, files })),
    async presses(label, { by = "ada", in: place = "direct" } = {}) {
      const asked = standingIn(slack, chatOf(place)).findLast(({ buttons = [] }) => buttons.includes(label));
      if (asked === undefined) throw new Error(`Nowhere is there a button ${label}`);
      slack.press(places[place], asked.messageId, label, people[by]);
    },
    told: () => slack.responses.map((response) => JSON.stringify(response)),
  };
}
