import { GatewayError } from "../config/problem.ts";
import { parseTerminalLine, type TerminalMessage, type TerminalOutcome } from "./protocol.ts";

/** Carries a request to a gateway: over the network, or inside this process. */
export type Transport = (path: string, init: RequestInit) => Promise<Response>;

export interface Listener {
  onText(text: string): void;
  onMessageEnd(): void;
}

/**
 * Says something to a gateway and listens until the answer is over.
 *
 * @throws GatewayError when the gateway does not take the message or breaks off.
 */
export async function converse(
  transport: Transport,
  token: string,
  message: TerminalMessage,
  listener: Listener,
): Promise<TerminalOutcome> {
  const response = await transport("/terminal/messages", {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(message),
  }).catch((error: unknown) => {
    throw new GatewayError("The gateway does not answer. Look at its log, or start it again.", { exitCode: 75, cause: error });
  });
  if (!response.ok || response.body === null) throw refusal(response);
  for await (const line of linesOf(response.body)) {
    const parsed = parseTerminalLine(line);
    if (parsed?.type === "text") listener.onText(parsed.text);
    else if (parsed?.type === "message-end") listener.onMessageEnd();
    else if (parsed?.type === "end") return parsed.outcome;
  }
  throw brokenOff();
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for await (const chunk of body) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } catch (error) {
    throw brokenOff(error);
  }
}

function brokenOff(cause?: unknown): GatewayError {
  return new GatewayError("The gateway broke off before the answer was over. What was answered stands in the history.", {
    exitCode: 75,
    cause,
  });
}

function refusal({ status }: Response): GatewayError {
  if (status === 401)
    return new GatewayError("The gateway does not take this token. Is `server.token` the one it was started with?", {
      exitCode: 78,
    });
  if (status === 429) return new GatewayError("The gateway is asked too much. Try again in a minute.", { exitCode: 75 });
  return new GatewayError(`The gateway did not take the message (${status}). Try again later, or look at its log.`, {
    exitCode: 75,
  });
}
