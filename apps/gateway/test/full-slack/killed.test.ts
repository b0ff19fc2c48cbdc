import { expect, it } from "vitest";
import { stop } from "../serve.ts";
import { ask, club, isWhole, slackHouse } from "./house.ts";
import { story, wordsOf } from "./long-text.ts";

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
