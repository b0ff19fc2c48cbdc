import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { adminToken, bearer, connect, openHouse, type House, type Talk } from "./house.ts";

/** Everything is well for somebody else. */
async function isWell(talk: Talk): Promise<void> {
  expect(await talk.ask("chat.send", { text: "well?" })).toMatchObject({ result: { text: "echo: well?" } });
}

async function tcp({ port }: House): Promise<Socket> {
  const socket = connectTcp({ port, host: "127.0.0.1", allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** What comes first on a line; "" when it is cut without a word. */
async function answerTo(house: House, bytes: string): Promise<string> {
  const socket = await tcp(house);
  const heard = new Promise<string>((resolve) => {
    socket.once("data", (data: Buffer) => resolve(data.toString("latin1").split("\r\n")[0] ?? ""));
    socket.once("close", () => resolve(""));
  });
  socket.write(bytes);
  return await heard;
}

const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
const upgradeOf = (lines: readonly string[], path = "/ws"): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${lines.join("\r\n")}\r\n\r\n`;

describe("A handshake", () => {
  it.each([
    ["without a key", upgradeOf(["Sec-WebSocket-Version: 13"]), 400],
    ["of a wrong key", upgradeOf(["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: short"]), 400],
    ["of another version", upgradeOf(["Sec-WebSocket-Version: 99", key]), 400],
    ["elsewhere", upgradeOf(["Sec-WebSocket-Version: 13", key], "/elsewhere"), 404],
    ["at a door that has no sockets", upgradeOf(["Sec-WebSocket-Version: 13", key], "/rpc"), 404],
    ["at a path that is none", upgradeOf(["Sec-WebSocket-Version: 13", key], "/%2e%2e/ws"), 400],
    ["by POST", upgradeOf(["Sec-WebSocket-Version: 13", key]).replace("GET", "POST"), 404],
    ["for another protocol", upgradeOf([key]).replace("Upgrade: websocket", "Upgrade: h2c"), 426],
    ["with a wrong token", upgradeOf(["Sec-WebSocket-Version: 13", key, "Authorization: Bearer wrong"]), 401],
    ["with a huge header", upgradeOf(["Sec-WebSocket-Version: 13", key, `X: ${"x".repeat(20_000)}`]), 431],
  ])("%s is refused, and nobody else is affected", async (_what, bytes, status) => {
    const house = await openHouse();
    const talk = await connect(house.url, bearer(adminToken));
    expect(await answerTo(house, bytes)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `, "u"));
    await isWell(talk);
  });

  it("that was refused holds no line open, also for somebody who never hangs up", async () => {
    const house = await openHouse();
    const lines = await Promise.all(Array.from({ length: 40 }, () => tcp(house)));
    await Promise.all(
      lines.map(async (line, index) => {
        line.resume();
        const ended = once(line, "end");
        line.write(index % 2 === 0 ? upgradeOf([key], "/elsewhere") : "no HTTP at all\r\n\r\n");
        await ended;
        // A line that is half open on our side would take this for as long as it is said.
        const cut = new Promise((resolve) => line.once("close", resolve));
        const saying = setInterval(() => line.write("x"), 5);
        line.once("close", () => clearInterval(saying));
        await cut;
      }),
    );
  });
});

describe("A frame", () => {
  const strange = [
    ["no JSON", "hello", -32_700],
    ["a hundred thousand brackets", `${"[".repeat(100_000)}${"]".repeat(100_000)}`, -32_600],
    [
      "depth in the parameters",
      `{"jsonrpc":"2.0","id":1,"method":"chat.send","params":{"text":${"[".repeat(50_000)}${"]".repeat(50_000)}}}`,
      -32_602,
    ],
    [
      "a batch of thousands",
      `[${Array.from({ length: 5000 }, () => '{"jsonrpc":"2.0","id":1,"method":"health"}').join(",")}]`,
      -32_600,
    ],
    ["an unknown method", '{"jsonrpc":"2.0","id":1,"method":"constructor"}', -32_601],
    ["a method of objects", '{"jsonrpc":"2.0","id":1,"method":"__proto__","params":{}}', -32_601],
    ["another version", '{"jsonrpc":"1.0","id":1,"method":"health"}', -32_600],
    ["an unknown parameter", '{"jsonrpc":"2.0","id":1,"method":"health","params":{"scope":"admin"}}', -32_602],
  ] as const;

  it.each(strange)("with %s is answered with an error, and the line goes on", async (_what, frame, code) => {
    const { url } = await openHouse();
    const [talk, other] = [await connect(url, bearer(adminToken)), await connect(url, bearer(adminToken))];
    const answered = once(talk.socket, "message");
    talk.socket.send(frame);
    const [data] = (await answered) as [Buffer];
    const answers = [JSON.parse(data.toString())].flat() as readonly { readonly error?: { readonly code: number } }[];
    expect(answers.map(({ error }) => error?.code)).toEqual([code]);
    await isWell(talk);
    await isWell(other);
  });

  it("that is too large ends its line alone, earlier for a stranger", async () => {
    const { url } = await openHouse();
    const other = await connect(url, bearer(adminToken));
    const close = async (headers: Readonly<Record<string, string>>, sizeBytes: number): Promise<number> => {
      const talk = await connect(url, headers);
      talk.socket.on("error", () => undefined);
      talk.socket.send("x".repeat(sizeBytes));
      return (await talk.closed)[0];
    };
    expect(await close(bearer(adminToken), 1024 * 1024 + 1)).toBe(1009);
    expect(await close(bearer(adminToken), 3 * 1024 * 1024)).toBe(1009);
    expect(await close({}, 4097)).toBe(1009);
    expect(await close({}, 100_000)).toBe(1009);
    await isWell(other);
  });

  it("that is no text, or not as frames are, ends its line alone", async () => {
    const house = await openHouse();
    const other = await connect(house.url, bearer(adminToken));
    const talk = await connect(house.url, bearer(adminToken));
    talk.socket.send(Buffer.from([1, 2, 3]));
    expect((await talk.closed)[0]).toBe(1003);
    for (const bytes of [
      [0xff, 0xff],
      [0x81, 0x05],
      [0x83, 0x80, 0, 0, 0, 0],
      [0x89, 0xfe, 0xff, 0xff],
      [0xc1, 0x80, 0, 0, 0, 0],
    ]) {
      const socket = await tcp(house);
      const cut = once(socket, "close");
      socket.write(upgradeOf(["Sec-WebSocket-Version: 13", key, `Authorization: Bearer ${adminToken}`]));
      await once(socket, "data");
      socket.resume();
      socket.end(Buffer.from(bytes));
      await cut;
    }
    await isWell(other);
    expect(house.doors.web.connectionCount).toBe(1);
  });
});

describe("A stranger", () => {
  it("may ask how the gateway is and nothing else, and is let go after twenty questions", async () => {
    const { url } = await openHouse();
    const talk = await connect(url, {});
    expect(await talk.ask("health")).toMatchObject({ result: { status: "ok" } });
    for (const method of ["session.list", "chat.send", "tokens.rotate"])
      expect(await talk.ask(method, { text: "x" })).toMatchObject({ error: { data: { kind: "unauthorized" } } });
    for (let count = 0; count < 20; count += 1) void talk.ask("health");
    expect((await talk.closed)[0]).toBe(4401);
  });

  it("is one of a few, who keep nobody out", async () => {
    const { url } = await openHouse({ rest: "platforms: { web: { maxConnections: 20 } }" });
    await Promise.all([connect(url, {}), connect(url, {})]);
    await expect(connect(url, {})).rejects.toThrow("503");
    const talks = await Promise.all(Array.from({ length: 18 }, () => connect(url, bearer(adminToken))));
    await expect(connect(url, bearer(adminToken))).rejects.toThrow("503");
    for (const talk of talks) await isWell(talk);
  });
});

describe("A storm of three hundred who come and go", () => {
  it("leaves nothing behind, and whoever comes next is served at once", async () => {
    const { url, doors } = await openHouse();
    const other = await connect(url, bearer(adminToken));
    for (let round = 0; round < 6; round += 1) {
      const sockets = Array.from(
        { length: 50 },
        () => new WebSocket(`${url.replace("http", "ws")}/ws`, { headers: bearer(adminToken) }),
      );
      await Promise.all(
        sockets.map(async (socket, index) => {
          socket.on("error", () => undefined);
          if (index % 3 === 0) {
            socket.terminate();
            return;
          }
          await once(socket, "open");
          if (index % 3 === 1)
            socket.send(
              '{"jsonrpc":"2.0","id":1,"method":"session.subscribe","params":{"session_key":"agent:main:web:dm:owner"}}',
            );
          socket.terminate();
        }),
      );
    }
    await isWell(await connect(url, bearer(adminToken)));
    await isWell(other);
    while (doors.web.connectionCount > 2) await new Promise((resolve) => setImmediate(resolve));
    expect(doors.web.connectionCount).toBe(2);
  });
});
