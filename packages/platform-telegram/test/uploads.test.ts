import { inspect } from "node:util";
import type { OutboundFile } from "@hermes/core";
import { beforeEach, describe, expect, test } from "vitest";
import { closeAfterEach } from "./closing.ts";
import { ada, connectBot, failed, options, type ConnectedBot } from "./connected-bot.ts";
import { carrying, CountedFile } from "@hermes/testkit";
import type { Fault } from "./server.ts";

closeAfterEach();

const large = new Uint8Array(4 * 1024 * 1024).fill(7);
const file = (claimed: { sizeBytes?: number } = {}): CountedFile =>
  new CountedFile("file", "application/octet-stream", large, claimed);

let bot: ConnectedBot;

beforeEach(async () => {
  bot = await connectBot();
});

/** A file that comes piece by piece; `pieces` counts how many were asked for. */
function stream(sizeBytes: number, piece: (index: number) => Uint8Array | Error | undefined): OutboundFile & { pieces: number } {
  const slow = {
    kind: "file" as const,
    name: "large.bin",
    mimeType: "application/octet-stream",
    sizeBytes,
    pieces: 0,
    async open() {
      return new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            const next = piece(slow.pieces++);
            if (next instanceof Error) controller.error(next);
            else if (next === undefined) controller.close();
            else controller.enqueue(next);
          },
        },
        { highWaterMark: 0 },
      );
    },
  };
  return slow;
}

describe("an upload", () => {
  test("that is given up lets go of a file that gives nothing more", async () => {
    const reading = Promise.withResolvers<void>();
    const letGo = Promise.withResolvers<void>();
    const stuck: OutboundFile = {
      ...stream(100, () => undefined),
      open: async () =>
        new ReadableStream({
          pull: () => {
            reading.resolve();
            return new Promise(() => undefined);
          },
          cancel: () => letGo.resolve(),
        }),
    };
    const end = new AbortController();
    const sent = failed(bot.connection.send(ada, carrying([stuck]), { ...options, signal: end.signal }));
    await reading.promise;
    end.abort();
    expect(await sent).toMatchObject({ failure: { kind: "aborted" }, maybeDone: false });
    await letGo.promise;
  });

  test("that is cut off before its last byte did not happen", async () => {
    bot.server.fail("sendDocument", { type: "hang-up" });
    const error = await failed(bot.connection.send(ada, carrying([file()]), options));
    expect(error).toMatchObject({ failure: { kind: "unavailable" }, maybeDone: false });
    const again = file();
    await bot.connection.send(ada, carrying([again]), options);
    expect(again.opened).toBe(1);
  });

  test("that is complete and gets no answer may have happened", async () => {
    bot.server.fail("sendDocument", { type: "drop", when: "after" });
    const error = await failed(bot.connection.send(ada, carrying([file()]), options));
    expect(error).toMatchObject({ failure: { kind: "unavailable" }, maybeDone: true });
    expect(bot.server.world.chats.get(42)?.messages.size).toBe(1);
  });

  test("is read as fast as it is taken, and no further once nobody wants it", async () => {
    bot.server.files.maxUploadBytes = 1024;
    const pieces = 1000;
    const source = stream(pieces * 65_536, (index) => (index < pieces ? new Uint8Array(65_536) : undefined));
    const error = await failed(bot.connection.send(ada, carrying([source]), options));
    expect(["too-long", "unavailable"]).toContain(error.failure.kind);
    expect(error.maybeDone).toBe(false);
    expect(source.pieces).toBeLessThan(pieces / 2);
  });

  test("that is too large for Telegram says so", async () => {
    const fault: Fault = { type: "error", code: 413, description: "Request Entity Too Large" };
    bot.server.fail("sendDocument", fault);
    expect((await failed(bot.connection.send(ada, carrying([file()]), options))).failure).toEqual({ kind: "too-long" });
  });

  test("of a file that is shorter or longer than announced did not happen", async () => {
    for (const sizeBytes of [large.length - 1, large.length + 1]) {
      const error = await failed(bot.connection.send(ada, carrying([file({ sizeBytes })]), options));
      expect(error).toMatchObject({ failure: { kind: "invalid" }, maybeDone: false });
      expect(error.message).toContain(`it no longer has ${sizeBytes} bytes`);
    }
    expect(bot.server.world.chats.get(42)?.messages.size).toBe(0);
  });

  test("of a file that is gone is of no use, of one that breaks off it may be tried again", async () => {
    const gone: OutboundFile = {
      ...stream(10, () => undefined),
      open: () => Promise.reject(Object.assign(new Error("no such file"), { code: "ENOENT" })),
    };
    const missing = await failed(bot.connection.send(ada, carrying([gone]), options));
    expect(missing).toMatchObject({ failure: { kind: "invalid" }, maybeDone: false });
    const broken = stream(100, (index) => (index === 0 ? new Uint8Array(50) : new Error("the disk is gone")));
    const error = await failed(bot.connection.send(ada, carrying([broken]), options));
    expect(error).toMatchObject({ failure: { kind: "unavailable" }, maybeDone: false });
    expect(bot.server.world.chats.get(42)?.messages.size).toBe(0);
  });

  test("ends with the caller's signal, and did not happen", async () => {
    const controller = new AbortController();
    const source = stream(10_000_000, (index) => {
      if (index === 20) controller.abort();
      return new Uint8Array(1000);
    });
    const error = await failed(bot.connection.send(ada, carrying([source]), { ...options, signal: controller.signal }));
    expect(error).toMatchObject({ failure: { kind: "aborted" }, maybeDone: false });
  });

  test("tells nobody the token, whatever goes wrong", async () => {
    const faults: Fault[] = [
      { type: "hang-up" },
      { type: "raw", status: 502, body: `<html>/bot${bot.server.token}/</html>` },
      { type: "error", code: 400, description: `Bad Request: ${bot.server.token}` },
    ];
    for (const fault of faults) {
      bot.server.fail("sendDocument", fault);
      const error = await failed(bot.connection.send(ada, carrying([file()]), options));
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("FAKE-TOKEN");
    }
  });
});
