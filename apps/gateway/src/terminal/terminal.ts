import { randomUUID } from "node:crypto";
import { definePlatform, type MessageEvent, type Platform, type PlatformHost } from "@hermes/core";
import { carriesToken } from "../http/bearer.ts";
import { isJson, readBody } from "../http/read-body.ts";
import { answer } from "../http/routes.ts";
import { createAnswerStream, type AnswerStream } from "./answer-stream.ts";
import { parseTerminalMessage, type TerminalMessage, type TerminalOutcome } from "./protocol.ts";
import { createTerminalConnection } from "./terminal-connection.ts";

/** Id and kind of the gateway's own door for terminals. */
export const terminalId = "terminal";

const maxBodyBytes = 1024 * 1024;
const maxOpen = 64;

/** The gateway's own door for terminals. */
export interface TerminalDoor {
  readonly platform: Platform;
  /** The answer to a message is over. */
  readonly settle: (messageId: string, outcome: TerminalOutcome) => void;
  /** Tells every terminal that waits that the gateway ends. */
  close(): void;
}

export interface TerminalOptions {
  /** The bearer token that lets a terminal in. */
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Terminals talk by HTTP: a message is posted, and the answer streams back as lines of JSON until it is over. Who carries the token is
 * let in, so the composition lets everybody in who comes this way.
 */
export function createTerminal({ token, now }: TerminalOptions): TerminalDoor {
  const open = new Map<string, AnswerStream>();
  const settle = (messageId: string, outcome: TerminalOutcome): void => {
    open.get(messageId)?.end(outcome);
    open.delete(messageId);
  };
  const platform = definePlatform({
    apiVersion: 1,
    id: terminalId,
    kind: terminalId,
    claims: [],
    capabilities: {
      text: { maxLength: null, partsPerSend: 1, markdown: "full", tables: true },
      inbound: { replay: "none", windowMs: 0 },
      live: true,
    },
    measure: (markdown) => markdown.length,
    async receive(request, host) {
      if (!carriesToken(request.headers.get("authorization"), token)) return answer(401, { error: "a bearer token is needed" });
      if (request.method !== "POST" || !isJson(request)) return answer(415, { error: "a POST of application/json is expected" });
      const body = await readBody(request, maxBodyBytes);
      const message = body === undefined ? undefined : parseTerminalMessage(body);
      if (message === undefined) return answer(400, { error: 'expected {"user": "…", "text": "…"}' });
      if (open.size >= maxOpen) return answer(429, { error: "too many terminals are waiting" });
      return take(message, host);
    },
    async connect() {
      return createTerminalConnection(terminalId, open);
    },
  });
  const take = async (message: TerminalMessage, host: PlatformHost): Promise<Response> => {
    const messageId = randomUUID();
    const stream = createAnswerStream(() => open.delete(messageId));
    open.set(messageId, stream);
    try {
      const [acceptance] = await host.accept([toEvent(message, messageId, new Date(now()).toISOString())]);
      if (acceptance !== "stored") settle(messageId, "refused");
    } catch (error) {
      open.delete(messageId);
      // Why nothing is taken the gateway says itself, once and not for each message.
      host.logger.debug(`A message could not be stored: ${error instanceof Error ? error.message : String(error)}`);
      return answer(503, { error: "the message could not be stored; send it again later" }, { "retry-after": "5" });
    }
    return new Response(stream.body, { headers: { "content-type": "application/x-ndjson", "cache-control": "no-store" } });
  };
  return {
    platform,
    settle,
    close() {
      for (const messageId of open.keys()) settle(messageId, "shutdown");
    },
  };
}

function toEvent({ user, text }: TerminalMessage, messageId: string, at: string): MessageEvent {
  const ref = { platform: terminalId, chatId: user };
  return {
    version: 1,
    type: "message",
    eventId: messageId,
    messageId,
    chat: { ref, type: "dm" },
    origin: {
      message: { ...ref, messageId },
      author: { id: user, name: user, isBot: false, assurance: "platform" },
      lifetime: "request",
    },
    at,
    text,
    addressed: true,
    attachments: [],
  };
}
