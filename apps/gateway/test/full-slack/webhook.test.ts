import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { expect, it, onTestFinished } from "vitest";
import { signed } from "../../../../packages/platform-slack/test/server.ts";
import { stop } from "../serve.ts";
import { direct, slackHouse, type SlackHouse } from "./house.ts";

/** Signs and posts as Slack does. */
async function post(
  { slack }: SlackHouse,
  door: string,
  body: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const headers = { "content-type": "application/json", ...signed(body, slack.signingSecret, Date.now()), ...more };
  return await fetch(door, { method: "POST", headers, body });
}

function messageBody({ slack }: SlackHouse, text: string, number: number): string {
  const ts = `1767225600.00000${number}`;
  const event = { type: "message", channel: "D0ADA", channel_type: "im", user: slack.ada, ts, text };
  return JSON.stringify(slack.envelope("T0ONE", event));
}

it("By HTTP messages, presses and commands are answered, forged requests are refused, and what comes again is known", async () => {
  const house = await slackHouse({ mode: "http" });
  const { slack, said, texts, until } = house;
  const { hermes, door } = await house.serve();
  const question = await post(house, door, JSON.stringify({ type: "url_verification", challenge: "3eZbrw1a", token: "x" }));
  expect([question.status, await question.text()]).toEqual([200, "3eZbrw1a"]);
  for (const forged of [{ "x-slack-signature": `v0=${"0".repeat(64)}` }, { "x-slack-request-timestamp": "1" }]) {
    expect((await post(house, door, messageBody(house, "forged", 1), forged)).status).toBe(401);
  }
  const again = messageBody(house, "told twice", 2);
  const retried = { "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout" };
  expect([(await post(house, door, again)).status, (await post(house, door, again, retried)).status]).toEqual([200, 200]);
  await until(() => texts(direct).length === 1, "an answer");
  slack.say({ chat: direct, text: "ask" });
  await until(() => texts(direct).length === 2, "a question");
  slack.press(direct, said(direct)[1]?.ts ?? "", "By boat");
  await until(() => texts(direct).length === 3, "what was chosen");
  slack.command(direct, "/hermes", "status");
  await until(() => texts(direct).length === 4, "an answer to a command");
  await until(() => slack.deliveries.waiting === 0, "everything taken");
  await stop(hermes);
  expect(slack.deliveries.answers.every((status) => status === 200)).toBe(true);
  expect([texts(direct)[0], texts(direct)[2]]).toEqual(["echo: told twice", "chosen: boat"]);
  for (const secret of [slack.botToken, slack.signingSecret]) expect(hermes.errors() + hermes.output()).not.toContain(secret);
});

it("A store that cannot take an event within Slack's time makes it come again, and it is answered once", async () => {
  const house = await slackHouse({ mode: "http" });
  const { slack, texts, until } = house;
  const { hermes } = await house.serve();
  const other = new Sqlite(join(house.home, "gateway/hermes.db"));
  onTestFinished(() => void other.close());
  other.exec("BEGIN EXCLUSIVE");
  slack.say({ chat: direct, text: "slowly" });
  await until(() => slack.deliveries.answers.length > 0, "an answer of the door");
  expect(slack.deliveries.answers[0]).toBe(503);
  other.exec("ROLLBACK");
  await until(() => slack.deliveries.answers.length > 1, "the first new try");
  slack.deliveries.retry();
  await until(() => slack.deliveries.waiting === 0 && texts(direct).length > 0, "an answer");
  await stop(hermes);
  expect(texts(direct)).toEqual(["echo: slowly"]);
});

it("While Slack's Web API is down events are taken, and their answers come later", async () => {
  const house = await slackHouse({ mode: "http" });
  const { slack, texts, until } = house;
  slack.fail("auth.test", { type: "error", status: 503, body: "trouble" }, 2);
  slack.fail("chat.postMessage", { type: "error", status: 503, body: { ok: false, error: "service_unavailable" } }, 1);
  const { hermes } = await house.serve(false);
  slack.say({ chat: direct, text: "are you there?" });
  await until(() => slack.deliveries.answers.length > 0, "an answer of the door");
  expect(slack.deliveries.answers).toEqual([200]);
  expect(texts(direct)).toEqual([]);
  await until(() => texts(direct).length > 0, "an answer");
  await stop(hermes);
  expect(texts(direct)).toEqual(["echo: are you there?"]);
});
