import { readFile } from "node:fs/promises";
import { on, once } from "node:events";
import { WebSocket } from "ws";
import { GatewayError } from "../config/problem.ts";
import type { ServerSettings } from "../config/server-settings.ts";
import type { Wire } from "./wire.ts";

const openMs = 10_000;

/** Where the gateway of this home listens, and what it is asked with. */
export interface Address {
  readonly url: string;
  readonly token: string;
  readonly tls: ServerSettings["tls"];
}

/**
 * A socket to the gateway of this home.
 *
 * @throws GatewayError when it does not answer or does not take the token.
 */
export async function openSocketWire({ url, token, tls }: Address): Promise<Wire> {
  const socket = new WebSocket(new URL("/ws", url.replace(/^http/u, "ws")), {
    headers: { authorization: `Bearer ${token}` },
    handshakeTimeout: openMs,
    perMessageDeflate: false,
    // The certificate is this home's own, whatever name stands in it, and whoever signed it.
    ...(tls === undefined
      ? {}
      : { ca: await readFile(tls.certificatePath), allowPartialTrustChain: true, checkServerIdentity: () => undefined }),
  });
  const gone = new AbortController();
  socket.once("close", () => gone.abort());
  // Listened to from the beginning: what is said at once must not be lost.
  const messages = on(socket, "message", { signal: gone.signal });
  const refused = Promise.withResolvers<never>();
  socket.once("unexpected-response", (_request, response) => {
    refused.reject(refusal(response.statusCode ?? 0));
    socket.terminate();
  });
  await Promise.race([once(socket, "open"), refused.promise]).catch((error: unknown) => {
    throw error instanceof GatewayError ? error : notAnswered(error);
  });
  // A connection that breaks ends its messages, and that is all there is to know.
  socket.on("error", () => socket.terminate());
  return {
    send: (text) =>
      new Promise((resolve, reject) => {
        socket.send(text, (error) => (error === undefined || error === null ? resolve() : reject(error)));
      }),
    messages: textsOf(messages, gone.signal),
    close: () => socket.close(1000),
  };
}

async function* textsOf(messages: AsyncIterable<unknown[]>, gone: AbortSignal): AsyncGenerator<string> {
  try {
    for await (const [data] of messages) yield (data as Buffer).toString("utf8");
  } catch (error) {
    if (!gone.aborted) throw error;
  }
}

function notAnswered(cause: unknown): GatewayError {
  return new GatewayError("The gateway of this home does not answer. Look at its log, or start it again.", {
    exitCode: 75,
    cause,
  });
}

function refusal(status: number): GatewayError {
  if (status === 401)
    return new GatewayError("The gateway does not take this token. Is `server.token` the one it was started with?", {
      exitCode: 78,
    });
  if (status === 403)
    return new GatewayError("The gateway does not let this machine in. Name 127.0.0.1 in `server.allowAddresses` too.", {
      exitCode: 78,
    });
  if (status === 429) return new GatewayError("The gateway is asked too much. Try again in a minute.", { exitCode: 75 });
  return new GatewayError(`The gateway did not answer (${status}). Is it of another version? Its log says more.`, {
    exitCode: 75,
  });
}
