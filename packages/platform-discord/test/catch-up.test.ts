import { RecordingHost } from "@hermes/testkit";
import { describe, expect, test } from "vitest";
import { closeAfterEach } from "./closing.ts";
import { chatIn, foundTown, inTime, listening, soon } from "./town.ts";

closeAfterEach();

describe("A session that goes on in another process", () => {
  test("asks once for what it was not told again: the thread's channel, and the server's roles", async () => {
    const town = await foundTown();
    const { server, ada, guild, general } = town;
    const thread = server.world.addChannel(11, "a thread", { guild_id: guild.id, parent_id: general.id });
    const before = await listening(town);
    await before.stop();
    const role = guild.roles.find(({ tags }) => tags !== undefined)?.id ?? "";
    server.say(thread, ada, `<@&${role}> tea`);
    server.say(thread, ada, "more tea");
    const after = await listening(town, new RecordingHost(before.host));
    await soon(() => after.host.texts.includes("more tea"));
    expect(after.host.of("message").map(({ text, addressed, chat }) => [text, addressed, chat.ref])).toEqual([
      ["tea", true, { platform: "discord", chatId: general.id, threadId: thread.id }],
      ["more tea", false, { platform: "discord", chatId: general.id, threadId: thread.id }],
    ]);
    expect([server.http.requestsOf("getChannel").length, server.http.requestsOf("getGuild").length]).toEqual([1, 1]);
    expect(server.violations).toEqual([]);
  });
});

describe("While history is read", () => {
  test.each([
    ["a rate limit is waited for", { status: 429, headers: { "retry-after": "3", "x-ratelimit-scope": "shared" } }],
    ["a server error passes", { status: 502, headers: {} }],
  ])("%s, and nothing is left out", async (_what, answer) => {
    const town = await foundTown();
    const { server, ada, general } = town;
    const before = await listening(town);
    await before.stop();
    server.gateway.expireSessions();
    server.say(general, ada, "missed");
    const body = { message: "You are being rate limited.", retry_after: 3, global: false };
    server.fail("listMessages", { type: "error", ...answer, body }, 2);
    const after = await listening(town, new RecordingHost(before.host));
    await inTime(town, () => after.host.texts.includes("missed"));
    expect(server.http.requestsOf("listMessages")).toHaveLength(3);
  });

  test("what the gateway tells meanwhile waits, and comes once and in order", async () => {
    const town = await foundTown();
    const { server, ada, general } = town;
    const before = await listening(town);
    await before.stop();
    server.gateway.expireSessions();
    server.say(general, ada, "missed");
    const { promise, resolve } = Promise.withResolvers<void>();
    server.fail("listMessages", { type: "delay", until: promise });
    const after = await listening(town, new RecordingHost(before.host));
    await soon(() => server.http.requestsOf("listMessages").length === 1);
    server.say(general, ada, "live");
    resolve();
    await soon(() => after.host.texts.includes("live"));
    expect(after.host.texts).toEqual(["missed", "live"]);
  });

  test("a connection that breaks loses none of it", async () => {
    const town = await foundTown();
    const { server, ada, general } = town;
    const before = await listening(town);
    await before.stop();
    server.gateway.expireSessions();
    server.say(general, ada, "missed");
    const { promise, resolve } = Promise.withResolvers<void>();
    server.fail("listMessages", { type: "delay", until: promise });
    const after = await listening(town, new RecordingHost(before.host));
    await soon(() => server.http.requestsOf("listMessages").length === 1);
    server.gateway.drop();
    await soon(() => server.gateway.open === 0);
    server.say(general, ada, "meanwhile");
    resolve();
    await inTime(town, () => after.host.texts.includes("meanwhile"));
    expect(after.host.texts).toEqual(["missed", "meanwhile"]);
  });
});

test("A chat's history since a time is told as the gateway would have told it", async () => {
  const town = await foundTown();
  const { server, ada, general, guild } = town;
  const { connection, host } = await listening(town);
  server.say(general, ada, "before");
  guild.members.get(ada.id)?.roles.push("1001000000000000077");
  const said = server.say(general, ada, "after");
  await soon(() => host.texts.includes("after"));
  const told: unknown[] = [];
  for await (const event of connection.catchUp?.(chatIn(general), said.timestamp) ?? []) told.push(event);
  expect(told).toEqual(host.of("message").filter(({ text }) => text === "after"));
});
