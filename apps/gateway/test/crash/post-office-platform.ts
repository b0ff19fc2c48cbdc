import {
  definePlatform,
  PlatformError,
  type Chat,
  type Ended,
  type Failure,
  type LiveMessage,
  type MessageEvent,
  type Platform,
  type PlatformHost,
  type SendOptions,
  type Sent,
} from "@hermes/core";
import type { Letter, PostOfficeAbilities } from "./post-office-server.ts";

const id = "post";

/** The adapter of a post office, written as adapters are: it polls, moves its cursor with what it was given, and keeps nothing. */
export function postOffice(url: string, { style, tells }: PostOfficeAbilities): Platform {
  const call = async (path: string, body: object, signal?: AbortSignal): Promise<unknown> => {
    const response = await answered(
      fetch(`${url}${path}`, { method: "POST", body: JSON.stringify(body), ...(signal === undefined ? {} : { signal }) }),
    );
    if (!response.ok) throw refused(response.status);
    return await response.json();
  };
  const send = async ({ ref }: Chat, words: string, key: string): Promise<Sent> => {
    const { id: messageId } = (await call("/send", { chat: ref.chatId, text: words, key })) as { readonly id: string };
    return [{ ...ref, messageId }];
  };
  const openLive = async ({ ref }: Chat, { idempotencyKey }: SendOptions): Promise<LiveMessage> => {
    const { id: messageId } = (await call("/open", { chat: ref.chatId, key: idempotencyKey })) as { readonly id: string };
    return {
      mode: "append",
      maxLength: 2000,
      minIntervalMs: 30,
      update: async ({ markdown }) => void (await call("/grow", { id: messageId, text: markdown })),
      finish: async ({ markdown }) => {
        await call("/finish", { id: messageId, text: markdown });
        return [{ ...ref, messageId }];
      },
      abandon: async () => undefined,
    };
  };
  const still = {
    apiVersion: 1,
    id,
    kind: "post-office",
    claims: [{ scope: "post-office", fingerprint: "office" }],
    measure: (markdown: string) => markdown.length,
  } as const;
  const table = {
    text: { maxLength: 2000, partsPerSend: 1, markdown: "full", tables: false },
    inbound: { replay: "cursor", windowMs: 86_400_000 },
    idempotentSend: tells === "drops repetitions",
    lookup: tells === "answers",
  } as const;
  const common = (host: PlatformHost) => ({
    identity: { id: "office", name: "office" },
    listen: (signal: AbortSignal) => poll(call, host, signal),
    send: (chat: Chat, { texts }: { readonly texts: readonly string[] }, { idempotencyKey }: SendOptions) =>
      send(chat, texts.join("\n\n"), idempotencyKey),
    findSent: async ({ ref }: Chat, key: string): Promise<Sent | undefined> => {
      const found = (await call("/find", { key })) as { readonly id: string | null };
      return found.id === null ? undefined : [{ ...ref, messageId: found.id }];
    },
    disconnect: async () => undefined,
  });
  switch (style) {
    case "final":
      return definePlatform({ ...still, capabilities: table, connect: async (host) => common(host) });
    case "stream":
      return definePlatform({
        ...still,
        capabilities: { ...table, live: true },
        connect: async (host) => ({ ...common(host), openLive }),
      });
    case "edit":
      return definePlatform({
        ...still,
        capabilities: { ...table, edit: { minIntervalMs: 30 } },
        connect: async (host) => ({
          ...common(host),
          edit: async ({ messageId }, { texts }) => void (await call("/edit", { id: messageId, text: texts.join("\n\n") })),
        }),
      });
  }
}

async function poll(
  call: (path: string, body: object, signal: AbortSignal) => Promise<unknown>,
  host: PlatformHost,
  signal: AbortSignal,
): Promise<Ended> {
  try {
    let after = Number((await host.memory.get("after")) ?? 0);
    while (!signal.aborted) {
      const letters = (await call("/letters", { after }, signal)) as readonly Letter[];
      if (letters.length === 0) continue;
      await host.accept(letters.map(eventOf), { key: "after", value: after + letters.length });
      after += letters.length;
    }
    return { reason: "requested" };
  } catch (error) {
    return signal.aborted
      ? { reason: "requested" }
      : { reason: "lost", error: error instanceof Error ? error : new Error("lost") };
  }
}

function eventOf({ id: messageId, chat: chatId, text }: Letter): MessageEvent {
  const ref = { platform: id, chatId };
  return {
    version: 1,
    type: "message",
    eventId: messageId,
    messageId,
    chat: { ref, type: "dm" },
    origin: {
      message: { ...ref, messageId },
      author: { id: chatId, isBot: false, assurance: "platform" },
      lifetime: "durable",
    },
    at: new Date().toISOString(),
    text,
    addressed: true,
    attachments: [],
  };
}

async function answered(request: Promise<Response>): Promise<Response> {
  try {
    return await request;
  } catch (cause) {
    throw new PlatformError({ platform: id, failure: { kind: "unavailable" }, message: "No answer", cause });
  }
}

function refused(status: number): PlatformError {
  const failures: Readonly<Record<number, Failure>> = {
    404: { kind: "not-found", what: "message" },
    409: { kind: "not-modified" },
    422: { kind: "invalid" },
  };
  const failure = failures[status] ?? { kind: "unavailable" };
  return new PlatformError({ platform: id, failure, message: `Refused with ${status}` });
}
