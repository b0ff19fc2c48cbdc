import { carrying, CountedFile, RecordingHost } from "@hermes/testkit";
import { describe, expect, test } from "vitest";
import { closeAfterEach } from "./closing.ts";
import { chatIn, connect, failed, foundTown, listening, options, soon } from "./town.ts";

closeAfterEach();

describe("Files", () => {
  test("of any kinds stand in one message, with buttons and text, under names that end no header", async () => {
    const town = await foundTown();
    const { server, direct } = town;
    const connection = await connect(town, new RecordingHost());
    const files = [
      new CountedFile("image", "image/png", new Uint8Array([1, 2, 3]), { name: 'a"b\r\nc.png' }),
      new CountedFile("voice", "audio/ogg", new Uint8Array([4])),
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
    const file = new CountedFile("file", "text/plain", new Uint8Array(11 * 1024 * 1024));
    const error = await failed(connection.send(chatIn(direct), carrying([file]), options));
    expect([error.failure.kind, file.opened]).toEqual(["too-long", 0]);
    await connection.send(chatIn(general), carrying([file]), options);
    expect(file.opened).toBe(1);
  });

  test("that are no longer what they were are known not to have been sent", async () => {
    const town = await foundTown();
    const connection = await connect(town, new RecordingHost());
    const file = new CountedFile("file", "text/plain", new Uint8Array(3), { sizeBytes: 4 });
    const error = await failed(connection.send(chatIn(town.direct), carrying([file]), options));
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
    const connection = await connect(town, new RecordingHost(), { mediaHosts: undefined });
    const id = "1001000000000000999";
    const ticket = { channelId: id, messageId: id, attachmentId: id, url };
    const error = await failed(connection.download?.({ kind: "file", ticket }, { maxBytes: 100, signal: options.signal }));
    expect(error.failure.kind).toBe("invalid");
  });

  test("that leads elsewhere is not followed", async () => {
    const town = await foundTown();
    const { server } = town;
    const connection = await connect(town, new RecordingHost());
    server.fail("file", { type: "error", status: 302, headers: { location: "http://127.0.0.1:1/" } });
    const ticket = { stickerId: "1001000000000000999", extension: "png" };
    const error = await failed(connection.download?.({ kind: "sticker", ticket }, { maxBytes: 100, signal: options.signal }));
    expect(error.message).toContain("302");
  });
});
