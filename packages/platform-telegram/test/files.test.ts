import { beforeEach, describe, expect, test } from "vitest";
import { closeAfterEach } from "./closing.ts";
import { ada, connectBot, failed, group, options, topic, type ConnectedBot } from "./connected-bot.ts";
import { carrying, CountedFile } from "@hermes/testkit";
import { png, type Fault } from "./server.ts";

closeAfterEach();

const bytes = new TextEncoder().encode("a,b\n1,2\n");
const table = (): CountedFile => new CountedFile("file", "text/csv", bytes, { name: "table.csv" });
const picture = (width = 320, height = 200, sizeBytes = 64): CountedFile =>
  new CountedFile("image", "image/png", png(width, height, sizeBytes));

let bot: ConnectedBot;

beforeEach(async () => {
  bot = await connectBot();
});

/** The methods that showed something. */
function methods(): readonly string[] {
  return bot.server.calls.slice(3).map(({ method }) => method);
}

describe("a file", () => {
  test.each([
    ["image", "image/png", "sendPhoto"],
    ["image", "image/jpeg; charset=binary", "sendPhoto"],
    ["image", "image/gif", "sendAnimation"],
    ["image", "image/svg+xml", "sendDocument"],
    ["voice", "audio/ogg", "sendVoice"],
    ["voice", "audio/wav", "sendDocument"],
    ["audio", "audio/mpeg", "sendAudio"],
    ["audio", "audio/flac", "sendDocument"],
    ["video", "video/mp4", "sendVideo"],
    ["video", "video/x-matroska", "sendDocument"],
    ["sticker", "image/webp", "sendSticker"],
    ["sticker", "image/tiff", "sendDocument"],
    ["file", "image/png", "sendDocument"],
  ] as const)("of the kind %s and the type %s goes by %s, byte for byte", async (kind, mimeType, method) => {
    const content = png(320, 200, 100_000);
    const sent = await bot.connection.send(ada, carrying([new CountedFile(kind, mimeType, content)]), options);
    expect(sent).toEqual([{ platform: "telegram", chatId: "42", messageId: "1" }]);
    expect(methods()).toEqual([method]);
    expect(bot.server.uploads[0]?.bytes).toEqual(content);
    expect(bot.server.violations).toEqual([]);
  });

  test("has a caption with markup, pings nobody, is silent, quotes and goes into its topic", async () => {
    const question = bot.server.say("hm?", { chat: -1001, threadId: 5 });
    const quote = { ...topic.ref, messageId: String(question.message_id) };
    await bot.connection.send(topic, carrying([table()], "**See** @someone"), { ...options, silent: true, quote });
    const message = bot.server.world.chats.get(-1001)?.messages.get(2);
    expect(message).toMatchObject({
      message_thread_id: 5,
      caption: "See @someone",
      caption_entities: [
        { type: "bold", offset: 0, length: 3 },
        { type: "code", offset: 4, length: 8 },
      ],
      document: { file_name: "table.csv", mime_type: "text/csv" },
      reply_to_message: { message_id: question.message_id },
    });
    expect(bot.server.callsOf("sendDocument")[0]).toMatchObject({ disable_notification: true });
  });

  test("shows buttons under it", async () => {
    await bot.connection.send(ada, { ...carrying([table()]), actions: [[{ label: "Ok", token: "t" }]] }, options);
    expect(bot.server.world.chats.get(42)?.messages.get(1)?.reply_markup).toEqual({
      inline_keyboard: [[{ text: "Ok", callback_data: "t" }]],
    });
  });

  test("takes 1024 characters of caption as they will stand there, and refuses one more before calling", async () => {
    await bot.connection.send(ada, carrying([table()], `**${"x".repeat(1024)}**`), options);
    const error = await failed(bot.connection.send(ada, carrying([table()], "x".repeat(1025)), options));
    expect(error).toMatchObject({ failure: { kind: "too-long" }, maybeDone: false });
    expect(methods()).toEqual(["sendDocument"]);
  });

  test("with a caption is shown as a picture where a sticker would have none", async () => {
    await bot.connection.send(ada, carrying([new CountedFile("sticker", "image/webp", png(9, 9))], "Hi"), options);
    expect(methods()).toEqual(["sendPhoto"]);
  });

  test("that Telegram refuses as a picture goes as a document, opened anew", async () => {
    const long = picture(5000, 10);
    const [ref] = await bot.connection.send(ada, carrying([long], "A very long one"), options);
    expect(methods()).toEqual(["sendPhoto", "sendDocument"]);
    expect(long.opened).toBe(2);
    expect(bot.server.world.chats.get(42)?.messages.get(Number(ref.messageId))?.caption).toBe("A very long one");
  });

  test("too large for a picture goes as a document at once", async () => {
    await bot.connection.send(ada, carrying([picture(320, 200, 10 * 1024 * 1024 + 1)]), options);
    expect(methods()).toEqual(["sendDocument"]);
  });

  test("is sent once more without the caption's markup when Telegram cannot read it", async () => {
    const fault: Fault = { type: "error", code: 400, description: "Bad Request: can't parse entities" };
    bot.server.fail("sendDocument", fault);
    const file = table();
    await bot.connection.send(ada, carrying([file], "**See**"), options);
    expect(file.opened).toBe(2);
    expect(bot.server.world.chats.get(42)?.messages.get(1)).toMatchObject({ caption: "See" });
    expect(bot.server.callsOf("sendDocument")[1]).not.toHaveProperty("caption_entities");
  });

  test("has a name that ends neither its quotes nor its line", async () => {
    const file = new CountedFile("file", "text/csv\r\nx: y", bytes, { name: 'a"; b\r\nc\\\u0000漢.csv' });
    await bot.connection.send(ada, carrying([file]), options);
    expect(bot.server.uploads[0]).toMatchObject({ name: "a_; b__c__漢.csv", mimeType: "application/octet-stream" });
  });

  test("is not asked for in vain", async () => {
    const refuse = async (message: Parameters<typeof bot.connection.send>[1]): Promise<string> =>
      (await failed(bot.connection.send(ada, message, options))).message;
    expect(await refuse(carrying([table()], "a", "b"))).toContain("expected one text, got 2");
    const edit = bot.connection.edit?.({ ...ada.ref, messageId: "1" }, carrying([table()]), options);
    expect((await failed(edit)).message).toContain("stay as they are");
  });
});

describe("an album", () => {
  test("is one message of several, in order, with the caption once", async () => {
    const film = new CountedFile("video", "video/mp4", bytes);
    const sent = await bot.connection.send(group, carrying([picture(), film, picture()], "**Three**"), options);
    expect(sent.map(({ messageId }) => messageId)).toEqual(["1", "2", "3"]);
    const messages = [...(bot.server.world.chats.get(-1001)?.messages.values() ?? [])];
    expect(messages.map(({ caption }) => caption)).toEqual(["Three", undefined, undefined]);
    expect(messages.map((message) => ("photo" in message ? "photo" : "video"))).toEqual(["photo", "video", "photo"]);
    expect(methods()).toEqual(["sendMediaGroup"]);
    expect(bot.server.violations).toEqual([]);
  });

  test.each([
    ["files", [table(), table()], "document"],
    ["music", [new CountedFile("audio", "audio/mpeg", bytes), new CountedFile("audio", "audio/mp4", bytes)], "audio"],
    [
      "music that no player shows",
      [new CountedFile("audio", "audio/mpeg", bytes), new CountedFile("audio", "audio/flac", bytes)],
      "document",
    ],
    ["pictures, one of which moves", [picture(), new CountedFile("image", "image/gif", bytes)], "document"],
  ] as const)("of %s stands together", async (_name, files, type) => {
    await bot.connection.send(ada, carrying(files), options);
    expect(bot.server.callsOf("sendMediaGroup")[0]?.["media"]).toMatchObject([{ type }, { type }]);
  });

  test("is one of documents when Telegram refuses a picture of it", async () => {
    const sent = await bot.connection.send(ada, carrying([picture(), picture(5000, 10)]), options);
    expect(sent).toHaveLength(2);
    expect(bot.server.callsOf("sendMediaGroup")[1]?.["media"]).toMatchObject([{ type: "document" }, { type: "document" }]);
  });

  test.each([
    ["of eleven", Array.from({ length: 11 }, table), "at most 10 files"],
    ["of what cannot stand together", [picture(), table()], "pictures and films, or files, or music"],
  ])("%s is refused before calling", async (_name, files, why) => {
    const error = await failed(bot.connection.send(ada, carrying(files), options));
    expect(error).toMatchObject({ failure: { kind: "invalid" }, message: expect.stringContaining(why) as unknown });
    const withButton = { ...carrying([table(), table()]), actions: [[{ label: "x", token: "x" }]] };
    expect((await failed(bot.connection.send(ada, withButton, options))).message).toContain("no buttons");
    expect(methods()).toEqual([]);
  });
});
