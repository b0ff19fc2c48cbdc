import { describe, expect, test } from "vitest";
import { chatIn, hear, listening, saying, plainOptions, set } from "./bot.ts";
import { closeAfterEach } from "./closing.ts";

closeAfterEach();

describe("The first time it listens, the bot", () => {
  test("hears nothing that was said before", async () => {
    const setting = await set();
    setting.server.say(setting.direct, setting.ada.userId, "long ago");
    const life = await listening(setting);
    await hear(setting, life, setting.direct, "now");
    expect(life.host.texts).toEqual(["now"]);
  });

  test("asks for one event of each room and waits for none", async () => {
    const setting = await set();
    await listening(setting);
    const [first] = setting.server.requestsOf("sync");
    const query = new URL(first?.path ?? "", "http://x").searchParams;
    expect([query.get("since"), query.get("timeout"), query.get("set_presence")]).toEqual([null, "0", "offline"]);
    expect(JSON.parse(query.get("filter") ?? "")).toMatchObject({
      room: { timeline: { limit: 1, lazy_load_members: true } },
      presence: { not_types: ["*"] },
    });
  });
});

describe("After it was away, the bot", () => {
  test("hears what was said meanwhile, in order, also more than the homeserver tells by itself", async () => {
    const setting = await set();
    const { server, ada, club, direct } = setting;
    const before = await listening(setting);
    await hear(setting, before, club, "the last before");
    await before.stop();
    const texts = Array.from({ length: 230 }, (_, index) => `missed ${index}`);
    for (const text of texts) server.say(club, ada.userId, text);
    server.say(direct, ada.userId, "in private");
    const after = await listening(setting, before.host);
    expect(after.host.texts.filter((text) => text.startsWith("missed"))).toEqual(texts);
    expect(after.host.texts).toContain("in private");
    expect(server.requestsOf("messages")).toHaveLength(2);
    expect(after.host.logs.filter((line) => /More was said|longer than/u.test(line))).toEqual([]);
  });

  test("hears the latest thousand and a few of one room, and says that there was more", async () => {
    const setting = await set();
    const { server, ada, club } = setting;
    const before = await listening(setting);
    await before.stop();
    for (let count = 0; count < 1300; count += 1) server.say(club, ada.userId, `flood ${count}`);
    const after = await listening(setting, before.host);
    expect(after.host.texts).toHaveLength(1050);
    expect(after.host.texts.at(-1)).toBe("flood 1299");
    expect(after.host.texts[0]).toBe("flood 250");
    expect(after.host.logs.some((line) => line.startsWith("More was said in"))).toBe(true);
  });

  test("does not answer what was said more than thirty days ago in a gap, and says so", async () => {
    const setting = await set();
    const { server, ada, club, clock } = setting;
    const before = await listening(setting);
    await before.stop();
    for (let count = 0; count < 20; count += 1) server.say(club, ada.userId, `old ${count}`);
    clock.pass(31 * 24 * 60 * 60_000);
    for (let count = 0; count < 50; count += 1) server.say(club, ada.userId, `new ${count}`);
    const after = await listening(setting, before.host);
    expect(after.host.texts.filter((text) => text.startsWith("old"))).toEqual([]);
    expect(after.host.texts).toHaveLength(50);
    expect(after.host.logs.some((line) => line.includes("longer than 30 days ago"))).toBe(true);
  });

  test("hears what was said before something that only claims to be old", async () => {
    const setting = await set();
    const { server, ada, club, clock } = setting;
    const before = await listening(setting);
    await hear(setting, before, club, "the last before");
    await before.stop();
    for (let count = 0; count < 150; count += 1) server.say(club, ada.userId, `missed ${count}`);
    const content = { msgtype: "m.text", body: "from 1970" };
    server.world.append(club, { type: "m.room.message", sender: "@eve:evil.example", content, atMs: 0 });
    for (let count = 150; count < 250; count += 1) server.say(club, ada.userId, `missed ${count}`);
    const after = await listening(setting, before.host);
    expect(after.host.texts.filter((text) => text.startsWith("missed"))).toHaveLength(250);
    expect(after.host.texts).not.toContain("from 1970");
    expect(clock.now()).toBeGreaterThan(0);
  });

  test("takes nothing for said to it that was said before it came", async () => {
    const setting = await set({ invites: "all" });
    const { server, ada } = setting;
    const life = await listening(setting);
    const room = server.world.addRoom(ada.userId, { name: "Old room" });
    for (let count = 0; count < 5; count += 1) server.say(room, ada.userId, `history ${count}`);
    server.world.setMembership(room, server.bot.userId, ada.userId, "invite");
    await server.until(() => server.world.membershipOf(room, server.bot.userId) === "join");
    await hear(setting, life, room, "welcome");
    expect(life.host.texts).toEqual(["welcome"]);
  });

  test("starts anew where the homeserver no longer knows its token, and says so", async () => {
    const setting = await set();
    const before = await listening(setting);
    await before.stop();
    before.host.values.set(`since:${setting.server.bot.userId}`, "s999999");
    const after = await listening(setting, before.host);
    await hear(setting, after, setting.direct, "here again");
    expect(after.host.logs.some((line) => line.startsWith("The homeserver no longer knows"))).toBe(true);
  });
});

describe("What it has read, the bot", () => {
  test("marks as read in the room and in the thread where it was said", async () => {
    const setting = await set();
    const { server, ada, club } = setting;
    const life = await listening(setting);
    const root = server.say(club, ada.userId, "root");
    const inThread = server.say(club, ada.userId, "inside", {
      "m.relates_to": { rel_type: "m.thread", event_id: root.event_id },
    });
    await life.until(() => life.host.texts.includes("inside"));
    await server.until(() => server.receipts.length === 2);
    expect(server.receipts.map(({ eventId, threadId }) => [eventId, threadId])).toEqual([
      [root.event_id, "main"],
      [inThread.event_id, root.event_id],
    ]);
  });

  test("does not mark where it is asked not to", async () => {
    const setting = await set({ receipts: false });
    const life = await listening(setting);
    await hear(setting, life, setting.club, "unmarked");
    await life.stop();
    expect(setting.server.requestsOf("receipt")).toEqual([]);
  });
});

describe("What an answer is to", () => {
  test("is looked up where it was said before the bot listened", async () => {
    const setting = await set();
    const { server, ada, club } = setting;
    const { connection } = await listening(setting);
    const [own] = await connection.send(chatIn(club), saying("what I said"), plainOptions());
    const old = server.say(club, ada.userId, "what Ada said");
    const life = await listening(setting);
    const answer = (to: string, text: string): unknown =>
      server.say(club, ada.userId, text, { "m.relates_to": { "m.in_reply_to": { event_id: to } } });
    answer(own.messageId, "to the bot");
    answer(old.event_id, "to Ada");
    await life.until(() => life.host.texts.includes("to Ada"));
    expect(life.host.events).toMatchObject([
      { text: "to the bot", addressed: true, replyTo: { ofBot: true, text: "what I said" } },
      { text: "to Ada", addressed: false, replyTo: { ofBot: false, text: "what Ada said" } },
    ]);
  });

  test("is not asked again and again of a homeserver in trouble, which would keep everybody waiting", async () => {
    const setting = await set();
    const { server, ada, club } = setting;
    const life = await listening(setting);
    server.fail("event", { type: "error", status: 500, body: { errcode: "M_UNKNOWN", error: "x" } }, 100);
    await server.until(() => server.isPolled);
    for (let count = 0; count < 30; count += 1) {
      server.say(club, ada.userId, `to ${count}`, { "m.relates_to": { "m.in_reply_to": { event_id: `$unknown${count}` } } });
    }
    await life.until(() => life.host.texts.includes("to 29"));
    expect(life.host.texts).toHaveLength(30);
    expect(server.requestsOf("event").length).toBeLessThanOrEqual(6);
  });

  test("is left open where the homeserver does not say, and the message is heard all the same", async () => {
    const setting = await set();
    const { server, ada, club } = setting;
    const life = await listening(setting);
    server.fail("event", { type: "error", status: 500, body: { errcode: "M_UNKNOWN", error: "x" } });
    server.say(club, ada.userId, "to somebody", { "m.relates_to": { "m.in_reply_to": { event_id: "$unknown" } } });
    await life.until(() => life.host.texts.includes("to somebody"));
    expect(life.host.events[0]).toMatchObject({ replyTo: { ofBot: false } });
  });
});
