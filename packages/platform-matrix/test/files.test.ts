import { carrying, CountedFile } from "@hermes/testkit";
import { describe, expect, test } from "vitest";
import { chatIn, connect, failed, never, plainOptions, set } from "./bot.ts";
import { closeAfterEach } from "./closing.ts";

closeAfterEach();

describe("A file", () => {
  const file = (sizeBytes: number, bytes: number): CountedFile =>
    new CountedFile("file", "nonsense", new Uint8Array(bytes), { name: 'a"\n.bin', sizeBytes });

  test("that is not as large as announced is never sent, and told as not done", async () => {
    const setting = await set();
    const { connection } = await connect(setting);
    for (const bytes of [5, 200_000]) {
      const error = await failed(connection.send(chatIn(setting.club), carrying([file(10, bytes)]), plainOptions()));
      expect(error).toMatchObject({ failure: { kind: "invalid" }, maybeDone: false });
    }
    expect(setting.server.files.size).toBe(0);
  });

  test("above what the homeserver takes is refused before a byte of it is read", async () => {
    const setting = await set();
    setting.server.maxUploadBytes = 100;
    const { connection } = await connect(setting);
    expect(connection.capabilitiesFor?.(chatIn(setting.club)).media.send.file).toBe(100);
    const error = await failed(connection.send(chatIn(setting.club), carrying([file(101, 101)]), plainOptions()));
    expect(error.failure.kind).toBe("too-long");
    expect(setting.server.requestsOf("upload")).toEqual([]);
  });

  const ticket = { kind: "file", ticket: { mxc: "mxc://example.org/Media1" } } as const;
  const download = async (connection: Awaited<ReturnType<typeof connect>>["connection"], maxBytes = 100): Promise<Uint8Array> => {
    const found = await connection.download?.(ticket, { maxBytes, signal: never });
    return found === undefined ? expect.unreachable() : new Response(found).bytes();
  };

  test("is fetched with the token, and on older homeservers where they keep it", async () => {
    const setting = await set();
    const { server } = setting;
    server.files.set("Media1", { bytes: new Uint8Array([1, 2, 3]), mimeType: "x/y", name: "" });
    const { connection } = await connect(setting);
    expect(await download(connection)).toEqual(new Uint8Array([1, 2, 3]));
    server.hasAuthenticatedMedia = false;
    expect(await download(connection)).toEqual(new Uint8Array([1, 2, 3]));
  });

  test("is fetched, and the bot connects, where a proxy passes only the older paths on", async () => {
    const setting = await set();
    const { server } = setting;
    server.files.set("Media1", { bytes: new Uint8Array([1, 2, 3]), mimeType: "x/y", name: "" });
    server.hasAuthenticatedMedia = false;
    const page = { type: "error", status: 404, body: "<html>", headers: { "content-type": "text/html" } } as const;
    server.fail("media-config", page);
    const { connection } = await connect(setting);
    server.fail("download", page);
    expect(await download(connection)).toEqual(new Uint8Array([1, 2, 3]));
  });

  test("that is kept elsewhere is fetched there without the token", async () => {
    const setting = await set();
    const { server } = setting;
    server.files.set("Media1", { bytes: new Uint8Array([1]), mimeType: "x/y", name: "" });
    const elsewhere = await set();
    server.mediaRedirect = `${elsewhere.server.url}/cdn`;
    const { connection, host } = await connect(setting);
    const fetched: Request[] = [];
    host.answer = async (request) => {
      fetched.push(request);
      return fetch(request, { headers: { connection: "close" } });
    };
    expect((await failed(download(connection))).failure.kind).toBe("unavailable");
    expect(fetched.map(({ url, headers }) => [url, headers.get("authorization")])).toEqual([
      [`${elsewhere.server.url}/cdn/Media1`, null],
    ]);
    server.mediaRedirect = "file:///etc";
    expect((await failed(download(connection))).failure.kind).toBe("unavailable");
    expect(fetched).toHaveLength(1);
  });

  test("whose ticket leads anywhere else is refused without a try", async () => {
    const setting = await set();
    const { connection } = await connect(setting);
    for (const mxc of [
      "https://example.org/x",
      "mxc://example.org/../../admin",
      "mxc://example.org/a/b",
      "mxc://exa mple/x",
      "mxc:///x",
      7,
    ]) {
      const attachment = { kind: "file", ticket: { mxc } } as const;
      expect((await failed(connection.download?.(attachment, { maxBytes: 1, signal: never }))).failure.kind).toBe("invalid");
    }
    expect(setting.server.requestsOf("download")).toEqual([]);
  });

  test("that is gone is told as not found", async () => {
    const setting = await set();
    const { connection } = await connect(setting);
    expect((await failed(download(connection))).failure).toEqual({ kind: "not-found", what: "message" });
  });
});
