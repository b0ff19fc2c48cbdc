import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { settle } from "@hermes/runtime/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { echo, ending, next, serveSockets } from "./socket-bench.ts";

async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await settle();
}

/** A line to the server whose handshake is done by hand, and whose frames are made by hand. */
async function rawSocket(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined);
  socket.write(
    [
      "GET /ws HTTP/1.1",
      `Host: 127.0.0.1:${port}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}`,
      "\r\n",
    ].join("\r\n"),
  );
  const [head] = (await once(socket, "data")) as [Buffer];
  expect(head.toString()).toMatch(/^HTTP\/1\.1 101 /u);
  return socket;
}

/** A frame; masked as a client's have to be, unless told otherwise. */
function frame(firstByte: number, payload: Buffer, { masked = true }: { readonly masked?: boolean } = {}): Buffer {
  const length = Buffer.from([(masked ? 0x80 : 0) | payload.length]);
  // A mask of zeros changes nothing.
  return Buffer.concat([Buffer.from([firstByte]), length, masked ? Buffer.alloc(4) : Buffer.alloc(0), payload]);
}

const text = 0x81;
const malformed: readonly (readonly [string, Buffer, number])[] = [
  ["text that is no UTF-8", frame(text, Buffer.from([0xc3, 0x28])), 1007],
  ["a frame without a mask", frame(text, Buffer.from("hello"), { masked: false }), 1002],
  ["a frame of an unknown kind", frame(0x83, Buffer.from("hello")), 1002],
  ["a compressed frame nobody agreed to", frame(0xc1, Buffer.from("hello")), 1002],
  ["a continuation of nothing", frame(0x80, Buffer.from("hello")), 1002],
  ["a fragmented ping", frame(0x09, Buffer.from("hello")), 1002],
  ["a close frame with half a code", frame(0x88, Buffer.from([3])), 1002],
  ["a frame that announces 16 exabytes", Buffer.from([text, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), 1009],
];

describe("A malformed frame", () => {
  it.each(malformed)("(%s) ends its own connection alone", async (_name, bytes, code) => {
    const bench = await serveSockets(echo);
    const neighbour = await bench.connect();
    const socket = await rawSocket(bench.port);
    socket.write(bytes);
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect([answer[0], answer.readUInt16BE(2)]).toEqual([0x88, code]);
    socket.end();
    await until(() => bench.sockets.count === 1);
    neighbour.send("still here");
    expect(await next(neighbour)).toBe("still here");
  });

  it("is logged without what was in it", async () => {
    const bench = await serveSockets(echo);
    const socket = await rawSocket(bench.port);
    socket.write(frame(text, Buffer.from("a secret", "utf8"), { masked: false }));
    await until(() => bench.logged.length > 0);
    expect(bench.logged).toEqual([expect.stringMatching(/^A socket failed: WS_ERR_[A-Z_]+$/u)]);
  });
});

describe("A message", () => {
  it("that is too large ends its connection", async () => {
    const bench = await serveSockets(echo, { maxMessageBytes: 1000 });
    const client = await bench.connect();
    client.send("x".repeat(1000));
    expect((await next(client)).length).toBe(1000);
    client.send("x".repeat(1001));
    expect((await ending(client))[0]).toBe(1009);
  });

  it("in pieces that together are too large ends its connection", async () => {
    const bench = await serveSockets(echo, { maxMessageBytes: 1000 });
    const client = await bench.connect();
    client.send("x".repeat(600), { fin: false });
    client.send("x".repeat(600), { fin: true });
    expect((await ending(client))[0]).toBe(1009);
  });
});

describe("A request that is no handshake", () => {
  it.each([
    ["without a key", "Sec-WebSocket-Version: 13"],
    ["of another version", `Sec-WebSocket-Version: 7\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString("base64")}`],
    ["with a key that is none", "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: short"],
  ])("(%s) is refused", async (_name, headers) => {
    const bench = await serveSockets(echo);
    const socket = connect(bench.port, "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.write(`GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${headers}\r\n\r\n`);
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 4\d\d /u);
    expect(bench.sockets.count).toBe(0);
  });
});

describe("Somebody who", () => {
  it("does not read holds up nobody else, and what is sent to them waits", async () => {
    const piece = "x".repeat(256 * 1024);
    const flood = { sent: 0 };
    const bench = await serveSockets(
      async (socket) => {
        for await (const message of socket.messages) {
          if (message !== "flood") await socket.send(message);
          else for (; flood.sent < 200; flood.sent += 1) await socket.send(piece);
        }
      },
      { maxMessageBytes: 1024 },
    );
    const slow = await bench.connect();
    slow.pause();
    slow.send("flood");
    const quick = await bench.connect();
    let before = -1;
    while (before !== flood.sent || before === 0) {
      before = flood.sent;
      quick.send("hello");
      expect(await next(quick)).toBe("hello");
      await settle();
    }
    expect(flood.sent).toBeLessThan(200);
    slow.resume();
    await until(() => flood.sent === 200);
  });

  it("writes more than is read is not read any further, and nothing is lost", async () => {
    const gate = Promise.withResolvers<void>();
    let read = 0;
    const bench = await serveSockets(async (socket) => {
      await gate.promise;
      for await (const message of socket.messages) read += message.length;
    });
    const client = await bench.connect();
    const piece = "x".repeat(1024);
    const count = 20_000;
    for (let index = 0; index < count; index += 1) client.send(piece);
    let before = -1;
    while (before !== client.bufferedAmount) {
      before = client.bufferedAmount;
      await settle();
    }
    expect(before).toBeGreaterThan(0);
    gate.resolve();
    await until(() => read === count * piece.length);
  });
});
