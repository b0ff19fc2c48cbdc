import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Clock } from "@hermes/core";
import type { ChatStep, ProtocolEvent } from "@hermes/protocol";
import type { ChatPartner } from "../../chat-partner.ts";
import { oneLine } from "../ledger/text-width.ts";
import { cleanText } from "./clean-stream.ts";
import { Link } from "./link.ts";
import { explainOutcome } from "./outcome.ts";
import { Teller } from "./teller.ts";

const prompt = "> ";

export interface PlainTalkParts {
  readonly partner: ChatPartner;
  readonly clock: Clock;
  readonly random: () => number;
  readonly sessionKey: string;
  readonly shownMessages: number;
  readonly input: Readable;
  readonly write: (text: string) => void;
  /** Calls back for each Ctrl-C. */
  readonly onInterrupt: (interrupt: () => void) => void;
}

/** A conversation line by line, for terminals that know no more, and for people who hear what stands there: nothing is ever redrawn. */
export async function talkPlainly(parts: PlainTalkParts): Promise<void> {
  const { sessionKey, write, shownMessages } = parts;
  const tellers = new Map<string, Teller>();
  const own = new Map<string, string>();
  const over = Promise.withResolvers<void>();
  // It may be lost before anybody waits for its end.
  over.promise.catch(() => undefined);
  let waiting = 0;
  let isLeaving = false;
  const promptIfIdle = (): void => {
    if (waiting === 0) write(prompt);
  };
  const hear = (event: ProtocolEvent): void => {
    if (event.type === "session.changed") return;
    if (event.type === "chat.notice") return write(`${cleanText(event.text)}\n`);
    const { message_id } = event;
    if (event.type === "chat.message") {
      if (![...own.values()].includes(message_id)) write(`>> ${cleanText(event.text)}\n`);
      return;
    }
    if (event.type === "chat.step") return write(stepLine(event.step));
    const teller = tellers.get(message_id) ?? new Teller(write);
    tellers.set(message_id, teller);
    teller.apply(event);
    if (event.type !== "chat.done") return;
    tellers.delete(message_id);
    if (event.outcome !== "finished") write(`(${explainOutcome(event.outcome)})\n`);
    for (const [key, id] of own) {
      if (id !== message_id) continue;
      own.delete(key);
      waiting -= 1;
      promptIfIdle();
    }
  };
  const texts = new Map<string, string>();
  const send = (key: string, text: string): void => {
    const sent = link.send(key, text).then(
      ({ message_id }) => void own.set(key, message_id),
      (error: unknown) => {
        waiting -= 1;
        write(`(Not sent: ${error instanceof Error ? error.message : String(error)})\n`);
        promptIfIdle();
      },
    );
    void sent;
  };
  const link = new Link({
    ...parts,
    onEvent: hear,
    onResume: () => {
      for (const teller of tellers.values()) teller.retell();
      for (const [key] of own) send(key, texts.get(key) ?? "");
    },
    onLost: (lost) => write(lost === undefined ? "(Connected again.)\n" : "(Connection lost. Reconnecting; Ctrl-C leaves.)\n"),
    onOver: over.reject,
  });
  await link.start();
  const lines = createInterface({ input: parts.input, terminal: false });
  parts.onInterrupt(() => {
    if (waiting > 0 && !isLeaving) void link.stop().catch(over.reject);
    else if (isLeaving) over.resolve();
    else write("\n(Ctrl-C again or Ctrl-D leaves)\n");
    isLeaving = true;
  });
  const client = await link.client();
  if (shownMessages > 0) {
    const { messages } = await client.call("chat.history", { session_key: sessionKey, limit: shownMessages });
    for (const { role, text } of messages.slice(-shownMessages)) write(`${role === "user" ? prompt : ""}${cleanText(text)}\n`);
  }
  promptIfIdle();
  lines.on("line", (text) => {
    isLeaving = false;
    if (text.trim() === "") return promptIfIdle();
    const key = randomUUID();
    texts.set(key, text);
    waiting += 1;
    send(key, text);
  });
  lines.once("close", () => over.resolve());
  try {
    await over.promise;
  } finally {
    lines.close();
    over.resolve();
    link.close();
    write("\n");
  }
}

function stepLine({ state, title }: ChatStep): string {
  switch (state) {
    case "running":
      return "";
    case "done":
      return `(${oneLine(title)}: done)\n`;
    case "failed":
      return `(${oneLine(title)}: failed)\n`;
  }
}
