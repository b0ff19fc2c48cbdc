import { RecordingHost } from "@hermes/testkit";
import { describe, expect, test } from "vitest";
import { Directory } from "../src/decode/directory.ts";
import { idAt } from "../src/decode/snowflakes.ts";
import { closeAfterEach } from "./closing.ts";
import { chatIn, connect, failed, foundTown, inTime, listening, options, saying, soon, type Town } from "./town.ts";

closeAfterEach();

/** A bot that listened, was told something in private, and lost its session while it was away. */
async function away(): Promise<Town & { readonly before: RecordingHost }> {
  const town = await foundTown();
  const bot = await listening(town);
  town.server.say(town.direct, town.ada, "known");
  await soon(() => bot.host.texts.includes("known"));
  await bot.stop();
  town.server.gateway.expireSessions();
  return { ...town, before: bot.host };
}

describe("History", () => {
  test("that one channel refuses holds up no other, and the log names the channel", async () => {
    const { before, ...town } = await away();
    const { server, ada, direct, general } = town;
    server.say(direct, ada, "refused");
    server.say(general, ada, "missed");
    const body = { message: "Cannot execute action on this channel type", code: 50_024 };
    server.fail("listMessages", { type: "error", status: 400, body }, 1);
    const { host } = await listening(town, new RecordingHost(before));
    await soon(() => host.texts.includes("missed"));
    expect(host.texts).toEqual(["missed"]);
    expect(host.logs.join("\n")).toContain(`channel ${direct.id}`);
  });

  test("of one chat that takes minutes to read does not cost the next its own", async () => {
    const { before, ...town } = await away();
    const { server, ada, bob, direct, general } = town;
    const guild = server.world.addGuild("Second club", [ada, bob]);
    const lobby = server.world.addChannel(0, "lobby", { guild_id: guild.id });
    server.say(direct, ada, "missed in private");
    server.say(general, ada, "missed");
    server.say(lobby, ada, "missed elsewhere");
    server.fail("listMessages", { type: "error", status: 503, body: "" }, 12);
    const { host } = await listening(town, new RecordingHost(before));
    await inTime(town, () => host.texts.includes("missed in private"));
    server.fail("listMessages", { type: "error", status: 503, body: "" }, 12);
    await inTime(town, () => host.texts.includes("missed"));
    await inTime(town, () => host.texts.includes("missed elsewhere"));
    expect(host.texts).toEqual(["missed in private", "missed", "missed elsewhere"]);
  });

  test("with entries that are no messages is read all the same", async () => {
    const { before, ...town } = await away();
    const { server, ada, general } = town;
    const message = server.say(general, ada, "missed");
    const page = [null, "text", 7, [], { id: "../x", author: 7 }, server.shapes.message(message)];
    server.fail("listMessages", { type: "error", status: 200, body: page }, 2);
    const { host } = await listening(town, new RecordingHost(before));
    server.say(general, ada, "live");
    await soon(() => host.texts.includes("live"));
    // Of the direct chat, and of the channel.
    expect(server.http.requestsOf("listMessages")).toHaveLength(2);
    expect(host.texts).toEqual(["missed", "live"]);
    expect(host.of("other").every(({ undecodable }) => undecodable === true)).toBe(true);
  });

  test("is not missed by a machine whose clock was ahead on the first start", async () => {
    const town = await foundTown();
    const { server, ada, direct, clock } = town;
    const bot = await listening(town);
    const state = [...bot.host.values].find(([key]) => key.startsWith("gateway:"));
    if (state === undefined) return expect.unreachable("it was stored");
    await bot.stop();
    const [key, value] = state;
    const host = new RecordingHost(bot.host);
    host.values.set(key, { ...(value as object), position: idAt(clock.now() + 3_600_000) });
    const second = await listening(town, host);
    server.say(direct, ada, "heard");
    await soon(() => host.texts.includes("heard"));
    await second.stop();
    server.gateway.expireSessions();
    server.say(direct, ada, "missed");
    const third = await listening(town, new RecordingHost(host));
    await soon(() => third.host.texts.includes("missed"));
  });

  test("of a direct chat is not missed when the process ends right behind its first message", async () => {
    const town = await foundTown();
    const { server, ada, direct } = town;
    const first = await listening(town);
    // What was stored when the process was killed, before anything else was.
    let killed: RecordingHost | undefined;
    first.host.onChange = () => {
      if (first.host.texts.length > 0) killed ??= new RecordingHost(first.host);
    };
    server.say(direct, ada, "first");
    await soon(() => killed !== undefined);
    await first.stop();
    server.gateway.expireSessions();
    server.say(direct, ada, "missed");
    const second = await listening(town, killed);
    await soon(() => second.host.texts.includes("missed"));
    expect(second.host.texts).toEqual(["missed"]);
  });
});

test("A session whose own address is gone is resumed where sessions begin, even when no new one may be started", async () => {
  const town = await foundTown();
  const { server, ada, direct } = town;
  const bot = await listening(town);
  await bot.stop();
  server.say(direct, ada, "missed");
  server.gateway.sessionsLeft = 0;
  const host = new RecordingHost(bot.host);
  for (const [key, value] of host.values) {
    if (!key.startsWith("gateway:")) continue;
    const state = value as { readonly session: object };
    host.values.set(key, { ...state, session: { ...state.session, url: "ws://127.0.0.1:1/gone" } });
  }
  const after = await connect(town, host);
  const stop = new AbortController();
  const ended = after.listen?.(stop.signal);
  await inTime(town, () => host.texts.includes("missed"));
  stop.abort();
  expect(await ended).toEqual({ reason: "requested" });
  expect([server.gateway.count(2), server.gateway.count(6)]).toEqual([1, 1]);
});

describe("A thread that is wanted by several at once", () => {
  test("is opened once", async () => {
    const town = await foundTown();
    const { server, ada, general } = town;
    const { host, connection } = await listening(town, new RecordingHost(), { autoThread: true });
    server.say(general, ada, `<@${server.world.bot.id}> tea?`);
    await soon(() => host.texts.length === 1);
    const chat = host.of("message")[0]?.chat ?? expect.unreachable("it is there");
    const typing = connection.setTyping?.(chat, { active: true });
    await Promise.all([typing, connection.send(chat, saying("Yes."), options)]);
    expect(server.http.requestsOf("startThread")).toHaveLength(1);
  });

  test("whose question was deleted meanwhile is answered in the channel", async () => {
    const town = await foundTown();
    const { server, ada, general } = town;
    const { host, connection } = await listening(town, new RecordingHost(), { autoThread: true });
    const question = server.say(general, ada, `<@${server.world.bot.id}> ${"😀".repeat(100)}`);
    await soon(() => host.texts.length === 1);
    const chat = host.of("message")[0]?.chat ?? expect.unreachable("it is there");
    expect(chat.facts).toEqual({ opensThread: `${"😀".repeat(79)}…` });
    server.delete(question);
    const [ref] = await connection.send(chat, saying("All the same."), options);
    expect(ref.threadId).toBeUndefined();
    expect(server.world.in(general.id).map(({ content }) => content)).toEqual(["All the same."]);
  });
});

test("A press that could not be settled at first is settled later, and the log holds nothing that lets in", async () => {
  const town = await foundTown();
  const { server, ada, general } = town;
  const { host, connection } = await listening(town);
  server.fail("answerInteraction", { type: "drop", when: "before" }, 1);
  const waiting = server.interact(general, ada, 2, { id: "1001000000000000301", name: "tea", type: 1 });
  await soon(() => host.of("command").length === 1);
  const command = host.of("command")[0] ?? expect.unreachable("it is there");
  const error = await failed(connection.settleAction?.(command, {}));
  await inTime(town, () => waiting.isTakenBack);
  const told = host.logs.join("\n") + host.reports.join("\n") + error.message + JSON.stringify(error);
  expect(told).not.toContain(waiting.token);
  expect(told).not.toContain(server.token);
});

test("An answer that says to wait is taken back also when that fails at first", async () => {
  const town = await foundTown();
  const { server, ada, general, clock } = town;
  const { host, stop } = await listening(town);
  server.fail("deleteAnswer", { type: "error", status: 503, body: "" }, 2);
  const waiting = server.interact(general, ada, 2, { id: "1001000000000000301", name: "tea", type: 1 });
  await inTime(town, () => waiting.isTakenBack);
  expect(host.logs.join("\n")).not.toContain(waiting.token);
  server.fail("deleteAnswer", { type: "error", status: 503, body: "" }, 1);
  server.interact(general, ada, 2, { id: "1001000000000000301", name: "tea", type: 1 });
  await inTime(town, () => server.http.requestsOf("deleteAnswer").length === 4);
  await soon(() => host.logs.filter((line) => line.includes("take back")).length === 3);
  await stop();
  expect(clock.pending).toBe(0);
});

test.each([
  [400, 40_003, "You are opening direct messages too fast", "rate-limited"],
  [400, 50_045, "File uploaded exceeds the maximum size", "too-long"],
  [503, 130_000, "API resource is currently overloaded. Try again a little later", "unavailable"],
  [400, 200_000, "Message was blocked by automatic moderation", "invalid"],
])("Status %i with code %i (%s) is %s", async (status, code, message, kind) => {
  const town = await foundTown();
  const connection = await connect(town, new RecordingHost());
  town.server.fail("createMessage", { type: "error", status, body: { code, message } });
  const error = await failed(connection.send(chatIn(town.direct), saying("hello"), options));
  expect(error.failure.kind).toBe(kind);
});

describe("A page in between that is none of Discord's", () => {
  test.each([
    [502, "unavailable"],
    [403, "forbidden"],
    [429, "rate-limited"],
    [200, "unavailable"],
  ])("with status %i is %s, without a word of it in the error", async (status, kind) => {
    const town = await foundTown();
    const connection = await connect(town, new RecordingHost());
    const headers = { "content-type": "text/html", ...(status === 429 ? { "retry-after": "3" } : {}) };
    town.server.fail("createMessage", { type: "error", status, headers, body: "<html>Sign in to the hotel</html>" });
    const error = await failed(connection.send(chatIn(town.direct), saying("hello"), options));
    expect(error.failure.kind).toBe(kind);
    expect(error.message).not.toMatch(/hotel|html>/u);
  });
});

test("A token that Discord refused while it was out of order is tried again after a minute", async () => {
  const town = await foundTown();
  const { server, direct, clock } = town;
  const connection = await connect(town, new RecordingHost());
  server.isRevoked = true;
  await failed(connection.send(chatIn(direct), saying("hello"), options));
  server.isRevoked = false;
  expect((await failed(connection.send(chatIn(direct), saying("hello"), options))).failure.kind).toBe("unauthorized");
  await clock.advance(61_000);
  await connection.send(chatIn(direct), saying("hello"), options);
  expect(server.world.in(direct.id)).toHaveLength(1);
});

test("Roles that are new, and servers that change, are known by their new names", async () => {
  const town = await foundTown();
  const { server, ada, guild, general } = town;
  const { host, connection } = await listening(town);
  const role = "1001000000000000777";
  server.gateway.dispatch("GUILD_ROLE_CREATE", { guild_id: guild.id, role: { id: role, name: "Tea makers" } });
  server.gateway.dispatch("GUILD_ROLE_UPDATE", { guild_id: guild.id, role: "nonsense" });
  server.gateway.dispatch("GUILD_UPDATE", { ...server.shapes.guild(guild), premium_tier: 3 });
  server.say(general, ada, `<@&${role}> tea`);
  await soon(() => host.texts.includes("@Tea makers tea"));
  expect(connection.capabilitiesFor?.(chatIn(general)).media.send.file).toBe(100 * 1024 * 1024);
});

test("Of a hundred thousand channels only so many are remembered", () => {
  const directory = new Directory();
  for (let count = 0; count < 100_000; count += 1) {
    directory.noteChannel({ id: String(10n ** 17n + BigInt(count)), type: 0, name: "x" }, "1001000000000000100");
  }
  expect(directory.channelsOf("1001000000000000100")).toHaveLength(20_000);
});
