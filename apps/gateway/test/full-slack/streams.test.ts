import { expect, it } from "vitest";
import { stop } from "../serve.ts";
import { bot, club, slackHouse, type SlackHouse } from "./house.ts";
import { longText, story, wordsOf } from "./long-text.ts";

/** Ada asks for a long answer; what stands in the thread of it is waited for. */
async function ask({ slack, until, texts }: SlackHouse, what = "write"): Promise<string> {
  const { ts } = slack.say({ chat: club, text: `${bot} ${what}` });
  await until(() => texts(club, ts).length > 0, "the beginning of an answer");
  return ts;
}

const isWhole = ({ texts }: SlackHouse, ts: string): boolean => texts(club, ts).join("").includes("That is all.");

it("A long answer in a thread grows as streams, one after the other, each within Slack's limit, and stands there whole and once", async () => {
  const house = await slackHouse();
  const { slack, said, texts, until } = house;
  const { hermes } = await house.serve();
  const ts = await ask(house);
  await until(() => isWhole(house, ts) && said(club, ts).every(({ isStreaming }) => isStreaming !== true), "the end");
  await stop(hermes);
  expect(slack.streamsBegun).toBeGreaterThan(1);
  for (const text of texts(club, ts)) expect(text.length).toBeLessThanOrEqual(12_000);
  expect(wordsOf(texts(club, ts).join("\n"))).toEqual(wordsOf(longText));
  expect(slack.base.requestsOf("chat.update")).toEqual([]);
  // What is complete at once needs no stream.
  expect(slack.base.requestsOf("chat.postMessage").length).toBe(said(club, ts).length - slack.streamsBegun);
  // Far fewer calls than pieces were written, and far more than messages.
  expect(slack.base.requestsOf("chat.appendStream").length).toBeGreaterThan(said(club, ts).length);
});

it("Where the app may not stream, the same answer grows by edits, and Slack is asked for a stream once", async () => {
  const house = await slackHouse({ prepare: (slack) => void slack.missing.add("chat.startStream") });
  const { slack, texts, until } = house;
  const { hermes } = await house.serve();
  const ts = await ask(house);
  await until(() => isWhole(house, ts), "the end");
  await stop(hermes);
  expect(wordsOf(texts(club, ts).join("\n"))).toEqual(wordsOf(longText));
  expect(slack.base.requestsOf("chat.startStream")).toHaveLength(1);
  expect(slack.base.requestsOf("chat.update").length).toBeGreaterThan(0);
});

it("A process that is killed in the middle of a stream is followed by one that ends the stream, keeps what it says, and answers whole when asked", async () => {
  const house = await slackHouse();
  const { slack, said, texts, until } = house;
  const first = await house.serve();
  const ts = await ask(house, "tell");
  await until(() => slack.base.requestsOf("chat.appendStream").length > 1, "some of the answer");
  first.hermes.process.kill("SIGKILL");
  await first.hermes.ended();
  const [left = ""] = texts(club, ts);
  const second = await house.serve();
  await until(() => said(club, ts).every(({ isStreaming }) => isStreaming !== true), "the end of the stream");
  await until(() => texts(club, ts).some((text) => text.includes("/retry")), "a notice");
  expect(texts(club, ts)[0]).toBe(left);
  slack.say({ chat: club, text: "!retry", thread: ts });
  await until(() => isWhole(house, ts) && said(club, ts).every(({ isStreaming }) => isStreaming !== true), "the whole");
  await stop(second.hermes);
  const after = texts(club, ts).slice(texts(club, ts).findIndex((text) => text.includes("/retry")) + 1);
  // Before it stands that it is said once more.
  expect(wordsOf(after.join("\n").replace(/^[^#]*/u, ""))).toEqual(wordsOf(story));
});
