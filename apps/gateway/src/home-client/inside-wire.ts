import type { HostSocket } from "@hermes/core";
import type { Gateway } from "@hermes/runtime";
import { doorId, type Doors } from "../doors.ts";
import type { Credential } from "../credentials/credential.ts";
import type { Wire } from "./wire.ts";

/** A wire to a gateway inside this process: its door is asked as the server would ask it, without a socket. */
export async function openInsideWire(gateway: Pick<Gateway, "receive">, doors: Doors, credential: Credential): Promise<Wire> {
  const request = new Request("http://localhost/ws", { headers: { upgrade: "websocket" } });
  doors.credentials.set(request, credential);
  const received = await gateway.receive(request, doorId);
  if (received instanceof Response) throw new Error(`The door answered ${received.status}: ${await received.text()}`);
  const [near, far] = [new Pipe(), new Pipe()];
  const close = (): void => {
    near.end();
    far.end();
  };
  const socket: HostSocket = {
    send: async (data) => near.put(typeof data === "string" ? data : Buffer.from(data).toString("utf8")),
    close,
    messages: far,
  };
  // However it ends, the wire ends with it, and whoever reads that hears of it.
  void received.upgrade(socket).then(close, close);
  return { send: async (text) => far.put(text), messages: near, close };
}

/** Texts on their way from one end to the other. */
class Pipe implements AsyncIterable<string> {
  readonly #texts: string[] = [];
  #isOver = false;
  #wake = (): void => undefined;

  put(text: string): void {
    if (this.#isOver) throw new Error("The connection is over");
    this.#texts.push(text);
    this.#wake();
  }

  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      const text = this.#texts.shift();
      if (text !== undefined) yield text;
      else if (this.#isOver) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
