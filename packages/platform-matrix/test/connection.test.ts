import { describe, expect, test } from "vitest";
import { chatIn, connect, failed, listening, plainOptions, saying, set, type Setting } from "./bot.ts";
import { closeAfterEach } from "./closing.ts";
import type { Fields, Room } from "./server.ts";
import { eventsIn } from "./server/world.ts";

closeAfterEach();

/** The contents of what the bot sent to a room, oldest first. */
function sent({ server }: Setting, room: Room): readonly Fields[] {
  return eventsIn(room)
    .filter(({ sender, type }) => sender === server.bot.userId && type !== "m.room.member")
    .map(({ content }) => content);
}

describe("A message", () => {
  test("is a notice that notifies nobody, unless texts are wanted", async () => {
    const setting = await set();
    const { connection } = await connect(setting);
    await connection.send(chatIn(setting.club), saying("plain"), plainOptions());
    expect(sent(setting, setting.club)).toEqual([{ msgtype: "m.notice", body: "plain", "m.mentions": {} }]);
    const other = await set({ messageType: "text" });
    const texts = await connect(other);
    await texts.connection.send(chatIn(other.club), saying("**bold**"), plainOptions());
    expect(sent(other, other.club)).toEqual([
      {
        msgtype: "m.text",
        body: "bold",
        format: "org.matrix.custom.html",
        formatted_body: "<p><strong>bold</strong></p>",
        "m.mentions": {},
      },
    ]);
  });

  test("in a thread is shown to clients without threads as an answer to what it answers", async () => {
    const setting = await set();
    const { server, ada, club } = setting;
    const root = server.say(club, ada.userId, "root");
    const thread = chatIn(club, "group", root.event_id);
    const { connection } = await connect(setting);
    const message = { ...thread.ref, messageId: "$question" };
    const origin = { message, author: { id: ada.userId, isBot: false, assurance: "platform" }, lifetime: "durable" } as const;
    const [ref] = await connection.send(thread, saying("answer"), plainOptions({ origin }));
    expect(ref.threadId).toBe(root.event_id);
    expect(sent(setting, club)[0]).toMatchObject({
      "m.relates_to": {
        rel_type: "m.thread",
        event_id: root.event_id,
        is_falling_back: true,
        "m.in_reply_to": { event_id: "$question" },
      },
    });
  });

  test("to a room by its name goes to the room, and says so", async () => {
    const setting = await set();
    setting.server.world.aliases.set("#club:example.org", setting.club.id);
    const { connection } = await connect(setting);
    const chat = { ref: { platform: "matrix", chatId: "#club:example.org" }, type: "group" } as const;
    const [ref] = await connection.send(chat, saying("by name"), plainOptions());
    expect(ref.chatId).toBe(setting.club.id);
    const unknown = { ...chat, ref: { ...chat.ref, chatId: "#nobody:example.org" } };
    expect((await failed(connection.send(unknown, saying("x"), plainOptions()))).failure).toEqual({
      kind: "not-found",
      what: "chat",
    });
  });

  test("that was sent, and of whose answer nothing came, is the same when it is sent again", async () => {
    const setting = await set();
    const { connection } = await connect(setting);
    setting.server.fail("send", { type: "drop", when: "after" });
    const options = plainOptions();
    expect(await failed(connection.send(chatIn(setting.club), saying("once"), options))).toMatchObject({
      failure: { kind: "unavailable" },
      maybeDone: true,
    });
    await connection.send(chatIn(setting.club), saying("once"), options);
    expect(sent(setting, setting.club)).toHaveLength(1);
  });

  test("is known not to be sent where what comes before it went wrong", async () => {
    const setting = await set();
    const { connection } = await connect(setting);
    setting.server.fail("state", { type: "drop", when: "before" });
    const error = await failed(connection.send(chatIn(setting.club), saying("never"), plainOptions()));
    expect(error).toMatchObject({ failure: { kind: "unavailable" }, maybeDone: false });
    expect(sent(setting, setting.club)).toEqual([]);
  });

  test("for one person's eyes goes to no group", async () => {
    const setting = await set();
    const { connection } = await connect(setting);
    const error = await failed(
      connection.send(chatIn(setting.club), saying("psst"), plainOptions({ visibleTo: setting.ada.userId })),
    );
    expect(error.failure.kind).toBe("invalid");
  });
});

describe("An edit", () => {
  test("that goes back to an earlier text is one as well", async () => {
    const setting = await set();
    const { connection } = await connect(setting);
    const [ref] = await connection.send(chatIn(setting.club), saying("one"), plainOptions());
    const options = plainOptions();
    for (const text of ["two", "three", "two"]) await connection.edit?.(ref, saying(text), options);
    const texts = sent(setting, setting.club).map((content) => (content["m.new_content"] as Fields | undefined)?.["body"]);
    expect(texts).toEqual([undefined, "two", "three", "two"]);
  });

  test("of what somebody took out is refused, also while the bot listens", async () => {
    const setting = await set();
    const { server, club, ada } = setting;
    const life = await listening(setting);
    const [ref] = await life.connection.send(chatIn(club), saying("gone soon"), plainOptions());
    server.world.redact(club, ref.messageId, ada.userId);
    await life.until(() => life.host.events.some(({ type }) => type === "delete"));
    const error = await failed(life.connection.edit?.(ref, saying("too late"), plainOptions()));
    expect(error.failure).toEqual({ kind: "not-found", what: "message" });
    expect(server.requestsOf("event")).toEqual([]);
  });

  test("of somebody else's message is refused", async () => {
    const setting = await set();
    const { connection } = await connect(setting);
    const event = setting.server.say(setting.club, setting.ada.userId, "Ada's own");
    const ref = { ...chatIn(setting.club).ref, messageId: event.event_id };
    expect((await failed(connection.edit?.(ref, saying("x"), plainOptions()))).failure.kind).toBe("invalid");
  });

  test("of a file changes its caption and keeps the file", async () => {
    const setting = await set();
    const { connection } = await connect(setting);
    const file = {
      kind: "image",
      name: "a.png",
      mimeType: "image/png",
      sizeBytes: 3,
      open: async () => new Blob([new Uint8Array([1, 2, 3])]).stream(),
    } as const;
    const [ref] = await connection.send(chatIn(setting.club), { texts: ["before"], files: [file], actions: [] }, plainOptions());
    await connection.edit?.(ref, saying("after"), plainOptions());
    const [first, edit] = sent(setting, setting.club);
    expect(first).toMatchObject({
      msgtype: "m.image",
      body: "before",
      filename: "a.png",
      info: { mimetype: "image/png", size: 3 },
    });
    expect(edit?.["m.new_content"]).toMatchObject({ msgtype: "m.image", body: "after", filename: "a.png", url: first?.["url"] });
  });
});

describe("A reaction", () => {
  test("that stands there already is done, and is taken back after a restart as well", async () => {
    const setting = await set();
    const { server, club, ada } = setting;
    const ref = { ...chatIn(club).ref, messageId: server.say(club, ada.userId, "react").event_id };
    const first = await connect(setting);
    await first.connection.react?.(ref, "❤", true);
    await first.connection.react?.(ref, "❤", true);
    expect(sent(setting, club)).toMatchObject([{ "m.relates_to": { key: "❤\uFE0F" } }]);
    const second = await connect(setting);
    await second.connection.react?.(ref, "❤", true);
    await second.connection.react?.(ref, "❤", false);
    expect(sent(setting, club)[0]).toEqual({});
  });
});

describe("A direct chat", () => {
  test("that is there is used again, and opened once where there is none", async () => {
    const setting = await set();
    const { server, ada, direct } = setting;
    server.onDirectInvite = (room, guests) => guests.forEach((guest) => server.world.setMembership(room, guest, guest, "join"));
    const { connection } = await connect(setting);
    expect((await connection.openDirectMessage?.(ada.userId))?.ref.chatId).toBe(direct.id);
    const eve = server.world.addAccount("eve");
    const [one, two] = await Promise.all([
      connection.openDirectMessage?.(eve.userId),
      connection.openDirectMessage?.(eve.userId),
    ]);
    expect(one).toEqual(two);
    expect(one).toMatchObject({ type: "dm" });
    expect(server.requestsOf("create-room")).toHaveLength(1);
    expect(server.bot.data.get("m.direct")?.content).toEqual({ [ada.userId]: [direct.id], [eve.userId]: [one?.ref.chatId] });
  });

  test("that the other one left is opened anew", async () => {
    const setting = await set();
    const { server, ada, direct } = setting;
    server.world.setMembership(direct, ada.userId, ada.userId, "leave");
    const { connection } = await connect(setting);
    expect((await connection.openDirectMessage?.(ada.userId))?.ref.chatId).not.toBe(direct.id);
  });

  test("that a homeserver encrypts is refused", async () => {
    const setting = await set();
    setting.server.encryptsNewRooms = true;
    const { connection } = await connect(setting);
    setting.server.world.addAccount("eve");
    expect((await failed(connection.openDirectMessage?.("@eve:example.org"))).failure.kind).toBe("forbidden");
  });

  test("with somebody who has no user id is refused without a try", async () => {
    const setting = await set();
    const { connection } = await connect(setting);
    expect((await failed(connection.openDirectMessage?.("ada"))).failure.kind).toBe("invalid");
  });
});

describe("A refusal", () => {
  test.each([
    [403, "M_FORBIDDEN", "forbidden"],
    [403, "M_CONSENT_NOT_GIVEN", "forbidden"],
    [403, "M_USER_SUSPENDED", "forbidden"],
    [401, "M_USER_DEACTIVATED", "unauthorized"],
    [413, "M_TOO_LARGE", "too-long"],
    [404, "M_NOT_FOUND", "not-found"],
    [404, "M_UNRECOGNIZED", "invalid"],
    [400, "M_BAD_JSON", "invalid"],
    [500, "M_UNKNOWN", "unavailable"],
  ])("%i %s is told as it is meant (%s), and hides no reason", async (status, errcode, kind) => {
    const setting = await set();
    const { connection } = await connect(setting);
    setting.server.fail("send", { type: "error", status, body: { errcode, error: `because of ${setting.server.device.token}` } });
    const error = await failed(connection.send(chatIn(setting.club), saying("x"), plainOptions()));
    expect(error.failure.kind).toBe(kind);
    expect(error.message).toContain(errcode);
    expect(error.message).not.toContain(setting.server.device.token);
    expect(error.maybeDone).toBe(kind === "unavailable");
  });

  test("without JSON shows nothing of the page", async () => {
    const setting = await set();
    const { connection } = await connect(setting);
    const headers = { "content-type": "text/html" };
    setting.server.fail("send", { type: "error", status: 504, body: "<html>FAKE-PAGE</html>", headers });
    const error = await failed(connection.send(chatIn(setting.club), saying("x"), plainOptions()));
    expect(error).toMatchObject({ failure: { kind: "unavailable" }, maybeDone: true });
    expect(error.message).not.toContain("FAKE-PAGE");
  });
});

describe("Commands that are published", () => {
  test("can be written with an exclamation mark, also after a restart", async () => {
    const setting = await set();
    const { server, club, ada } = setting;
    const life = await listening(setting);
    await life.connection.publishCommands?.([{ name: "help", description: "What can be asked" }]);
    server.say(club, ada.userId, "!help me");
    await life.until(() => life.host.texts.includes("/help me"));
    await life.stop();
    const after = await listening(setting, life.host);
    server.say(club, ada.userId, "!help again");
    await after.until(() => after.host.texts.includes("/help again"));
  });
});

describe("Typing", () => {
  test("is shown for as long as it is refreshed, and ended", async () => {
    const setting = await set();
    const { connection } = await connect(setting);
    await connection.setTyping?.(chatIn(setting.club), { active: true });
    expect(setting.club.typing.get(setting.server.bot.userId)).toBe(setting.clock.now() + 30_000);
    await connection.setTyping?.(chatIn(setting.club), { active: false });
    expect(setting.club.typing.size).toBe(0);
  });
});

describe("What the SDK says", () => {
  test("goes to the log, without tokens", async () => {
    const setting = await set();
    const { host, connection } = await connect(setting);
    await connection.send(chatIn(setting.club), saying("x"), plainOptions());
    expect(host.logs.some((line) => line.startsWith("FetchHttpApi"))).toBe(true);
    expect(host.logs.join("\n")).not.toContain(setting.server.device.token);
  });
});
