import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";
import { createTestServer } from "./mcp-server.ts";

/** The same server by streamable HTTP, for those who know its token. */
export interface HttpMcpServer extends AsyncDisposable {
  readonly url: string;
  /** Paths and tokens of what was asked. */
  readonly requests: readonly { readonly path: string; readonly authorization: string | undefined }[];
}

/** Starts it on loopback. `/to?…` redirects to the address in the query. */
export async function startHttpMcpServer(token: string, mark: string): Promise<HttpMcpServer> {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();
  const requests: { path: string; authorization: string | undefined }[] = [];
  const open = async (): Promise<WebStandardStreamableHTTPServerTransport> => {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    await createTestServer(mark).connect(transport);
    return transport;
  };
  const answer = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    if (url.pathname === "/to") return new Response(null, { status: 307, headers: { location: url.search.slice(1) } });
    if (request.headers.get("authorization") !== `Bearer ${token}`) return new Response("no", { status: 401 });
    const id = request.headers.get("mcp-session-id");
    const session = id === null ? await open() : sessions.get(id);
    return session === undefined ? new Response("no such session", { status: 404 }) : await session.handleRequest(request);
  };
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      requests.push({ path: incoming.url ?? "", authorization: incoming.headers.authorization });
      const chunks: Uint8Array[] = [];
      for await (const chunk of incoming as AsyncIterable<Uint8Array>) chunks.push(chunk);
      const method = incoming.method ?? "GET";
      const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as [string, string]);
      const body = method === "GET" || method === "DELETE" ? null : Buffer.concat(chunks);
      const response = await answer(new Request(`http://127.0.0.1${incoming.url}`, { method, headers, body }));
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      if (response.body === null) outgoing.end();
      else
        Readable.fromWeb(response.body as never)
          .on("error", () => outgoing.destroy())
          .pipe(outgoing);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
