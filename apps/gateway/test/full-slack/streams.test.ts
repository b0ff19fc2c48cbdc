import { expect, it } from "vitest";
import { stop } from "../serve.ts";
import { ask, club, isWhole, slackHouse } from "./house.ts";
import { longText, wordsOf } from "./long-text.ts";

it("A long answer in a thread grows as streams, one after the other, each within Slack's limit, and stands there whole and once", async () => {
  const house = await slackHouse();
  const { slack, said, texts, until } = house;
  const { hermes } = await house.serve();
  const ts = await ask(house, "write");
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
  const ts = await ask(house, "write");
  await until(() => isWhole(house, ts), "the end");
  await stop(hermes);
  expect(wordsOf(texts(club, ts).join("\n"))).toEqual(wordsOf(longText));
  expect(slack.base.requestsOf("chat.startStream")).toHaveLength(1);
  expect(slack.base.requestsOf("chat.update").length).toBeGreaterThan(0);
});
