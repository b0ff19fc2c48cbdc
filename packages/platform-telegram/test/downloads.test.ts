import { mkdtemp, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import type { Attachment, Connection, PlatformError } from "@hermes/core";
import { describe, expect, test } from "vitest";
import { closeAfterEach, closing } from "./closing.ts";
import { connectBot, failed, never, type ConnectedBot } from "./connected-bot.ts";
import type { Fault } from "./server.ts";

closeAfterEach();

const bytes = new Uint8Array(300_000).map((_, index) => index % 251);
const limits = { maxBytes: 1_000_000, signal: never };

async function withFile(): Promise<{ bot: ConnectedBot; attachment: Attachment }> {
  const bot = await connectBot();
  const message = bot.server.sayFile("document", { name: "report.bin", mimeType: "application/octet-stream", bytes });
  return { bot, attachment: ticketFor(message.document?.file_id ?? "") };
}

function ticketFor(fileId: string): Attachment {
  return { kind: "file", ticket: { fileId, uniqueId: "FAKE" } };
}

async function download(connection: Connection, attachment: Attachment, options = limits): Promise<Uint8Array> {
  const stream = await connection.download?.(attachment, options);
  return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

async function refused(connection: Connection, attachment: Attachment, options = limits): Promise<PlatformError> {
  const error = await failed(download(connection, attachment, options));
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("FAKE-TOKEN");
  expect(error.maybeDone).toBe(false);
  return error;
}

describe("a download", () => {
  test("gives what was sent, byte for byte, by a ticket that went through JSON", async () => {
    const { bot, attachment } = await withFile();
    expect(await download(bot.connection, JSON.parse(JSON.stringify(attachment)) as Attachment)).toEqual(bytes);
    expect(bot.server.violations).toEqual([]);
  });

  test("asks anew where the path has expired meanwhile, once", async () => {
    const { bot, attachment } = await withFile();
    const notFound: Fault = { type: "error", code: 404, description: "Not Found" };
    bot.server.fail("download", notFound);
    expect(await download(bot.connection, attachment)).toEqual(bytes);
    expect(bot.server.callsOf("getFile")).toHaveLength(2);
    bot.server.fail("download", notFound, 2);
    expect((await refused(bot.connection, attachment)).failure).toEqual({ kind: "not-found", what: "message" });
  });

  test("of more than is wanted is refused before it begins, and counted while it comes", async () => {
    const { bot, attachment } = await withFile();
    expect((await refused(bot.connection, attachment, { ...limits, maxBytes: 299_999 })).failure.kind).toBe("too-long");
    bot.server.fail("getFile", {
      type: "raw",
      status: 200,
      body: '{"ok":true,"result":{"file_id":"x","file_path":"documents/lie"}}',
    });
    bot.server.fail("download", { type: "raw", status: 200, body: "x".repeat(100_000) });
    expect((await refused(bot.connection, attachment, { ...limits, maxBytes: 99_999 })).failure.kind).toBe("too-long");
    await bot.server.until(() => bot.server.underWay === 0);
  });

  test("of more than Telegram gives bots says what would help", async () => {
    const { bot, attachment } = await withFile();
    bot.server.files.maxDownloadBytes = 1000;
    const error = await refused(bot.connection, attachment);
    expect(error.failure).toEqual({ kind: "too-long" });
    expect(error.message).toBe(
      "[telegram] Cannot fetch a file: Telegram gives bots no file above 20 MB; a Bot API server of your own does (`apiRoot`, `localFiles`)",
    );
  });

  test.each([
    "../secrets",
    "documents/../../bot/getMe",
    "documents/./x",
    "//example.com/x",
    "documents/%2e%2e/x",
    "x?y=1",
    "a\\b",
    "http://example.com/x",
  ])("does not follow the path %s", async (path) => {
    const { bot, attachment } = await withFile();
    bot.server.fail("getFile", { type: "raw", status: 200, body: JSON.stringify({ ok: true, result: { file_path: path } }) });
    expect((await refused(bot.connection, attachment)).failure.kind).toBe("invalid");
  });

  test("follows no redirect", async () => {
    const { bot, attachment } = await withFile();
    const location = `${bot.server.apiRoot}/elsewhere`;
    bot.server.fail("download", { type: "raw", status: 302, body: "", headers: { location } });
    expect((await refused(bot.connection, attachment)).message).toContain("the server answers 302");
  });

  test.each<[string, Fault]>([
    ["breaks off before it begins", { type: "drop", when: "before" }],
    ["breaks off in the middle", { type: "cut", afterBytes: 100_000 }],
    ["is refused by the server", { type: "error", code: 500, description: "Internal Server Error" }],
    ["never begins", { type: "hang", acted: false }],
  ])("that %s can be tried again", async (_name, fault) => {
    const { bot, attachment } = await withFile();
    bot.server.fail("download", fault);
    expect((await refused(bot.connection, attachment)).failure.kind).toBe("unavailable");
    expect(await download(bot.connection, attachment)).toEqual(bytes);
  });

  test("ends with the caller's signal, also in the middle, and when nobody reads on", async () => {
    const { bot, attachment } = await withFile();
    expect((await refused(bot.connection, attachment, { ...limits, signal: AbortSignal.abort() })).failure.kind).toBe("aborted");
    const controller = new AbortController();
    bot.server.fail("download", { type: "hang", acted: false });
    const hanging = refused(bot.connection, attachment, { ...limits, signal: controller.signal });
    await bot.server.until(() => bot.server.downloads === 1);
    controller.abort();
    expect((await hanging).failure.kind).toBe("aborted");
    const stream = await bot.connection.download?.(attachment, limits);
    await stream?.cancel();
    await bot.server.until(() => bot.server.underWay === 0);
  });

  test("is not begun with a ticket that is none, or for a file that is gone", async () => {
    const { bot } = await withFile();
    for (const ticket of [null, "x", {}, { fileId: 5 }, { fileId: "" }]) {
      expect((await refused(bot.connection, { kind: "file", ticket })).failure.kind).toBe("invalid");
    }
    expect((await refused(bot.connection, ticketFor("gone"))).failure).toEqual({ kind: "not-found", what: "message" });
  });
});

describe("a Bot API server on the same machine", () => {
  async function local(
    given: { localFiles?: string } = {},
  ): Promise<{ bot: ConnectedBot; attachment: Attachment; root: string }> {
    const root = await mkdtemp(join(tmpdir(), "hermes-telegram-"));
    closing.push(() => rm(root, { recursive: true }));
    await mkdir(join(root, "files"));
    await writeFile(join(root, "files", "report.bin"), bytes);
    await writeFile(join(root, "secret"), "secret");
    await symlink(join(root, "secret"), join(root, "files", "link.bin"));
    const bot = await connectBot({ localFiles: given.localFiles ?? join(root, "files") });
    bot.server.files.localRoot = join(root, "files");
    bot.server.files.maxDownloadBytes = 10;
    const { document } = bot.server.sayFile("document", { name: "report.bin", mimeType: "text/plain", bytes });
    return { bot, attachment: ticketFor(document?.file_id ?? ""), root };
  }

  test("gives files from its folder, however large", async () => {
    const { bot, attachment } = await local();
    expect(await download(bot.connection, attachment)).toEqual(bytes);
    expect((await refused(bot.connection, attachment, { ...limits, maxBytes: 1000 })).failure.kind).toBe("too-long");
    expect(bot.connection.capabilitiesFor?.({ ref: { platform: "telegram", chatId: "42" }, type: "dm" }).media.send.file).toBe(
      2000 * 1024 * 1024,
    );
  });

  test.each(["link.bin", "../secret", "../files/../secret", "nothing.bin", "."])(
    "gives nothing outside of it: %s",
    async (name) => {
      const { bot, root } = await local();
      const { document } = bot.server.sayFile("document", { name, mimeType: "text/plain", bytes });
      const error = await refused(bot.connection, ticketFor(document?.file_id ?? ""));
      expect(error.failure.kind).toBe("not-found");
      expect(inspect(error, { depth: 9 })).not.toContain(root);
    },
  );

  test("is not read where nobody said so", async () => {
    const { bot, attachment } = await withFile();
    bot.server.files.localRoot = tmpdir();
    const error = await refused(bot.connection, attachment);
    expect(error).toMatchObject({
      failure: { kind: "invalid" },
      message: expect.stringContaining("set `localFiles`") as unknown,
    });
  });
});
