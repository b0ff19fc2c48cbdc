import { hash, timingSafeEqual } from "node:crypto";
import { definePlatform, PlatformError, readBody, utf16Length, type Failure, type Platform } from "@hermes/core";
import { decode } from "./decode.ts";

/** What Example can do. Write beside each number where you have it from. */
export const capabilityTable = {
  text: { maxLength: 2000, partsPerSend: 1, markdown: "none", tables: false },
  // A delivery that is not answered with 2xx comes again for an hour.
  inbound: { replay: "retries", windowMs: 60 * 60_000 },
} as const;

export interface ExampleOptions {
  readonly token: string;
  /** What Example sends with each delivery. */
  readonly secret: string;
  readonly apiRoot?: string;
  readonly id?: string;
}

const maxBodyBytes = 1024 * 1024;

/** What Example's refusals mean. */
const failures: Readonly<Record<number, Failure>> = {
  400: { kind: "invalid" },
  401: { kind: "unauthorized" },
  403: { kind: "forbidden" },
  404: { kind: "not-found", what: "chat" },
  413: { kind: "too-long" },
};

/** A bot on Example. */
export function example({ token, secret, apiRoot = "https://api.example.com", id = "example" }: ExampleOptions): Platform {
  const fail = (failure: Failure): never => {
    throw new PlatformError({ platform: id, failure, message: `Example did not do it: ${failure.kind}` });
  };
  const call = async (path: string, signal: AbortSignal, body?: object): Promise<{ id: string; name: string }> => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const request = { method: body === undefined ? "GET" : "POST", headers, signal, body: JSON.stringify(body) ?? null };
    const response = await fetch(apiRoot + path, request).catch(() => fail({ kind: signal.aborted ? "aborted" : "unavailable" }));
    if (response.ok) return (await response.json()) as { id: string; name: string };
    const retryAfterMs = Number(response.headers.get("retry-after") ?? 1) * 1000;
    return fail(
      response.status === 429 ? { kind: "rate-limited", retryAfterMs } : (failures[response.status] ?? { kind: "unavailable" }),
    );
  };
  return definePlatform({
    apiVersion: 1,
    id,
    kind: "example",
    capabilities: capabilityTable,
    claims: [{ scope: "example-bot", fingerprint: hash("sha256", token).slice(0, 16) }],
    measure: utf16Length,
    async receive(request, host) {
      const given = hash("sha256", request.headers.get("x-example-secret") ?? "", "buffer");
      if (!timingSafeEqual(given, hash("sha256", secret, "buffer"))) return new Response("Wrong secret", { status: 401 });
      const body = await readBody(request, maxBodyBytes);
      if (body.kind !== "text") return new Response("This cannot be read", { status: 400 });
      // Only what is stored is acknowledged: everything else is delivered again.
      const isStored = await host.accept(decode(body.text, id)).then(
        () => true,
        () => false,
      );
      return new Response(null, { status: isStored ? 204 : 503 });
    },
    async connect(host, connecting) {
      const identity = await call("/me", connecting);
      host.report("up");
      return {
        identity,
        async send({ ref }, { texts: [text = ""], files, actions }, { signal, quote }) {
          if (files.length + actions.length > 0) fail({ kind: "invalid" });
          if (text.length > capabilityTable.text.maxLength) fail({ kind: "too-long" });
          const path = `/chats/${encodeURIComponent(ref.chatId)}/messages`;
          return [{ ...ref, messageId: (await call(path, signal, { text, reply_to: quote?.messageId })).id }];
        },
        disconnect: async () => undefined,
      };
    },
  });
}
