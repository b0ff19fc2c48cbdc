import { RecordingHost } from "@hermes/testkit";
import { describe, expect, test } from "vitest";
import { closeAfterEach } from "./closing.ts";
import { foundTown, inTime, listen, listening, lostBy, soon } from "./town.ts";

closeAfterEach();

/** Opcodes that clients send. */
const identify = 2;
const resume = 6;

describe("A connection that breaks", () => {
  test.each([
    ["is dropped", (gateway: { drop(): void }) => gateway.drop()],
    ["is closed with 4000", (gateway: { close(code: number): void }) => gateway.close(4000)],
    ["is closed as 1001", (gateway: { close(code: number): void }) => gateway.close(1001)],
    ["is to be made anew (opcode 7)", (gateway: { send(op: number, d: unknown): void }) => gateway.send(7, null)],
    ["has a session that can be resumed (opcode 9)", (gateway: { send(op: number, d: unknown): void }) => gateway.send(9, true)],
  ])("because it %s is replaced, its session resumed, and nothing is missed", async (_why, breaks) => {
    const town = await foundTown();
    const { server, ada, direct } = town;
    const { host, ended, stop } = await listening(town);
    breaks(server.gateway);
    await soon(() => server.gateway.open === 0);
    server.say(direct, ada, "in between");
    await inTime(town, () => host.texts.includes("in between"));
    expect([server.gateway.count(identify), server.gateway.count(resume)]).toEqual([1, 1]);
    expect(host.reports.some((report) => report.startsWith("resuming"))).toBe(true);
    expect(await stop()).toEqual({ reason: "requested" });
    expect(await ended).toEqual({ reason: "requested" });
  });

  test("because its heartbeats are not answered is replaced", async () => {
    const town = await foundTown();
    const { server, ada, direct } = town;
    const { host } = await listening(town);
    server.gateway.isDeaf = true;
    await inTime(town, () => host.reports.includes("resuming: the gateway does not answer any more"));
    server.gateway.isDeaf = false;
    server.say(direct, ada, "still there?");
    await inTime(town, () => host.texts.includes("still there?"));
    expect(server.gateway.count(resume)).toBeGreaterThan(0);
  });

  test("is kept by its heartbeats, which it reports", async () => {
    const town = await foundTown();
    const { server, clock } = town;
    const { host } = await listening(town);
    const before = host.reports.length;
    for (let round = 0; round < 8; round += 1) {
      await clock.advance(20_000);
      server.gateway.sweep();
    }
    expect(server.gateway.connected).toBe(1);
    expect(host.reports.slice(before)).toEqual(["up", "up", "up", "up"]);
  });
});

describe("What cannot get better by itself ends the listening:", () => {
  test.each([
    [4004, "unauthorized", /Reset Token/u],
    [4010, "invalid", /shard/u],
    [4011, "invalid", /2500 servers/u],
    [4012, "invalid", /version/u],
    [4013, "forbidden", /intents/u],
    [4014, "forbidden", /Message Content Intent.*developers\/applications/u],
  ])("close code %i is %s, with what to do", async (code, kind, words) => {
    const town = await foundTown();
    town.server.gateway.refusesWith = code;
    const { ended } = await listen(town);
    const error = await lostBy(ended);
    expect(error.failure.kind).toBe(kind);
    expect(error.message).toMatch(words);
    expect(error.message).not.toContain(town.server.token);
    expect(town.clock.pending).toBe(0);
  });

  test("the message content intent that is not switched on", async () => {
    const town = await foundTown();
    town.server.gateway.mayReadMessages = false;
    expect((await lostBy((await listen(town)).ended)).message).toContain("Message Content Intent");
  });

  test("no session that may be started, with the time to wait, and without trying", async () => {
    const town = await foundTown();
    town.server.gateway.sessionsLeft = 0;
    const error = await lostBy((await listen(town)).ended);
    expect(error.failure).toEqual({ kind: "rate-limited", retryAfterMs: 3_600_000, scope: "bot" });
    expect(town.server.gateway.count(identify)).toBe(0);
  });

  test("a gateway that closes again and again, after a while", async () => {
    const town = await foundTown();
    town.server.gateway.refusesWith = 4000;
    const beganMs = town.clock.now();
    const { ended } = await listen(town);
    let isOver = false;
    void ended.then(() => (isOver = true));
    await inTime(town, () => isOver);
    expect((await lostBy(ended)).failure.kind).toBe("unavailable");
    expect(town.server.gateway.count(identify)).toBe(6);
    // 1, 2, 4, 8 and 16 seconds, told by a clock that goes on while connections are made.
    expect(town.clock.now() - beganMs).toBeGreaterThanOrEqual(31_000);
  });
});

describe("After a restart", () => {
  test("the session goes on where it was stored", async () => {
    const town = await foundTown();
    const { server, ada, direct } = town;
    const before = await listening(town);
    server.say(direct, ada, "one");
    await soon(() => before.host.texts.includes("one"));
    await before.stop();
    server.say(direct, ada, "two");
    const after = await listening(town, new RecordingHost(before.host));
    await soon(() => after.host.texts.includes("two"));
    expect(after.host.texts).toEqual(["two"]);
    expect([server.gateway.count(identify), server.gateway.count(resume)]).toEqual([1, 1]);
  });

  test("the first start ever takes nothing from before", async () => {
    const town = await foundTown();
    const { server, ada, general, direct } = town;
    server.say(general, ada, "long ago");
    server.say(direct, ada, "long ago");
    const { host } = await listening(town);
    server.say(general, ada, "now");
    await soon(() => host.texts.includes("now"));
    expect(host.texts).toEqual(["now"]);
    expect(server.http.requestsOf("listMessages")).toEqual([]);
  });

  test("what a lost session does not tell is read from the history of channels, threads and direct chats, in order", async () => {
    const town = await foundTown();
    const { server, ada, bob, guild, general, direct, clock } = town;
    const quiet = server.world.addChannel(0, "quiet", { guild_id: guild.id });
    const thread = server.world.addChannel(11, "a thread", { guild_id: guild.id, parent_id: general.id });
    const hidden = server.world.addChannel(0, "hidden", { guild_id: guild.id, lacks: new Set(["history"]) });
    guild.members.get(ada.id)?.roles.push("1001000000000000077");
    const before = await listening(town);
    server.say(quiet, ada, "before in quiet");
    await clock.advance(10_000);
    for (const channel of [direct, general, thread]) server.say(channel, ada, `before in ${channel.name ?? "private"}`);
    await soon(() => before.host.texts.length === 4);
    await before.stop();
    await clock.advance(60_000);
    server.gateway.expireSessions();
    for (let count = 1; count <= 120; count += 1) server.say(general, count % 2 === 0 ? ada : bob, `missed ${count}`);
    server.say(thread, ada, "missed in a thread");
    server.say(direct, ada, "missed in private");
    server.say(hidden, ada, "nobody may read this");
    server.say(general, server.world.bot, "our own");
    const after = await listening(town, new RecordingHost(before.host));
    await soon(() => after.host.texts.includes("missed in a thread") && after.host.texts.includes("missed in private"));
    const missed = after.host.texts.filter((text) => /^missed \d/u.test(text));
    expect(missed).toEqual(Array.from({ length: 120 }, (_, index) => `missed ${index + 1}`));
    expect(after.host.texts.filter((text) => text.startsWith("before") || text === "our own")).toEqual([]);
    const reading = server.http.requestsOf("listMessages").map(({ path }) => /channels\/(\d+)/u.exec(path)?.[1]);
    expect(reading).not.toContain(quiet.id);
    const read = after.host.of("message").find(({ text }) => text === "missed 2");
    expect(read?.origin.author.roles).toEqual(["1001000000000000077"]);
    // What the gateway tells meanwhile comes behind it, and once.
    server.say(general, ada, "live again");
    await soon(() => after.host.texts.includes("live again"));
    expect(after.host.texts.at(-1)).toBe("live again");
    expect(new Set(after.host.texts).size).toBe(after.host.texts.length);
  });

  test("what is older than a day is left out, and the log says so", async () => {
    const town = await foundTown();
    const { server, ada, general, clock } = town;
    const before = await listening(town);
    await before.stop();
    server.gateway.expireSessions();
    server.say(general, ada, "old");
    await clock.sleep(25 * 60 * 60_000);
    server.say(general, ada, "young");
    const after = await listening(town, new RecordingHost(before.host));
    await soon(() => after.host.texts.includes("young"));
    expect(after.host.texts).toEqual(["young"]);
    expect(after.host.logs.join("\n")).toContain("away for more than a day");
  });

  test("history that was not read to its end is read again", async () => {
    const town = await foundTown();
    const { server, ada, general } = town;
    const before = await listening(town);
    server.say(general, ada, "known");
    await soon(() => before.host.texts.includes("known"));
    await before.stop();
    server.gateway.expireSessions();
    server.say(general, ada, "missed");
    server.fail("listMessages", { type: "hang", acted: false });
    const between = await listening(town, new RecordingHost(before.host));
    await soon(() => server.http.requestsOf("listMessages").length === 1);
    await between.stop();
    expect(between.host.texts).toEqual([]);
    const after = await listening(town, new RecordingHost(between.host));
    await soon(() => after.host.texts.includes("missed"));
    expect(after.host.texts).toEqual(["missed"]);
  });
});

describe("A store that takes nothing", () => {
  test("holds up the line: nothing is acknowledged, nothing lost, nothing twice", async () => {
    const town = await foundTown();
    const { server, ada, direct } = town;
    const { host } = await listening(town);
    let isBroken = true;
    host.beforeAccept = () => {
      if (isBroken) throw new Error("the disk is full");
    };
    server.say(direct, ada, "one");
    server.say(direct, ada, "two");
    await soon(() => host.reports.some((report) => report.startsWith("degraded")));
    server.gateway.drop();
    await soon(() => server.gateway.open === 0);
    server.say(direct, ada, "three");
    await town.clock.advance(5000);
    // Nothing more is asked for before what came is stored.
    expect(server.gateway.open).toBe(0);
    isBroken = false;
    await inTime(town, () => host.texts.includes("three"));
    expect(host.texts).toEqual(["one", "two", "three"]);
  });

  test("makes the bot hang up instead of remembering without an end, and everything comes all the same", async () => {
    const town = await foundTown();
    const { server, ada, direct } = town;
    const { host } = await listening(town);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    host.beforeAccept = () => held;
    const count = 5200;
    for (let index = 0; index < count; index += 1) server.say(direct, ada, `message ${index}`);
    await soon(() => server.gateway.open === 0);
    release();
    await inTime(town, () => host.texts.length === count);
    expect(host.texts).toEqual(Array.from({ length: count }, (_, index) => `message ${index}`));
  });
});

test("A gateway that greets with nonsense ends the listening, and nothing goes on", async () => {
  const town = await foundTown();
  const { server, clock } = town;
  const { host, ended } = await listening(town);
  server.gateway.dispatch("READY", { session_id: 7 });
  expect((await lostBy(ended)).failure.kind).toBe("unavailable");
  await soon(() => server.gateway.open === 0);
  expect(clock.pending).toBe(0);
  expect(host.texts).toEqual([]);
});

test("When it is disconnected no connection is left", async () => {
  const town = await foundTown();
  const { connection, stop } = await listening(town);
  expect(town.server.http.connections).toBeGreaterThan(0);
  await stop();
  await connection.disconnect();
  await soon(() => town.server.http.connections === 0);
});

test("When listening came back nothing waits any more, not even for an interaction", async () => {
  const town = await foundTown();
  const { server, ada, general, clock } = town;
  const { host, stop } = await listening(town);
  server.interact(general, ada, 2, { id: "1001000000000000301", name: "tea", type: 1 });
  await soon(() => host.of("command").length === 1);
  expect(await stop()).toEqual({ reason: "requested" });
  expect([clock.pending, server.gateway.open]).toEqual([0, 0]);
});

test("A server that the bot is added to is told of, one that it was in is not; leaving it tells of its channels", async () => {
  const town = await foundTown();
  const { server, ada, guild, general } = town;
  const { host } = await listening(town);
  await town.clock.advance(1000);
  const club = server.world.addGuild("New", [ada], "2026-01-01T00:00:01.000000+00:00");
  const lobby = server.world.addChannel(0, "lobby", { guild_id: club.id });
  server.gateway.dispatch("GUILD_CREATE", server.shapes.guildCreated(club));
  await soon(() => host.of("membership").length === 1);
  server.gateway.dispatch("GUILD_DELETE", { id: guild.id, unavailable: true });
  server.gateway.dispatch("GUILD_DELETE", { id: club.id });
  await soon(() => host.of("membership").length === 2);
  expect(host.of("membership").map(({ change, chat }) => [change, chat.ref.chatId])).toEqual([
    ["bot-added", lobby.id],
    ["bot-removed", lobby.id],
  ]);
  server.say(general, ada, "still here");
  await soon(() => host.texts.includes("still here"));
});
