import { expect, it } from "vitest";
import { stop } from "../serve.ts";
import { direct, slackHouse } from "./house.ts";

it("An assistant thread begins with prompts, shows that the bot works while a tool runs, and gets its answer as a stream", async () => {
  const house = await slackHouse({ section: { suggestedPrompts: ["What is the weather?"] } });
  const { slack, said, texts, until } = house;
  const { hermes } = await house.serve();
  const root = slack.say({ chat: direct, text: "New chat", user: slack.bot.userId, extra: { bot_id: slack.bot.botId } });
  const thread = { user_id: slack.ada, channel_id: "D0ADA", thread_ts: root.ts, context: {} };
  slack.event("T0ONE", { type: "assistant_thread_started", assistant_thread: thread, event_ts: root.ts });
  await until(() => slack.prompts.length === 1, "prompts");
  slack.say({ chat: direct, text: "work", thread: root.ts });
  await until(() => slack.statuses.some(({ status }) => status !== ""), "a status");
  expect(slack.statuses[0]).toMatchObject({ channel: "D0ADA", thread: root.ts });
  await until(() => texts(direct, root.ts).join("").includes("it rains."), "the answer");
  await until(() => said(direct, root.ts).every(({ isStreaming }) => isStreaming !== true), "the end of the stream");
  await stop(hermes);
  expect(said(direct, root.ts).filter(({ wasStreamed }) => wasStreamed === true)).not.toEqual([]);
  expect(texts(direct, root.ts).join("\n")).toContain("The almanac says that it rains.");
});
