import { InputFile } from "grammy";
import { describe, expect, test } from "vitest";
import { closeAfterEach } from "./closing.ts";
import { refusal, start } from "./grammy-client.ts";
import { loadSpecification, png } from "./server.ts";

closeAfterEach();

const bytes = new TextEncoder().encode("a,b\n1,2\n");
const table = (): InputFile => new InputFile(bytes, "table.csv");
const picture = (width = 320, height = 200): InputFile => new InputFile(png(width, height), "picture.png");

describe("driven by grammY, the server", () => {
  test("takes a file of each kind, with a caption", async () => {
    const { bot, server } = await start();
    server.world.ensure(42);
    const caption = { caption: "<b>See</b>", parse_mode: "HTML" as const };
    const photo = await bot.api.sendPhoto(42, picture(), caption);
    expect(photo.photo.at(-1)).toMatchObject({ width: 320, height: 200, file_size: 64 });
    expect(photo).toMatchObject({ caption: "See", caption_entities: [{ type: "bold", offset: 0, length: 3 }] });
    expect((await bot.api.sendDocument(42, table())).document).toMatchObject({ file_name: "table.csv", file_size: 8 });
    expect((await bot.api.sendVoice(42, table(), caption)).voice.file_size).toBe(8);
    expect((await bot.api.sendVideo(42, table(), caption)).video.file_size).toBe(8);
    expect((await bot.api.sendAudio(42, table(), caption)).audio.file_size).toBe(8);
    expect((await bot.api.sendAnimation(42, table(), caption)).animation.file_size).toBe(8);
    expect((await bot.api.sendSticker(42, table())).sticker.file_size).toBe(8);
    expect(server.uploads.map(({ name }) => name)).toEqual(["picture.png", ...Array<string>(6).fill("table.csv")]);
    expect(server.violations).toEqual([]);
  });

  test("takes a file under the parameter's own name, too", async () => {
    const { server } = await start();
    server.world.ensure(42);
    const form = new FormData();
    form.append("chat_id", "42");
    form.append("caption", "5");
    form.append("document", new File([bytes], "table.csv", { type: "text/csv" }));
    const response = await fetch(`${server.apiRoot}/bot${server.token}/sendDocument`, { method: "POST", body: form });
    expect(await response.json()).toMatchObject({
      ok: true,
      result: { caption: "5", document: { file_name: "table.csv", mime_type: "text/csv" } },
    });
  });

  test("takes an album and answers with all its messages, and refuses what cannot stand together", async () => {
    const { bot, server } = await start();
    server.world.ensure(42);
    const photo = (caption?: string): { type: "photo"; media: InputFile; caption?: string } => ({
      type: "photo",
      media: picture(),
      ...(caption === undefined ? {} : { caption }),
    });
    const messages = await bot.api.sendMediaGroup(42, [photo("See"), photo(), { type: "video", media: table() }]);
    expect(messages).toHaveLength(3);
    expect(new Set(messages.map((message) => ("media_group_id" in message ? message.media_group_id : undefined))).size).toBe(1);
    expect(messages.map((message) => message.caption)).toEqual(["See", undefined, undefined]);
    const description = async (media: Parameters<typeof bot.api.sendMediaGroup>[1]): Promise<string> =>
      (await refusal(bot.api.sendMediaGroup(42, media))).description;
    expect(await description([photo()])).toContain("wrong number of messages");
    const mixed = [photo(), { type: "document", media: table() }] as Parameters<typeof bot.api.sendMediaGroup>[1];
    expect(await description(mixed)).toContain("can't be grouped");
    expect(server.texts(42)).toEqual([]);
  });

  test.each([
    ["a photo that is none", (): InputFile => table(), "IMAGE_PROCESS_FAILED"],
    ["one that is too long", (): InputFile => picture(210, 10), "PHOTO_INVALID_DIMENSIONS"],
    ["one that is too large", (): InputFile => picture(9000, 1001), "PHOTO_INVALID_DIMENSIONS"],
    ["one of too many bytes", (): InputFile => new InputFile(png(10, 10, 2000)), "too big for a photo"],
    ["an empty one", (): InputFile => new InputFile(new Uint8Array(0)), "file must be non-empty"],
  ])("refuses %s", async (_name, file, description) => {
    const { bot, server } = await start();
    server.world.ensure(42);
    server.files.maxPhotoBytes = 1000;
    expect((await refusal(bot.api.sendPhoto(42, file()))).description).toContain(description);
  });

  test("refuses too large a file with 413, before reading it where its size is announced", async () => {
    const { bot, server } = await start();
    server.world.ensure(42);
    server.files.maxUploadBytes = 1000;
    const tooLarge = new InputFile(new Uint8Array(1001), "large.bin");
    expect((await refusal(bot.api.sendDocument(42, tooLarge))).error_code).toBe(413);
    const response = await fetch(`${server.apiRoot}/bot${server.token}/sendDocument`, {
      method: "POST",
      body: new Uint8Array(1024 * 1024),
    });
    expect(response.status).toBe(413);
    expect(server.callsOf("sendDocument")).toEqual([]);
  });

  test("refuses a caption that is too long", async () => {
    const { bot, server } = await start();
    server.world.ensure(42);
    await bot.api.sendDocument(42, table(), { caption: "x".repeat(1024) });
    const error = await refusal(bot.api.sendDocument(42, table(), { caption: "x".repeat(1025) }));
    expect(error.description).toBe("Bad Request: message caption is too long");
  });

  test("edits a caption, and no text where there is none", async () => {
    const { bot, server } = await start();
    server.world.ensure(42);
    const { message_id: id } = await bot.api.sendDocument(42, table(), { caption: "one" });
    const text = await refusal(bot.api.editMessageText(42, id, "two"));
    expect(text.description).toBe("Bad Request: there is no text in the message to edit");
    await bot.api.editMessageCaption(42, id, { caption: "two" });
    expect(server.world.chats.get(42)?.messages.get(id)?.caption).toBe("two");
    const { message_id: plain } = await bot.api.sendMessage(42, "text");
    const caption = await refusal(bot.api.editMessageCaption(42, plain, { caption: "x" }));
    expect(caption.description).toBe("Bad Request: there is no caption in the message to edit");
  });

  test("gives what people sent, under a path that expires", async () => {
    const { bot, server } = await start();
    const message = server.sayFile("document", { name: "table.csv", mimeType: "text/csv", bytes });
    const id = message.document?.file_id ?? "";
    const { file_path: path } = await bot.api.getFile(id);
    const address = `${server.apiRoot}/file/bot${server.token}/${path}`;
    expect(new Uint8Array(await (await fetch(address)).arrayBuffer())).toEqual(bytes);
    server.files.expirePaths();
    expect((await fetch(address)).status).toBe(404);
    expect((await bot.api.getFile(id)).file_path).not.toBe(path);
    expect((await fetch(address.replace(server.token, "123456:ANOTHER-FAKE-TOKEN"))).status).toBe(401);
    server.files.maxDownloadBytes = 7;
    expect((await refusal(bot.api.getFile(id))).description).toBe("Bad Request: file is too big");
    expect((await refusal(bot.api.getFile("nonsense"))).description).toContain("wrong file_id");
  });
});

const specification = loadSpecification();

describe.runIf(specification !== undefined)("held against the description of the Bot API, the server", () => {
  test("tells of files in its types", async () => {
    const { bot, server } = await start();
    const file = { name: "x", mimeType: "application/octet-stream", bytes: png(320, 200) };
    for (const kind of ["photo", "document", "voice", "video", "audio", "animation", "sticker", "video_note"] as const) {
      server.sayFile(kind, file);
    }
    const updates = await bot.api.getUpdates();
    expect(updates).toHaveLength(8);
    for (const update of updates) expect(specification?.value("Update", update)).toBeUndefined();
    expect(specification?.value("File", await bot.api.getFile("FAKE-FILE-1"))).toBeUndefined();
  });
});
