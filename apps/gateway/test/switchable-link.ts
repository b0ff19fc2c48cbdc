import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** A way to a server that can be cut and mended, at an address that stays. */
export interface SwitchableLink {
  readonly url: string;
  /** Every connection breaks, and no new one is taken. */
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** Opens a way to what listens at `target`. It is closed when the test ends. */
export async function openLink(target: string): Promise<SwitchableLink> {
  const targetPort = Number(new URL(target).port);
  const sockets = new Set<Socket>();
  let port = 0;
  let server = createServer();
  const mend = async (): Promise<void> => {
    server = createServer((near) => {
      const far = connect(targetPort, "127.0.0.1");
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on("close", () => sockets.delete(socket));
        // The other half ends with it.
        socket.on("error", () => socket.destroy());
      }
      near.on("close", () => far.destroy());
      far.on("close", () => near.destroy());
      near.pipe(far).pipe(near);
    });
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  };
  const cut = async (): Promise<void> => {
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await mend();
  onTestFinished(async () => {
    if (server.listening) await cut();
  });
  return { url: `http://127.0.0.1:${port}`, cut, mend };
}
