import type { AnyMessage } from "@agentclientprotocol/sdk";
import type { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import type { Complaints } from "../process/complaints.ts";
import { LineSplitter, type Line } from "../process/line-splitter.ts";

/** The longest frame that is taken: a picture of ten megabytes and what is written around it. */
const maxFrameBytes = 16 * 1024 * 1024;

/** What comes of frames, one after the other: the next is not read before the last was taken. */
export interface FrameHandlers {
  /** A notification. */
  notify(method: string, params: unknown): void | Promise<void>;
  /** A request, a response to something that was asked, or word that a request is not wanted any more. */
  forward(message: AnyMessage): void;
  /** Whether something by this id was asked and not yet answered; it counts as answered from now on. */
  settle(id: unknown): boolean;
}

/**
 * Reads an agent's frames: one JSON-RPC 2.0 message on each line.
 *
 * What is none is told and left out. Resolves at the end of the stream; rejects where going on would leave something waiting for ever.
 */
export async function readFrames(output: Readable, handlers: FrameHandlers, complaints: Complaints): Promise<void> {
  const splitter = new LineSplitter(maxFrameBytes);
  // A stream in its default mode gives buffers.
  for await (const piece of output as AsyncIterable<Buffer>) {
    for (const line of splitter.push(piece)) await takeLine(line, handlers, complaints);
  }
  const rest = splitter.end();
  if (rest !== undefined) await takeLine(rest, handlers, complaints);
}

async function takeLine(line: Line, handlers: FrameHandlers, complaints: Complaints): Promise<void> {
  if (line.kind === "too-long") {
    const about = `a frame of ${line.sizeBytes} bytes, where ${maxFrameBytes} are taken at most`;
    // Nobody waits for a notification; whoever waits for an answer would wait for ever.
    if (!/"method"\s*:\s*"session\/update"/u.test(line.head)) throw new Error(`it sent ${about}`);
    complaints.warn(`It sent ${about}: it is left out`);
    return;
  }
  if (line.text.trim() === "") return;
  const message = parsed(line.text);
  if (message === undefined) {
    complaints.warn(`It wrote something to standard output that is no frame: ${line.text}`);
    return;
  }
  await route(message, handlers, complaints);
}

async function route(message: Readonly<Record<string, unknown>>, handlers: FrameHandlers, complaints: Complaints): Promise<void> {
  const { id, method } = message;
  const isKnownId = id === null || typeof id === "string" || typeof id === "number";
  if (typeof method === "string" && !("id" in message)) {
    if (method === "$/cancel_request") handlers.forward(asMessage(message));
    else await handlers.notify(method, message["params"]);
  } else if (typeof method === "string" && isKnownId) {
    handlers.forward(asMessage(message));
  } else if (method === undefined && isKnownId && ("result" in message || "error" in message)) {
    if (handlers.settle(id)) {
      handlers.forward(asMessage(message));
      // Whoever asked goes on before what is told next: it may be about what the answer names.
      await setImmediate();
    } else complaints.warn(`It answered something that was not asked: ${JSON.stringify(id)}`);
  } else {
    complaints.warn(`It sent a frame that is neither a request nor a response: ${Object.keys(message).join(", ")}`);
  }
}

/** Its outline is known to be right; the library checks what is inside. */
function asMessage(message: Readonly<Record<string, unknown>>): AnyMessage {
  return message as unknown as AnyMessage;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isMessage = typeof value === "object" && value !== null && "jsonrpc" in value && value.jsonrpc === "2.0";
    return isMessage ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
