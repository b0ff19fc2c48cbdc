import { describe, expect, test } from "vitest";
import { closeAfterEach } from "./closing.ts";
import { TestHost } from "./host.ts";
import { TestFile } from "./outbound-file.ts";
import { chatIn, connect, failed, foundTown, listening, options, saying, soon } from "./town.ts";

closeAfterEach();

describe("A message", () => {
  test("pings whom it may, and whoever it answers is left in peace", async () => {
    const town = await foundTown();
    const { server, ada, bob, general } = town;
    const connection = await connect(town, new TestHost());
    const question = server.say(general, bob, "who makes tea?");
    const quote = { platform: "discord", chatId: general.id, messageId: question.id };
    const [ref] = await connection.send(chatIn(general), saying(`<@${ada.id}> <@${bob.id}> @everyone`), {
      ...options,
      quote,
      mentions: [ada.id],
    });
    expect(server.world.message(ref.messageId)).toMatchObject({
      pings: [ada.id],
      message_reference: { message_id: question.id },
    });
    await connection.edit?.(ref, saying("@everyone"), options);
    expect(server.world.message(ref.messageId).pings).toEqual([]);
  });

  test("that comes again within minutes is one message, and after that another", async () => {
    const town = await foundTown();
    const { server, direct, clock } = town;
    const connection = await connect(town, new TestHost());
    server.fail("createMessage", { type: "drop", when: "after" });
    expect((await failed(connection.send(chatIn(direct), saying("once"), options))).maybeDone).toBe(true);
    await connection.send(chatIn(direct), saying("once"), options);
    expect(server.world.in(direct.id)).toHaveLength(1);
    await clock.sleep(6 * 60_000);
    await connection.send(chatIn(direct), saying("once"), options);
    expect(server.world.in(direct.id)).toHaveLength(2);
  });

  test("that quotes what is gone is said all the same", async () => {
    const town = await foundTown();
    const { server, direct } = town;
    const connection = await connect(town, new TestHost());
    const quote = { platform: "discord", chatId: direct.id, messageId: "1001000000000000999" };
    const [ref] = await connection.send(chatIn(direct), saying("all the same"), { ...options, quote });
    expect(server.world.message(ref.messageId).message_reference).toBeUndefined();
  });

  test("of 2000 emoji is taken, of one more refused without asking", async () => {
    const town = await foundTown();
    const { server, direct } = town;
    const connection = await connect(town, new TestHost());
    await connection.send(chatIn(direct), saying("😀".repeat(2000)), options);
    const error = await failed(connection.send(chatIn(direct), saying("😀".repeat(2001)), options));
    expect([error.failure.kind, error.maybeDone]).toEqual(["too-long", false]);
    expect(server.http.requestsOf("createMessage")).toHaveLength(1);
  });

  test("that nobody would see is refused", async () => {
    const town = await foundTown();
    const connection = await connect(town, new TestHost());
    expect((await failed(connection.send(chatIn(town.direct), saying(" \u200B "), options))).failure.kind).toBe("invalid");
  });

  test("too many in five seconds are told as a rate limit, before Discord has to", async () => {
    const town = await foundTown();
    const { server, direct } = town;
    server.rates.isOn = true;
    const connection = await connect(town, new TestHost());
    for (let count = 0; count < 5; count += 1) {
      await connection.send(chatIn(direct), saying(`message ${count}`), { ...options, idempotencyKey: `key ${count}` });
    }
    const { failure, maybeDone } = await failed(
      connection.send(chatIn(direct), saying("one more"), { ...options, idempotencyKey: "6" }),
    );
    expect([failure.kind, maybeDone]).toEqual(["rate-limited", false]);
    expect(failure.kind === "rate-limited" && (failure.retryAfterMs ?? 0) > 3000).toBe(true);
    expect(server.http.requestsOf("createMessage")).toHaveLength(5);
  });

  test("to somebody who takes none is forbidden, and so is one without the right, with what to do", async () => {
    const town = await foundTown();
    const { direct, general } = town;
    const connection = await connect(town, new TestHost());
    direct.lacks.add("direct");
    general.lacks.add("send");
    const closed = await failed(connection.send(chatIn(direct), saying("hello"), options));
    const mute = await failed(connection.send(chatIn(general), saying("hello"), options));
    expect([closed.failure.kind, mute.failure.kind]).toEqual(["forbidden", "forbidden"]);
    expect(closed.message).toContain("share a server");
    expect(mute.message).toContain("Send Messages");
  });

  test("after a token that was reset is not tried again", async () => {
    const town = await foundTown();
    const { server, direct } = town;
    const connection = await connect(town, new TestHost());
    server.isRevoked = true;
    for (let count = 0; count < 3; count += 1) {
      expect((await failed(connection.send(chatIn(direct), saying("hello"), options))).failure.kind).toBe("unauthorized");
    }
    expect(server.http.requestsOf("createMessage")).toHaveLength(1);
  });

  test("that is old takes only so many edits", async () => {
    const town = await foundTown();
    const { server, direct, clock } = town;
    const connection = await connect(town, new TestHost());
    const [ref] = await connection.send(chatIn(direct), saying("0"), options);
    await clock.sleep(2 * 60 * 60_000);
    server.editsOfOld = 1;
    await connection.edit?.(ref, saying("1"), options);
    const error = await failed(connection.edit?.(ref, saying("2"), options));
    expect(error.failure.kind).toBe("rate-limited");
  });
});

describe("Files", () => {
  test("of any kinds stand in one message, with buttons and text, under names that end no header", async () => {
    const town = await foundTown();
    const { server, direct } = town;
    const connection = await connect(town, new TestHost());
    const files = [
      new TestFile("image", "image/png", new Uint8Array([1, 2, 3]), { name: 'a"b\r\nc.png' }),
      new TestFile("voice", "audio/ogg", new Uint8Array([4])),
    ];
    const [ref] = await connection.send(
      chatIn(direct),
      { texts: ["both"], files, actions: [[{ label: "Good", token: "good" }]] },
      options,
    );
    const message = server.world.message(ref.messageId);
    expect(message.files.map(({ name, mimeType, bytes }) => [name, mimeType, [...bytes]])).toEqual([
      ["a_b__c.png", "image/png", [1, 2, 3]],
      ["file.ogg", "audio/ogg", [4]],
    ]);
    expect([message.content, message.components]).toMatchObject(["both", [{ components: [{ label: "Good" }] }]]);
    expect(server.violations).toEqual([]);
  });

  test("are as large as the server's boosts allow, and no larger", async () => {
    const town = await foundTown();
    const { general, guild, direct, ada, server } = town;
    guild.premium_tier = 2;
    const { connection, host } = await listening(town);
    server.say(general, ada, "hello");
    await soon(() => host.texts.includes("hello"));
    expect(connection.capabilitiesFor?.(chatIn(general)).media.send.file).toBe(50 * 1024 * 1024);
    expect(connection.capabilitiesFor?.(chatIn(direct)).media.send.file).toBe(10 * 1024 * 1024);
    const file = new TestFile("file", "text/plain", new Uint8Array(11 * 1024 * 1024));
    const error = await failed(connection.send(chatIn(direct), { texts: [], files: [file], actions: [] }, options));
    expect([error.failure.kind, file.opened]).toEqual(["too-long", 0]);
    await connection.send(chatIn(general), { texts: [], files: [file], actions: [] }, options);
    expect(file.opened).toBe(1);
  });

  test("that are no longer what they were are known not to have been sent", async () => {
    const town = await foundTown();
    const connection = await connect(town, new TestHost());
    const file = new TestFile("file", "text/plain", new Uint8Array(3), { sizeBytes: 4 });
    const error = await failed(connection.send(chatIn(town.direct), { texts: [], files: [file], actions: [] }, options));
    expect([error.failure.kind, error.maybeDone]).toEqual(["invalid", false]);
    expect(town.server.world.in(town.direct.id)).toEqual([]);
  });
});

describe("An attachment", () => {
  const read = async (stream: ReadableStream<Uint8Array> | undefined): Promise<string> => new Response(stream).text();

  test("whose address is too old is fetched by a new one, without the bot's token", async () => {
    const town = await foundTown();
    const { server, ada, direct, clock } = town;
    const { host, connection } = await listening(town);
    server.say(direct, ada, "look", { files: [server.file("tea.txt", "text/plain", new TextEncoder().encode("green"))] });
    await soon(() => host.texts.includes("look"));
    const [attachment] = host.of("message")[0]?.attachments ?? [];
    if (attachment === undefined) return expect.unreachable("it is there");
    await clock.sleep(25 * 60 * 60_000);
    expect(await read(await connection.download?.(attachment, { maxBytes: 100, signal: options.signal }))).toBe("green");
    expect(server.http.requestsOf("getMessage")).toHaveLength(1);
    expect(server.http.requestsOf("file").every(({ headers }) => !("authorization" in headers))).toBe(true);
  });

  test.each([
    ["another host", "https://evil.example/x"],
    ["another scheme", "file:///etc/passwd"],
    ["a name that only begins so", "https://cdn.discordapp.com.evil.example/x"],
  ])("on %s is not fetched", async (_what, url) => {
    const town = await foundTown();
    const connection = await connect(town, new TestHost(), { mediaHosts: undefined });
    const id = "1001000000000000999";
    const ticket = { channelId: id, messageId: id, attachmentId: id, url };
    const error = await failed(connection.download?.({ kind: "file", ticket }, { maxBytes: 100, signal: options.signal }));
    expect(error.failure.kind).toBe("invalid");
  });

  test("that leads elsewhere is not followed", async () => {
    const town = await foundTown();
    const { server } = town;
    const connection = await connect(town, new TestHost());
    server.fail("file", { type: "error", status: 302, headers: { location: "http://127.0.0.1:1/" } });
    const ticket = { stickerId: "1001000000000000999", extension: "png" };
    const error = await failed(connection.download?.({ kind: "sticker", ticket }, { maxBytes: 100, signal: options.signal }));
    expect(error.message).toContain("302");
  });
});

describe("A thread", () => {
  test("is opened for who addressed the bot, once, and everything goes there", async () => {
    const town = await foundTown();
    const { server, ada, general } = town;
    const { host, connection } = await listening(town, new TestHost(), { autoThread: true });
    const asked = server.say(general, ada, `<@${server.world.bot.id}> how do I make tea?`);
    await soon(() => host.texts.length === 1);
    const [question] = host.of("message");
    if (question === undefined) return expect.unreachable("it is there");
    expect(question.chat.ref.threadId).toBe(asked.id);
    await connection.react?.({ ...question.chat.ref, messageId: asked.id }, "👀", true);
    expect([...asked.reactions.keys()]).toEqual(["👀"]);
    await connection.setTyping?.(question.chat, { active: true });
    const quote = { ...question.chat.ref, messageId: asked.id };
    const [ref] = await connection.send(question.chat, saying("With water."), { ...options, quote });
    expect(ref).toMatchObject({ chatId: general.id, threadId: asked.id });
    expect(server.world.channel(asked.id)).toMatchObject({ name: "how do I make tea?", parent_id: general.id });
    expect(server.world.in(asked.id).map(({ content }) => content)).toEqual(["With water."]);
    expect(server.http.requestsOf("startThread")).toHaveLength(1);
    server.say(server.world.channel(asked.id), ada, "and then?");
    await soon(() => host.texts.includes("and then?"));
    expect(host.of("message")[1]?.chat.ref).toEqual(question.chat.ref);
    await connection.edit?.(ref, saying("With hot water."), options);
    // After a restart it stands there already.
    const again = await connect(town, new TestHost(), { autoThread: true });
    await again.send(question.chat, saying("More."), { ...options, idempotencyKey: "more" });
    expect(server.world.in(asked.id).at(-1)?.content).toBe("More.");
    expect(server.violations).toEqual([]);
  });

  test("that the bot may not open makes it answer in the channel, and say why in the log", async () => {
    const town = await foundTown();
    const { server, ada, general } = town;
    general.lacks.add("threads");
    const { host, connection } = await listening(town, new TestHost(), { autoThread: true });
    server.say(general, ada, `<@${server.world.bot.id}> tea?`);
    await soon(() => host.texts.length === 1);
    const [question] = host.of("message");
    if (question === undefined) return expect.unreachable("it is there");
    const [ref] = await connection.send(question.chat, saying("Here."), options);
    expect(ref.threadId).toBeUndefined();
    await connection.edit?.(ref, saying("Here it is."), options);
    expect(server.world.in(general.id).at(-1)?.content).toBe("Here it is.");
    expect(host.logs.join("\n")).toContain("Create Public Threads");
  });

  test("in a forum is a post that begins with its title", async () => {
    const town = await foundTown();
    const { server, forum } = town;
    const connection = await connect(town, new TestHost());
    const thread = await connection.openThread?.({ platform: "discord", chatId: forum.id }, "  Which\ntea? ");
    expect(thread).toMatchObject({ ref: { chatId: forum.id }, name: "Which tea?" });
    expect(server.world.in(thread?.ref.threadId ?? "").map(({ content }) => content)).toEqual(["Which tea?"]);
    expect(server.violations).toEqual([]);
  });

  test("is not opened in a direct chat", async () => {
    const town = await foundTown();
    const connection = await connect(town, new TestHost());
    expect(connection.capabilitiesFor?.(chatIn(town.direct)).threads).toEqual({ create: false });
    const error = await failed(connection.openThread?.({ platform: "discord", chatId: town.direct.id }, "Tea"));
    expect(error.failure.kind).toBe("invalid");
  });
});

describe("Besides,", () => {
  test("a reaction of a server's own emoji is refused without asking, one of Unicode is put there", async () => {
    const town = await foundTown();
    const { server, ada, direct } = town;
    const connection = await connect(town, new TestHost());
    const ref = { platform: "discord", chatId: direct.id, messageId: server.say(direct, ada, "tea").id };
    for (const emoji of [":party:", "party:1001000000000000300", "x", ""]) {
      expect((await failed(connection.react?.(ref, emoji, true))).failure.kind).toBe("invalid");
    }
    for (const emoji of ["👀", "✅", "❌", "1️⃣", "👩‍💻"]) await connection.react?.(ref, emoji, true);
    expect(server.world.message(ref.messageId).reactions.size).toBe(5);
  });

  test("buttons of more than five in a row stand in several, and more than there may be are refused", async () => {
    const town = await foundTown();
    const { server, direct } = town;
    const connection = await connect(town, new TestHost());
    const buttons = (count: number) => Array.from({ length: count }, (_, index) => ({ label: `B${index}`, token: `b${index}` }));
    const rows = [...buttons(7).map((button) => [button])];
    const [ref] = await connection.send(chatIn(direct), { texts: ["choose"], files: [], actions: rows }, options);
    expect(server.world.message(ref.messageId).components).toHaveLength(2);
    const error = await failed(
      connection.send(chatIn(direct), { texts: ["choose"], files: [], actions: [buttons(26)] }, options),
    );
    expect(error.failure.kind).toBe("invalid");
  });

  test("nobody whom it does not share a server with gets a direct message", async () => {
    const town = await foundTown();
    const { server } = town;
    const connection = await connect(town, new TestHost());
    const robot = server.world.addUser("Robot", { bot: true });
    expect((await failed(connection.openDirectMessage?.(robot.id))).failure.kind).toBe("forbidden");
    expect((await failed(connection.openDirectMessage?.("ada"))).failure.kind).toBe("invalid");
  });
});
