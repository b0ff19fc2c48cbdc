import { describe, expect, test } from "vitest";
import { slack } from "../src/index.ts";
import { slack as slackIn } from "../src/slack.ts";
import { fixture } from "./fixtures.ts";
import { RecordingHost, SteppingClock } from "@hermes/testkit";
import { signed } from "./server.ts";

const signingSecret = "fake0signing0secret0for0tests000";
const token = "xoxb-1111-2222-FAKETOKENFORTESTS";

function open() {
  const clock = new SteppingClock();
  const host = new RecordingHost();
  const platform = slackIn({ token, signingSecret }, { clock });
  const post = async (
    body: string,
    type = "application/json",
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> => {
    const all = { "content-type": type, ...signed(body, signingSecret, clock.now()), ...headers };
    const received = await platform.receive?.(
      new Request("https://gateway.example/hook", { method: "POST", headers: all, body }),
      host,
    );
    return received instanceof Response ? received : expect.unreachable("no socket is opened");
  };
  return { clock, host, platform, post };
}

describe("A request", () => {
  test("that asks whether this is the address is answered with its challenge, and only when it is signed", async () => {
    const { post } = open();
    const body = JSON.stringify({ type: "url_verification", challenge: "3eZbrw1a" });
    expect(await (await post(body)).text()).toBe("3eZbrw1a");
    expect((await post(body, "application/json", { "x-slack-signature": `v0=${"0".repeat(64)}` })).status).toBe(401);
  });

  test("with an event is taken without ever having signed in, and the same when it comes again", async () => {
    const { post, host } = open();
    const body = JSON.stringify(fixture("channel-mention"));
    expect((await post(body)).status).toBe(200);
    expect(
      (await post(body, "application/json", { "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout" })).status,
    ).toBe(200);
    expect((await post(JSON.stringify(fixture("channel-mention-as-app-mention")))).status).toBe(200);
    expect(host.texts).toEqual(["what is in #club & [this page](https://example.com/a?b=1&c=2)?"]);
  });

  test("with a command or a press is taken as a form, and answered without a word", async () => {
    const { post, host } = open();
    const form = "application/x-www-form-urlencoded";
    const command = {
      command: "/hermes",
      text: "status",
      team_id: "T0ONE",
      channel_id: "C0CLUB",
      user_id: "U0ADA",
      trigger_id: "1.2",
    };
    const answer = await post(String(new URLSearchParams(command)), form);
    expect([answer.status, await answer.text()]).toEqual([200, ""]);
    const press = {
      type: "block_actions",
      user: { id: "U0ADA", name: "ada" },
      team: { id: "T0ONE" },
      container: { type: "message", message_ts: "1767225600.000100", channel_id: "C0CLUB" },
      actions: [
        { type: "button", action_id: "a", action_ts: "1767225700.1", value: "yes" },
        { type: "static_select", action_id: "b", action_ts: "1767225700.2", selected_option: { value: "two" } },
      ],
    };
    expect((await post(String(new URLSearchParams({ payload: JSON.stringify(press) })), form)).status).toBe(200);
    expect((await post("ssl_check=1&token=x", form)).status).toBe(200);
    expect((await post("something=else", form)).status).toBe(400);
    expect((await post("payload=%7B", form)).status).toBe(400);
    expect(host.events.map((event) => (event.type === "action" ? event.token : event.type))).toEqual(["command", "yes", "two"]);
  });

  test("whose event is not stored in time is refused, so that it comes again, and then known", async () => {
    const { post, host, clock } = open();
    const { promise, resolve } = Promise.withResolvers<void>();
    host.beforeAccept = () => promise;
    const body = JSON.stringify(fixture("direct-message"));
    const answer = post(body);
    expect(await clock.skip()).toBe(2500);
    expect((await answer).status).toBe(503);
    resolve();
    await expect.poll(() => host.texts.length).toBe(1);
    expect((await post(body)).status).toBe(200);
    expect(host.texts).toHaveLength(1);
    expect(clock.waits).toEqual([]);
  });

  test("that is no POST, no JSON or too large is refused in words that hold nothing of it", async () => {
    const { platform, host, post } = open();
    const get = await platform.receive?.(new Request("https://gateway.example/hook"), host);
    expect(get instanceof Response && get.status).toBe(405);
    const broken = await post("{secret");
    expect([broken.status, await broken.text()]).toEqual([400, "The body is neither JSON nor a form of Slack's"]);
    expect((await post("x".repeat(1024 * 1024 + 1))).status).toBe(413);
    expect(host.events).toEqual([]);
  });
});

test("By socket nothing is taken by HTTP, and by HTTP nothing listens", () => {
  expect(slack({ token, appToken: "xapp-1-A0HERMES01-1-fake" })).not.toHaveProperty("receive");
  expect(slack({ token, signingSecret })).toHaveProperty("receive");
});
