import type { OutboundFile } from "@hermes/core";
import { describe, expect, it } from "vitest";
import {
  countedStream,
  fileBody,
  fileNameFor,
  HttpFailure,
  multipart,
  openHttp,
  UnreadableFile,
  type UploadBody,
} from "../src/index.ts";
import { rawServer, received } from "./raw-server.ts";

const encoder = new TextEncoder();

function fileOf(pieces: readonly string[], more: Partial<OutboundFile> = {}): OutboundFile {
  const sizeBytes = pieces.join("").length;
  const open = async (): Promise<ReadableStream<Uint8Array>> => ReadableStream.from(pieces.map((piece) => encoder.encode(piece)));
  return { kind: "file", name: "notes.txt", mimeType: "text/plain", sizeBytes, open, ...more };
}

/** What arrived at a server that answers once it has seen `until`. */
async function upload(body: UploadBody, until: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const url = await rawServer((socket) => {
    void received(socket, (text) => text.includes(until)).then((text) => {
      socket.end("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
      resolve(text);
    });
  });
  const http = openHttp();
  const headers = { "content-type": body.contentType };
  await http.exchange({ method: "POST", url, headers, body, silenceMs: 5000 });
  http.close();
  return promise;
}

describe("A form with files", () => {
  it("is written piece by piece, exactly as long as announced", async () => {
    const body = multipart(
      [{ name: "payload_json", text: '{"a":1}', contentType: "application/json" }],
      [
        { name: "files[0]", file: fileOf(["one ", "two"]) },
        { name: "files[1]", file: fileOf([]) },
      ],
    );
    let sizeBytes = 0;
    for await (const chunk of body.chunks(new AbortController().signal)) sizeBytes += chunk.byteLength;
    expect(sizeBytes).toBe(body.sizeBytes);
    const boundary = body.contentType.split("boundary=")[1] ?? "";
    const arrived = await upload(body, `--${boundary}--`);
    expect(arrived).toContain(`content-length: ${body.sizeBytes}`);
    expect(arrived).toContain('name="payload_json"\r\ncontent-type: application/json\r\n\r\n{"a":1}');
    expect(arrived).toContain('name="files[0]"; filename="notes.txt"\r\ncontent-type: text/plain\r\n\r\none two\r\n');
  });

  it("is not ended early by a name or a type that somebody chose", async () => {
    const hostile = fileOf(["x"], { name: 'a"\r\nx-evil: 1\r\n\r\n../b\\', mimeType: "text/plain\r\nx-evil: 1" });
    const arrived = await upload(multipart([], [{ name: "file", file: hostile }]), "--\r\n");
    expect(arrived).not.toContain("\nx-evil");
    expect(arrived).toContain("content-type: application/octet-stream");
    expect([fileNameFor({ name: "" }), fileNameFor({ name: "\uD800".repeat(300) }).length]).toEqual(["file", 200]);
  });
});

describe("A file that is not what was announced", () => {
  it.each([
    ["shorter", fileOf(["one"], { sizeBytes: 9 })],
    ["longer", fileOf(["one", "two", "three"], { sizeBytes: 4 })],
  ])("and is %s is never sent to its end", async (_what, file) => {
    let arrived = "";
    const url = await rawServer((socket) => void socket.on("data", (chunk) => (arrived += String(chunk))));
    const http = openHttp();
    const sending = http.exchange({ method: "PUT", url, body: fileBody(file), silenceMs: 5000 });
    await expect(sending).rejects.toMatchObject({ name: "UnreadableFile", isFinal: true });
    http.close();
    expect(arrived.split("\r\n\r\n")[1] ?? "").not.toContain("three");
    expect((arrived.split("\r\n\r\n")[1] ?? "").length).toBeLessThan(file.sizeBytes);
  });

  it("and cannot be opened says whether it may be there later", async () => {
    const gone = fileOf([], { sizeBytes: 3, open: () => Promise.reject(Object.assign(new Error("gone"), { code: "ENOENT" })) });
    const busy = fileOf([], { sizeBytes: 3, open: () => Promise.reject(Object.assign(new Error("busy"), { code: "EMFILE" })) });
    for (const [file, isFinal] of [
      [gone, true],
      [busy, false],
    ] as const) {
      const read = fileBody(file).chunks(new AbortController().signal).next();
      await expect(read).rejects.toSatisfy((error) => error instanceof UnreadableFile && error.isFinal === isFinal);
    }
  });
});

describe("A call that breaks while a file is sent", () => {
  it("lets the file go, and was not received", async () => {
    const { promise: cancelled, resolve } = Promise.withResolvers<void>();
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
      cancel: () => resolve(),
    });
    const file = fileOf([], { sizeBytes: 1e9, open: async () => endless });
    const url = await rawServer((socket) => void socket.once("data", () => socket.destroy()));
    const http = openHttp();
    const sending = http.exchange({ method: "PUT", url, body: fileBody(file), silenceMs: 5000 });
    await expect(sending).rejects.toSatisfy((error) => error instanceof HttpFailure && !error.sent);
    await cancelled;
    http.close();
  });

  it("is answered where the answer comes early", async () => {
    const endless = async (): Promise<ReadableStream<Uint8Array>> =>
      new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)) });
    const file = fileOf([], { sizeBytes: 1e9, open: endless });
    const url = await rawServer(
      (socket) => void socket.once("data", () => socket.write("HTTP/1.1 413 Too Large\r\ncontent-length: 3\r\n\r\nbig")),
    );
    const http = openHttp();
    expect(await http.exchange({ method: "PUT", url, body: fileBody(file), silenceMs: 5000 })).toMatchObject({
      status: 413,
      text: "big",
    });
    http.close();
  });
});

describe("A counted stream", () => {
  const source = (pieces: readonly string[]) => {
    let isDiscarded = false;
    async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
      for (const piece of pieces) yield encoder.encode(piece);
    }
    return { chunks, discard: () => void (isDiscarded = true), isDiscarded: () => isDiscarded };
  };
  const options = {
    maxBytes: 5,
    tooLong: () => new Error("too long"),
    failed: (error: unknown) => new Error(`failed: ${String(error)}`),
  };

  it("gives what fits, and ends at the limit", async () => {
    expect(await new Response(countedStream(source(["abc", "de"]), options)).text()).toBe("abcde");
    const long = source(["abc", "def", "ghi"]);
    await expect(new Response(countedStream(long, options)).text()).rejects.toThrow("too long");
    expect(long.isDiscarded()).toBe(true);
  });

  it("lets its source go when nobody wants it", async () => {
    const unread = source(["abc"]);
    await countedStream(unread, options).cancel();
    expect(unread.isDiscarded()).toBe(true);
  });
});
