import type { ChannelList, MessageEvidence } from "@hermes/protocol";
import { describe, expect, it, onTestFinished } from "vitest";
import { startBotApiServer, type BotApiServer } from "../../../packages/platform-telegram/test/server.ts";
import { ada, asked, house, run, type House } from "./ledger-house.ts";
import { serve, serveHome } from "./serve.ts";
import { temporaryHome } from "./temporary-home.ts";

const forum = -1001234567890;
const team = -1009876543210;

/** A bot that knows a forum with a topic, and a group where Ada has talked to it. */
async function connectedHouse(environment: Readonly<Record<string, string>> = {}): Promise<House> {
  const { api, home } = await house();
  api.addChat({ id: forum, type: "supergroup", title: "Operations", is_forum: true }).topics.set(7, "open");
  api.addChat({ id: team, type: "supergroup", title: "Team Lyon" });
  await serveHome(home, environment);
  api.say(`@${api.bot.username} hello`, { chat: team });
  await api.until(() => api.texts(team, "bot").length === 1);
  return { api, home };
}

const sentTo = (api: BotApiServer) =>
  api.callsOf("sendMessage").map(({ chat_id, message_thread_id, text }) => ({ chat_id, message_thread_id, text }));

describe("hermes send", () => {
  it("reaches the home channel that was chosen in a chat, and says where that is", async () => {
    const { api, home } = await connectedHouse();
    expect(await run(home, "send", "telegram", "too early")).toEqual({
      code: 78,
      output: "",
      errors:
        "telegram has no home channel: send /sethome in the chat that is to be it, or set `platforms.telegram.homeChannel`.",
    });
    api.say("/sethome");
    await api.until(() => api.texts(ada, "bot").length === 1);
    const { code, output } = await run(home, "send", "Telegram", "The backup is *done*.");
    expect([code, output]).toEqual([0, expect.stringMatching(/^Sent to telegram:42 \(message \d+\)$/u)]);
    expect(api.texts(ada, "bot").at(-1)).toBe("The backup is done.");
    expect((await run(home, "channels")).output).toMatch(
      /^TARGET .*\ntelegram:42 +dm +Ada +home of telegram\ntelegram:-1009876543210 +group +Team Lyon +-$/u,
    );
    api.say("/sethome off");
    await api.until(() => api.texts(ada, "bot").length === 3);
    expect(await run(home, "send", "all", "nobody hears")).toMatchObject({ code: 78, output: "" });
  });

  it("reaches the home channel that the environment names, with its topic", async () => {
    const { api, home } = await connectedHouse({ TELEGRAM_HOME_CHANNEL: `${forum}:7` });
    expect(await run(home, "send", "telegram", "To the topic")).toMatchObject({
      code: 0,
      output: expect.stringContaining(`Sent to telegram:${forum}:7`) as unknown,
    });
    expect(sentTo(api).at(-1)).toEqual({ chat_id: forum, message_thread_id: 7, text: "To the topic" });
  });

  it("reaches a chat by its name, a topic by its number, and both at once, a line for each", async () => {
    const { api, home } = await connectedHouse();
    const { code, output } = await run(home, "send", `telegram:#team, telegram:${forum}:7,telegram:${team}`, "News");
    expect(code).toBe(0);
    expect(output.split("\n")).toEqual([
      expect.stringMatching(/^Sent to telegram:-1009876543210 \(message \d+\)$/u),
      expect.stringMatching(/^Sent to telegram:-1001234567890:7 \(message \d+\)$/u),
    ]);
    expect(api.texts(team, "bot").at(-1)).toBe("News");
    expect(sentTo(api).at(-1)).toMatchObject({ chat_id: forum, message_thread_id: 7 });
    const list = await asked<ChannelList>(home, "channels");
    expect(list.rows.map(({ target, chat }) => [target, chat.name])).toContainEqual([`telegram:${team}`, "Team Lyon"]);
  });

  it("says nothing anywhere if one place leads nowhere, and what is wrong with it", async () => {
    const { api, home } = await connectedHouse();
    const before = api.callsOf("sendMessage").length;
    const wrong = [
      ["telegram:#nobody", 'is called "nobody". Known there: "Team Lyon".'],
      ["telegram:@team", '"telegram:@team" names no chat of Telegram. If it is a chat\'s name, write `telegram:#@team`.'],
    ] as const;
    for (const [target, why] of wrong) {
      const { code, output, errors } = await run(home, "send", `telegram:${team},${target}`, "News");
      expect([code, output]).toEqual([78, ""]);
      expect(errors).toContain(why);
    }
    expect(api.callsOf("sendMessage")).toHaveLength(before);
  });

  it("ends with what stands worst where one of several places cannot be reached", async () => {
    const { home } = await connectedHouse();
    const { code, output } = await run(home, "send", `telegram:${team},telegram:77`, "News");
    expect(code).toBe(75);
    expect(output).toMatch(/^Sent to telegram:-1009876543210 .*\nQueued for telegram:77: not-found.*deliveries show \S+$/u);
    const evidence = await run(home, "send", `telegram:${team},telegram:77`, "More", "--json");
    expect(evidence.code).toBe(75);
    expect(JSON.parse(evidence.output) as MessageEvidence).toMatchObject({
      state: "queued",
      failure: "not-found",
      places: [{ state: "sent", target: `telegram:${team}` }, { state: "queued" }],
    });
  });
});

describe("hermes channels", () => {
  it("needs a gateway that runs, and knows its platforms", async () => {
    const { home } = await serve();
    expect(await run(home, "channels")).toEqual({
      code: 0,
      output: "No chats are known yet. Those that somebody has talked in are listed here; others are written by their id.",
      errors: "",
    });
    expect(await run(home, "channels", "--platform", "telegram")).toEqual({
      code: 78,
      output: "",
      errors: 'There is no platform "telegram".',
    });
    const other = await temporaryHome();
    expect(await run(other, "channels")).toMatchObject({ code: 75, output: "" });
  });
});

describe("An alias in the configuration", () => {
  it("stands for its targets, by the command line and by HTTP", async () => {
    const api = await startBotApiServer({ token: "123456:FAKE-TOKEN-FOR-TESTS" });
    onTestFinished(() => api.close());
    const { home, url } = await aliasHouse(api);
    expect(await run(home, "send", "Team", "hi")).toMatchObject({ code: 0 });
    expect(api.texts(team, "bot")).toEqual(["hi"]);
    const response = await fetch(`${url}/v1/messages`, {
      method: "POST",
      headers: { authorization: "Bearer a-write-token-for-tests", "content-type": "application/json" },
      body: JSON.stringify({ target: "team", text: "by HTTP" }),
    });
    expect([response.status, await response.json()]).toMatchObject([
      200,
      { state: "sent", places: [{ target: `telegram:${team}` }] },
    ]);
    expect(api.texts(team, "bot")).toEqual(["hi", "by HTTP"]);
  });
});

async function aliasHouse(api: BotApiServer): Promise<{ readonly home: string; readonly url: string }> {
  api.addChat({ id: team, type: "supergroup", title: "Team Lyon" });
  const home = await temporaryHome({
    "config.yaml": `server: { port: 0, writeToken: a-write-token-for-tests }
platforms: { telegram: { apiRoot: "${api.apiRoot}" } }
delivery: { aliases: { team: "telegram:${team}" } }
`,
    ".env": "TELEGRAM_BOT_TOKEN=123456:FAKE-TOKEN-FOR-TESTS\n",
  });
  return { home, url: (await serveHome(home)).url };
}
