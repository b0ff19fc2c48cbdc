import { randomUUID } from "node:crypto";
import type { MessageEvidence, MessagePlace } from "@hermes/protocol";
import { GatewayError } from "../../config/problem.ts";
import { printable } from "../../log/printable.ts";
import { readMessage } from "../chat/ask.ts";
import { asJson } from "../ledger/as-json.ts";
import { askGateway } from "./ask-gateway.ts";

/** How `hermes send` is asked for on the command line. */
export interface SendOptions {
  readonly key?: string;
  readonly json?: true;
}

/** `hermes send`: says something in chats, and says what the platforms say of it, a line for each place. */
export async function sendOne(target: string, given: string | undefined, { key, json }: SendOptions): Promise<void> {
  if (given === undefined && process.stdin.isTTY)
    throw new GatewayError("What is to be said? Give it as an argument, or in a pipe.", { exitCode: 78 });
  const text = given === undefined || given === "-" ? await readMessage(process.stdin) : given;
  if (text.trim() === "") throw new GatewayError("There is nothing to say: the text is empty.", { exitCode: 78 });
  // Sent again by a broken connection it is the same message.
  const idempotencyKey = key ?? randomUUID();
  const evidence = await askGateway(({ client }) => client.call("messages.send", { target, text, idempotencyKey }));
  const lines = evidence.places.map((place) => `${printable(describePlace(place))}\n`);
  process.stdout.write(json === true ? asJson(evidence) : lines.join(""));
  process.exitCode = exitCodes[evidence.state];
}

const exitCodes: Readonly<Record<MessageEvidence["state"], number>> = { sent: 0, queued: 75, unknown: 75, failed: 1 };

/** What became of a message in one place, and what to do where it is not there. */
export function describePlace({ target, state, refs, replyId, failure }: MessagePlace): string {
  const why = failure === undefined ? "" : `: ${failure}`;
  switch (state) {
    case "sent": {
      const ids = refs.map(({ messageId }) => messageId);
      const where = ids.length === 0 ? "" : ` (${ids.length === 1 ? "message" : "messages"} ${ids.join(", ")})`;
      return `Sent to ${target}${where}`;
    }
    case "queued":
      return `Queued for ${target}${why}. It is kept, and sent as soon as that works: hermes deliveries show ${replyId}`;
    case "unknown":
      return `Nobody can tell whether it stands in ${target}${why}. Look there first; to send it again: hermes deliveries retry ${replyId}`;
    case "failed":
      return `Not sent to ${target}${why}. Once that is mended: hermes deliveries retry ${replyId}`;
  }
}
