import { createServer } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { codeOf, HttpFailure, httpFailureIn, openHttp, type HttpCall } from "../src/index.ts";
import { answering, rawServer } from "./raw-server.ts";

const ok = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";

function call(url: URL, more: Partial<HttpCall> = {}): HttpCall {
  return { method: "POST", url, body: "{}", silenceMs: 5000, ...more };
}

/** What a call ended with, which must be an `HttpFailure`. */
async function failureOf(work: Promise<unknown>): Promise<Pick<HttpFailure, "code" | "sent">> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HttpFailure)) throw new Error(`It ended with ${String(error)}`);
  return { code: error.code, sent: error.sent };
}

describe("A call that fails", () => {
  it("was not sent where nobody listens", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    server.close();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    using http = closing();
    expect(await failureOf(http.exchange(call(new URL(`http://127.0.0.1:${port}/`))))).toEqual({
      code: "ECONNREFUSED",
      sent: false,
    });
  });

  it("may have been received where the connection broke or nothing came back", async () => {
    using http = closing();
    const cutting = await rawServer((socket) => void socket.once("data", () => socket.destroy()));
    expect(await failureOf(http.exchange(call(cutting)))).toEqual({ code: "ECONNRESET", sent: true });
    const silent = await rawServer(() => undefined);
    expect(await failureOf(http.exchange(call(silent, { silenceMs: 50 })))).toEqual({ code: "ETIMEDOUT", sent: true });
  });

  it("fails in the middle of an answer, too", async () => {
    using http = closing();
    const cut = await rawServer(
      (socket) => void socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nonly")),
    );
    expect((await failureOf(http.exchange(call(cut)))).sent).toBe(true);
    const stuck = await rawServer(answering("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nonly"));
    expect(await failureOf(http.exchange(call(stuck, { silenceMs: 50 })))).toEqual({ code: "ETIMEDOUT", sent: true });
  });

  it("ends with its signal, and is not begun where that was aborted before", async () => {
    using http = closing();
    const silent = await rawServer(() => undefined);
    const stop = new AbortController();
    const failed = failureOf(http.exchange(call(silent, { signal: stop.signal })));
    stop.abort();
    expect((await failed).code).toBe("ABORTED");
    expect(await failureOf(http.exchange(call(silent, { signal: stop.signal })))).toEqual({ code: "ABORTED", sent: false });
  });

  it("ends when everything is closed, and none begins after that", async () => {
    const http = openHttp();
    const { promise: arrived, resolve } = Promise.withResolvers<void>();
    const silent = await rawServer((socket) => void socket.once("data", () => resolve()));
    const failed = failureOf(http.exchange(call(silent)));
    await arrived;
    http.close();
    expect(await failed).toEqual({ code: "CLOSED", sent: true });
    expect(await failureOf(http.exchange(call(silent)))).toEqual({ code: "CLOSED", sent: false });
  });

  it("is found behind what a library made of it", () => {
    const failure = new HttpFailure("ETIMEDOUT", true);
    expect(httpFailureIn(new Error("wrapped", { cause: new TypeError("again", { cause: failure }) }))).toBe(failure);
    expect([httpFailureIn(new Error("another")), httpFailureIn("text")]).toEqual([undefined, undefined]);
    expect([codeOf(new RangeError("x")), codeOf("x")]).toEqual(["RangeError", "string"]);
  });
});

describe("An answer", () => {
  it("is read whole, and its connection serves the next call", async () => {
    let connections = 0;
    const url = await rawServer((socket) => {
      connections += 1;
      answering(ok)(socket);
    });
    using http = closing();
    expect(await http.exchange(call(url))).toMatchObject({ status: 200, text: "ok" });
    expect(await http.exchange(call(url))).toMatchObject({ status: 200, text: "ok" });
    expect(connections).toBe(1);
  });

  it("that leads elsewhere is not followed", async () => {
    const url = await rawServer(answering("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"));
    using http = closing();
    expect(await http.exchange(call(url))).toMatchObject({ status: 302, headers: { location: "http://127.0.0.1:1/" } });
  });

  it("without an end is not read beyond 32 MB", async () => {
    const megabyte = "x".repeat(1024 * 1024);
    const url = await rawServer((socket) => {
      socket.once("data", () => {
        socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        const flood = (): void => {
          while (!socket.destroyed && socket.write(`${megabyte.length.toString(16)}\r\n${megabyte}\r\n`));
          socket.once("drain", flood);
        };
        flood();
      });
    });
    using http = closing();
    expect(await failureOf(http.exchange(call(url)))).toEqual({ code: "TOO_LARGE", sent: true });
  });

  it("whose reader stops lets its connection go", async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    const url = await rawServer((socket) => {
      socket.on("close", () => resolve());
      answering("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nfirst")(socket);
    });
    using http = closing();
    const answer = await http.open(call(url, { method: "GET", body: undefined }));
    expect(answer.sizeBytes).toBe(1000);
    for await (const chunk of answer.chunks()) {
      expect(String(Buffer.from(chunk))).toBe("first");
      break;
    }
    await closed;
  });
});

function closing() {
  const http = openHttp();
  return { ...http, [Symbol.dispose]: () => http.close() };
}
