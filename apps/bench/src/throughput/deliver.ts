import { Agent, request } from "node:http";

/** Hands updates to a bot's webhook, over connections that are kept. */
export interface Delivery {
  /** Resolves to the answer's status, 0 when the connection broke. */
  post(body: string): Promise<number>;
  close(): void;
}

export function openDelivery(url: string, secret: string): Delivery {
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const { hostname, port, pathname } = new URL(url);
  const headers = { "content-type": "application/json", "x-telegram-bot-api-secret-token": secret };
  return {
    post: (body) =>
      new Promise((resolve) => {
        const length = Buffer.byteLength(body);
        const call = request(
          { hostname, port, path: pathname, method: "POST", agent, headers: { ...headers, "content-length": length } },
          (response) => {
            response.resume();
            response.on("end", () => resolve(response.statusCode ?? 0));
            response.on("error", () => resolve(0));
          },
        );
        // As Telegram does with a broken connection: it is delivered again.
        call.on("error", () => resolve(0));
        call.end(body);
      }),
    close: () => agent.destroy(),
  };
}
