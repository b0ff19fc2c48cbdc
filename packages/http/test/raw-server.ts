import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A server of bytes on loopback: each connection is handed over as it is. */
export async function rawServer(onConnection: (socket: Socket) => void): Promise<URL> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // What breaks is what the client is tested with.
    socket.on("error", () => socket.destroy());
    onConnection(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port");
  return new URL(`http://127.0.0.1:${address.port}/somewhere`);
}

/** Resolves with what a connection sent, once `isEnough`. */
export function received(socket: Socket, isEnough: (text: string) => boolean): Promise<string> {
  let text = "";
  return new Promise((resolve) => {
    socket.on("data", (chunk) => {
      text += String(chunk);
      if (isEnough(text)) resolve(text);
    });
  });
}

/** Answers each request head with these bytes. */
export function answering(bytes: string): (socket: Socket) => void {
  return (socket) => {
    let text = "";
    socket.on("data", (chunk) => {
      text += String(chunk);
      if (!text.includes("\r\n\r\n")) return;
      text = "";
      socket.write(bytes);
    });
  };
}
