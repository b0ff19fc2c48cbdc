import { expect, it } from "vitest";
import { stop } from "../serve.ts";
import { bot, club, direct, slackHouse } from "./house.ts";

it("A mention is answered in its thread; what is said there next means the bot, unless somebody else is named", async () => {
  const house = await slackHouse({ section: { statusMarks: true } });
  const { slack, texts, until } = house;
  const { hermes } = await house.serve();
  slack.say({ chat: club, text: "nobody is meant" });
  const mention = slack.say({ chat: club, text: `${bot} hello` });
  const inThread = (text: string, user = slack.ada): unknown => slack.say({ chat: club, text, user, thread: mention.ts });
  const answered = (...all: readonly string[]): Promise<void> =>
    until(() => texts(club, mention.ts).length >= all.length, all.at(-1) ?? "");
  await answered("echo: hello");
  await until(() => mention.reactions.get("white_check_mark")?.has(slack.bot.userId) === true, "a mark on the mention");
  expect([...mention.reactions].filter(([, users]) => users.size > 0).map(([name]) => name)).toEqual(["white_check_mark"]);
  inThread("and then?");
  await answered("echo: hello", "echo: and then?");
  inThread("<@U0GRACE> do you know?");
  inThread("<!here> look");
  inThread("I do not", "U0GRACE");
  await answered("echo: hello", "echo: and then?", "echo: I do not");
  inThread("!status");
  await until(() => texts(club, mention.ts).length === 4, "the status");
  expect(texts(club, mention.ts).slice(0, 3)).toEqual(["echo: hello", "echo: and then?", "echo: I do not"]);
  expect(texts(club, mention.ts)[3]).toMatch(/Conversation|Session|Status|agent/iu);
  expect(texts(club)).toEqual([]);
  await stop(hermes);
});

it("A slash command is answered where it was given, also where the bot is not, and `!status` in private", async () => {
  const house = await slackHouse({ prepare: ({ world, ada }) => void world.addChannel("T0ONE", "C0ELSE", "elsewhere", [ada]) });
  const { slack, texts, until } = house;
  const { hermes } = await house.serve();
  slack.command(club, "/hermes", "status");
  await until(() => texts(club).length === 1, "an answer to a slash command");
  slack.say({ chat: direct, text: "!status" });
  await until(() => texts(direct).length === 1, "an answer to a typed command");
  slack.command("T0ONE/C0ELSE", "/hermes", "status");
  await until(() => slack.responses.length === 1, "an answer where the bot is not");
  expect(texts(club)[0]).not.toContain("echo:");
  expect(texts(direct)[0]).not.toContain("echo:");
  await stop(hermes);
});
