import { once } from "node:events";
import type { HostSocket } from "@hermes/core";
import { settle } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { echo, ending, next, serveSockets } from "./socket-bench.ts";

/** Keeps the sockets it is given, and does nothing with them until they end. */
function keeping() {
  const taken: HostSocket[] = [];
  const ended: HostSocket[] = [];
  return {
    taken,
    ended,
    async take(socket: HostSocket): Promise<void> {
      taken.push(socket);
      for await (const message of socket.messages) if (message === "leave") return;
      ended.push(socket);
    },
  };
}

/** Lets real sockets run until `isDone`. */
async function until(isDone: () => boolean): Promise<void> {
  while (!isDone()) await settle();
}

describe("A socket", () => {
  it("carries text and bytes in both directions, each as what it is", async () => {
    const bench = await serveSockets(echo);
    const client = await bench.connect();
    client.send("grüße, 世界");
    const [text, isTextBinary] = (await once(client, "message")) as [Buffer, boolean];
    expect([text.toString(), isTextBinary]).toEqual(["grüße, 世界", false]);
    client.send(new Uint8Array([1, 2, 3]));
    const [bytes, isBytesBinary] = (await once(client, "message")) as [Buffer, boolean];
    expect([[...bytes], isBytesBinary]).toEqual([[1, 2, 3], true]);
  });

  it("hands over messages in their order, also those that came before anybody read", async () => {
    const read: unknown[] = [];
    const gate = Promise.withResolvers<void>();
    const bench = await serveSockets(async (socket) => {
      await gate.promise;
      for await (const message of socket.messages) read.push(message);
    });
    const client = await bench.connect();
    for (let index = 0; index < 100; index += 1) client.send(String(index));
    await settle();
    gate.resolve();
    await until(() => read.length === 100);
    expect(read).toEqual(Array.from({ length: 100 }, (_, index) => String(index)));
  });

  it("ends for its platform when the other side says goodbye", async () => {
    const keep = keeping();
    const bench = await serveSockets((socket) => keep.take(socket));
    const client = await bench.connect();
    client.close(4000, "enough");
    expect(await ending(client)).toEqual([4000, "enough"]);
    await until(() => keep.ended.length === 1);
    await until(() => bench.sockets.count === 0);
  });

  it("is closed with the platform's code and as much of its reason as fits", async () => {
    const bench = await serveSockets(async (socket) => socket.close(4401, "é".repeat(100)));
    const client = await bench.connect();
    expect(await ending(client)).toEqual([4401, "é".repeat(61)]);
  });

  it("is closed when its platform has done with it, and with another code when that failed", async () => {
    const keep = keeping();
    const bench = await serveSockets(async (socket) => {
      await keep.take(socket);
      if (keep.taken.length === 2) throw new Error("a fault of the platform");
    });
    const first = await bench.connect();
    first.send("leave");
    expect(await ending(first)).toEqual([1000, ""]);
    const second = await bench.connect();
    second.send("leave");
    expect(await ending(second)).toEqual([1011, "the gateway failed"]);
    expect(bench.logged.join("\n")).toContain("a fault of the platform");
  });

  it("refuses to send once it is closed", async () => {
    const keep = keeping();
    const bench = await serveSockets((socket) => keep.take(socket));
    const client = await bench.connect();
    client.terminate();
    await until(() => bench.sockets.count === 0);
    await expect(keep.taken[0]?.send("too late")).rejects.toThrow(/not open/iu);
  });

  it("is cut off when the other side does not agree to a close within five seconds", async () => {
    const keep = keeping();
    const bench = await serveSockets((socket) => keep.take(socket));
    const client = await bench.connect();
    client.pause();
    keep.taken[0]?.close(4408, "read faster");
    await bench.clock.advance(4999);
    expect(bench.sockets.count).toBe(1);
    await bench.clock.advance(1);
    await until(() => bench.sockets.count === 0);
  });
});

describe("The heartbeat", () => {
  it("leaves a socket whose other side answers, and cuts one off that does not", async () => {
    const keep = keeping();
    const bench = await serveSockets((socket) => keep.take(socket));
    const lively = await bench.connect();
    const silent = await bench.connect();
    silent.pause();
    for (let beat = 0; beat < 3; beat += 1) {
      await bench.clock.advance(30_000);
      await settle();
    }
    await until(() => bench.sockets.count === 1);
    lively.send("leave");
    expect(await ending(lively)).toEqual([1000, ""]);
  });

  it("asks each socket once in thirty seconds, with one timer for all of them", async () => {
    const bench = await serveSockets(echo);
    const clients = await Promise.all(Array.from({ length: 40 }, () => bench.connect()));
    let pings = 0;
    for (const client of clients) client.on("ping", () => (pings += 1));
    expect(bench.clock.pending).toBe(1);
    await bench.clock.advance(30_000);
    await until(() => pings >= 40);
    expect(pings).toBe(40);
  });
});

describe("The server", () => {
  it("serves two hundred sockets at once", async () => {
    const bench = await serveSockets(echo);
    const clients = await Promise.all(Array.from({ length: 200 }, () => bench.connect()));
    expect(bench.sockets.count).toBe(200);
    const answers = clients.map((client) => next(client));
    for (const [index, client] of clients.entries()) client.send(`number ${index}`);
    expect(await Promise.all(answers)).toEqual(clients.map((_, index) => `number ${index}`));
    const endings = clients.map((client) => ending(client));
    await bench.sockets.close(1000);
    expect(new Set((await Promise.all(endings)).map(([code]) => code))).toEqual(new Set([1012]));
    expect(bench.sockets.count).toBe(0);
  });

  it("cuts off, once its patience is over, whoever does not leave at its end", async () => {
    const bench = await serveSockets(echo);
    const client = await bench.connect();
    client.pause();
    const closed = bench.sockets.close(2000);
    await bench.clock.advance(2000);
    await closed;
    expect(bench.sockets.count).toBe(0);
  });

  it("takes nobody any more once it is closed", async () => {
    const bench = await serveSockets(echo);
    await bench.sockets.close(0);
    await expect(bench.connect()).rejects.toThrow("503");
  });

  it("sets no timer where there is no socket", async () => {
    const bench = await serveSockets(echo);
    expect(bench.clock.pending).toBe(0);
    const client = await bench.connect();
    client.close();
    await until(() => bench.sockets.count === 0);
    await bench.clock.advance(60_000);
    expect(bench.clock.pending).toBe(0);
  });
});
