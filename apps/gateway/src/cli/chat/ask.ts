import { randomUUID } from "node:crypto";
import type { Readable } from "node:stream";
import type { Clock } from "@hermes/core";
import { maxChatTextLength, type ProtocolEvent } from "@hermes/protocol";
import type { ChatPartner } from "../../chat-partner.ts";
import { GatewayError } from "../../config/problem.ts";
import { Link } from "./link.ts";
import { explainOutcome } from "./outcome.ts";
import { Teller } from "./teller.ts";

const giveUpAfterMs = 60_000;

export interface AskParts {
  readonly partner: ChatPartner;
  readonly clock: Clock;
  readonly random: () => number;
  readonly sessionKey: string;
  readonly write: (text: string) => void;
  /** Interrupts the answer when it is called back. */
  readonly onInterrupt: (interrupt: () => void) => void;
}

/**
 * Says one thing and writes the answer to it as it comes.
 *
 * @throws GatewayError 75 where there is no whole answer, saying why; RpcError where the message was refused.
 */
export async function ask(text: string, parts: AskParts): Promise<void> {
  const teller = new Teller(parts.write);
  const over = Promise.withResolvers<void>();
  // It may be lost before anybody waits for its end.
  over.promise.catch(() => undefined);
  const key = randomUUID();
  let messageId: string | undefined;
  const send = async (): Promise<void> => {
    messageId = (await link.send(key, text)).message_id;
  };
  const hear = (event: ProtocolEvent): void => {
    if (!("message_id" in event) || event.message_id !== messageId) return;
    teller.apply(event);
    if (teller.outcome !== undefined) over.resolve();
  };
  const link = new Link({
    ...parts,
    giveUpAfterMs,
    onEvent: hear,
    onResume: () => {
      if (messageId === undefined) return;
      teller.retell();
      void send().catch(over.reject);
    },
    onLost: () => undefined,
    onOver: over.reject,
  });
  await link.start();
  parts.onInterrupt(() => void link.stop().catch(over.reject));
  try {
    await send();
    await over.promise;
  } finally {
    link.close();
  }
  const { outcome } = teller;
  if (outcome !== undefined && outcome !== "finished") throw new GatewayError(explainOutcome(outcome), { exitCode: 75 });
}

/**
 * All of an input that is one message.
 *
 * @throws GatewayError where it is longer than a message may be.
 */
export async function readMessage(input: Readable): Promise<string> {
  let text = "";
  for await (const chunk of input.setEncoding("utf8") as AsyncIterable<string>) {
    text += chunk;
    // White space at its end is no part of it.
    if (text.length > 2 * maxChatTextLength) break;
  }
  return checkLength(text.trimEnd());
}

/** @throws GatewayError where it is longer than a message may be. */
export function checkLength(text: string): string {
  if (text.length <= maxChatTextLength) return text;
  throw new GatewayError(`A message has at most ${maxChatTextLength.toLocaleString("en")} characters; this one has more.`, {
    exitCode: 78,
  });
}
