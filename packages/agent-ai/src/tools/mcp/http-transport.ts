import type { Transport } from "@modelcontextprotocol/client";
import type { McpAddress } from "./configuration.ts";

const longestLineBytes = 16 * 1024 * 1024;
const farewellMs = 1000;

/**
 * Talks to a server by streamable HTTP. The library follows redirects within the origin alone, so that headers go nowhere else; of an
 * answer, no line may be longer than a message is allowed to be.
 */
export async function httpTransport({ url, headers = {} }: McpAddress): Promise<Transport> {
  const { StreamableHTTPClientTransport } = await import("@modelcontextprotocol/client");
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers },
    redirectPolicy: "same-origin",
    // Streams that break are opened again with the next call, not in between.
    reconnectionOptions: {
      initialReconnectionDelay: 1000,
      maxReconnectionDelay: 1000,
      reconnectionDelayGrowFactor: 1,
      maxRetries: 0,
    },
    fetch: async (input, init) => {
      const answer = await fetch(input, init);
      if (answer.body === null) return answer;
      return new Response(answer.body.pipeThrough(lineLimit()), {
        status: answer.status,
        statusText: answer.statusText,
        headers: answer.headers,
      });
    },
  });
  const close = transport.close.bind(transport);
  transport.close = async () => {
    await farewell(transport);
    await close();
  };
  return transport;
}

/** Tells the server that the session is over, as the protocol asks; a server that does not answer soon is not waited for. */
async function farewell(transport: { terminateSession(): Promise<void> }): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => (timer = setTimeout(resolve, farewellMs)));
  await Promise.race([transport.terminateSession().catch(() => undefined), patience]);
  clearTimeout(timer);
}

/** Lets bytes through until a line gets too long. */
function lineLimit(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let lineBytes = 0;
  return new TransformStream({
    transform(bytes, controller) {
      const at = bytes.lastIndexOf(10);
      lineBytes = at < 0 ? lineBytes + bytes.byteLength : bytes.byteLength - at - 1;
      if (lineBytes > longestLineBytes) controller.error(new Error(`A message has more than ${longestLineBytes} bytes`));
      else controller.enqueue(bytes);
    },
  });
}
