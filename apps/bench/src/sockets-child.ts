// Started by the sockets benchmark: so many clients that say nothing, hear everything, and answer when they are asked whether they are there.
import { once } from "node:events";
import { connect, type Socket } from "node:net";

const [, , port = "", count = ""] = process.argv;
const token = process.env["SOCKETS_TOKEN"] ?? "";
/** Handshakes under way at once. */
const atOnce = 100;
const ping = 0x89;
/** Masked by nothing, which is a mask too. */
const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);
const handshake = [
  "GET /ws HTTP/1.1",
  `Host: 127.0.0.1:${port}`,
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
  `Authorization: Bearer ${token}`,
].join("\r\n");

const facts = { open: 0, pings: 0, lost: 0 };

/** A client that is there. */
async function open(): Promise<void> {
  const socket = connect(Number(port), "127.0.0.1");
  await once(socket, "connect");
  socket.write(`${handshake}\r\n\r\n`);
  const [head] = (await once(socket, "data")) as [Buffer];
  if (!head.toString("latin1").startsWith("HTTP/1.1 101 ")) throw new Error(`Refused: ${head.toString("latin1").slice(0, 40)}`);
  facts.open += 1;
  stay(socket);
}

function stay(socket: Socket): void {
  socket.on("data", (frame: Buffer) => {
    if (frame[0] !== ping) return;
    facts.pings += 1;
    socket.write(pong);
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => (facts.lost += 1));
}

let left = Number(count);
await Promise.all(
  Array.from({ length: atOnce }, async () => {
    while (left > 0) {
      left -= 1;
      await open();
    }
  }),
);
process.stdout.write(`${JSON.stringify(facts)}\n`);
await once(process.stdin, "data");
process.stdout.write(`${JSON.stringify(facts)}\n`);
process.exit();
