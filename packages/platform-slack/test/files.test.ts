import { describe, expect, test } from "vitest";
import type { Attachment } from "@hermes/core";
import { carrying, CountedFile } from "@hermes/testkit";
import { closeAfterEach, closing } from "./closing.ts";
import { club, connectApp, failed, never, options, standing } from "./connected-app.ts";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

closeAfterEach();

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textFile = (text: string, claimed: { readonly sizeBytes?: number; readonly name?: string } = {}): CountedFile =>
  new CountedFile("file", "text/plain", bytesOf(text), { name: "a.txt", ...claimed });

describe("Files that are sent", () => {
  test("stand in one message with their comment, which pings nobody", async () => {
    const { server, connection, thread } = await connectApp();
    const [ref, ...more] = await connection.send(
      thread,
      carrying([textFile("one"), textFile("two")], "**look** <!here>"),
      options,
    );
    const message = standing(server).at(-1);
    expect([message?.ts, message?.text, message?.files?.length, message?.thread_ts]).toEqual([
      ref.messageId,
      "*look* &lt;!here&gt;",
      2,
      thread.ref.threadId,
    ]);
    expect(more).toEqual([]);
  });

  test("are named by their message as soon as Slack knows it", async () => {
    const { server, connection, clock } = await connectApp();
    server.files.questionsBeforeShares = 2;
    const sent = connection.send(club, carrying([textFile("x")]), options);
    for (const pauseMs of [200, 500]) {
      await expect.poll(() => clock.waits).toEqual([pauseMs]);
      await clock.skip();
    }
    expect((await sent)[0].messageId).toBe(standing(server).at(-1)?.ts);
  });

  test("are named by themselves where Slack does not tell, and can be removed so", async () => {
    const { server, connection } = await connectApp({}, ({ bot }) => void bot.scopes.delete("files:read"));
    const [ref] = await connection.send(club, carrying([textFile("x")]), options);
    expect(ref.messageId).toMatch(/^F0/u);
    expect((await failed(connection.edit?.(ref, carrying([], "y"), options))).failure.kind).toBe("invalid");
    server.bot.scopes.add("files:read");
    await connection.remove?.(ref);
    expect(standing(server)).toHaveLength(1);
  });

  test("whose answer got lost are found to have been sent, also after a restart; those that were not are not", async () => {
    const { server, connection, platform, host } = await connectApp();
    const key = { ...options, idempotencyKey: "lost" };
    server.fail("files.completeUploadExternal", { type: "drop", when: "after" });
    expect((await failed(connection.send(club, carrying([textFile("x")]), key))).maybeDone).toBe(true);
    const after = await platform.connect(host, never);
    closing.push(() => after.disconnect());
    expect(await after.findSent?.(club, "lost", 0)).toMatchObject([{ messageId: standing(server).at(-1)?.ts }]);
    server.fail("files.completeUploadExternal", { type: "drop", when: "before" });
    await failed(connection.send(club, carrying([textFile("x")]), { ...options, idempotencyKey: "never" }));
    expect(await after.findSent?.(club, "never", 0)).toBeUndefined();
  });

  test("that are not what was announced, cannot be read or are empty are known not to have been sent", async () => {
    const { server, connection } = await connectApp();
    const gone = Object.assign(new Error("gone"), { code: "ENOENT" });
    for (const [file, kind] of [
      [textFile("four", { sizeBytes: 5 }), "invalid"],
      [textFile("fives", { sizeBytes: 4 }), "invalid"],
      [Object.assign(textFile("x"), { open: () => Promise.reject(gone) }), "invalid"],
      [Object.assign(textFile("x"), { open: () => Promise.reject(new Error("busy")) }), "unavailable"],
      [textFile(""), "invalid"],
      [new CountedFile("sticker", "image/webp", bytesOf("x")), "invalid"],
      [textFile("x", { sizeBytes: 2 * 1024 ** 3 }), "too-long"],
    ] as const) {
      const error = await failed(connection.send(club, carrying([file]), options));
      expect([error.failure.kind, error.maybeDone]).toEqual([kind, false]);
    }
    expect(standing(server)).toHaveLength(1);
  });
});

describe("Files that are fetched", () => {
  const ticketOf = (fileId: string): Attachment => ({ kind: "file", ticket: { team: "T0ONE", fileId } });
  const fetched = { maxBytes: 1000, signal: never };

  test("are refused as forbidden where Slack shows its page for signing in", async () => {
    const { server, connection } = await connectApp();
    const id = server.files.put({ name: "a.txt", mimetype: "text/plain", bytes: new Uint8Array(3), team: "T0TWO" });
    const error = await failed(connection.download?.(ticketOf(id), fetched));
    expect([error.failure.kind, error.maybeDone]).toEqual(["forbidden", false]);
    expect(error.message).toContain("files:read");
  });

  test("are never asked for elsewhere, where the token would go along", async () => {
    const { server, connection } = await connectApp();
    let visits = 0;
    const elsewhere = createServer((_request, response) => {
      visits += 1;
      response.end("mine");
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    closing.push(() => new Promise((resolve) => elsewhere.close(resolve)));
    const address = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/file`;
    for (const url of [address, "https://files.slack.com.evil.example/x", "http://files.slack.com/x", "not an address"]) {
      server.fail("files.info", {
        type: "error",
        status: 200,
        body: { ok: true, file: { id: "F1", size: 1, url_private: url } },
      });
      await failed(connection.download?.(ticketOf("F1"), fetched));
    }
    const id = server.files.put({ name: "a.txt", mimetype: "text/plain", bytes: new Uint8Array(3), team: "T0ONE" });
    server.fail("download", { type: "error", status: 302, headers: { location: address } });
    expect((await failed(connection.download?.(ticketOf(id), fetched))).failure.kind).toBe("forbidden");
    expect(visits).toBe(0);
  });

  test("are not read when they are too large, gone, or of a workspace without a token", async () => {
    const { server, connection } = await connectApp();
    const id = server.files.put({ name: "a.txt", mimetype: "text/plain", bytes: new Uint8Array(2000), team: "T0ONE" });
    expect((await failed(connection.download?.(ticketOf(id), fetched))).failure.kind).toBe("too-long");
    expect(server.base.requestsOf("download")).toEqual([]);
    expect((await failed(connection.download?.(ticketOf("F0NONE"), fetched))).failure).toEqual({
      kind: "not-found",
      what: "message",
    });
    for (const ticket of [null, {}, "F1", { team: "T0ELSE", fileId: id }]) {
      expect((await failed(connection.download?.({ kind: "file", ticket }, fetched))).failure.kind).toBe("invalid");
    }
  });
});
