import { once } from "node:events";

/** One client that talks while everybody else is silent. */
export interface Chatter {
  /** Milliseconds from asking to the whole answer. */
  ask(): Promise<number>;
  close(): void;
}

/** Connects a client that talks. */
export async function connectChatter(url: string, token: string): Promise<Chatter> {
  const socket = new WebSocket(`${url.replace(/^http/u, "ws")}/ws`, { headers: { authorization: `Bearer ${token}` } });
  await once(socket, "open");
  let id = 0;
  return {
    async ask() {
      id += 1;
      const askedMs = performance.now();
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, method: "chat.send", params: { text: `question ${id}` } }));
      const [event] = (await once(socket, "message")) as [{ readonly data: string }];
      const { result } = JSON.parse(event.data) as { readonly result?: { readonly text: string } };
      if (result?.text !== `echo: question ${id}`) throw new Error(`This is no answer: ${event.data.slice(0, 200)}`);
      return performance.now() - askedMs;
    },
    close: () => socket.close(),
  };
}
