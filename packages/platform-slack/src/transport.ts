import { readBody, type Clock, type Logger } from "@hermes/core";
import type { SlackUpdate } from "./decode.ts";
import { isSigned, signatureIn } from "./transport/signature.ts";

export { listenBySocket, reportsEveryMs } from "./transport/socket-mode.ts";

export interface Webhook {
  readonly signingSecret: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Resolves once the update is stored. */
  take(update: SlackUpdate): Promise<void>;
}

/** Far above any event; the largest hold a few texts of 40,000 characters. */
const maxBodyBytes = 1024 * 1024;
/** Slack waits for three seconds; what is stored later comes again and is known by its id. */
const deadlineMs = 2500;

/**
 * Takes one request of Slack: an event, a press, a slash command, or the question whether this is the right address. The signature is
 * checked before anything of the body is believed; 200 says that it is stored, anything else makes Slack try again.
 */
export async function receiveWebhook(request: Request, webhook: Webhook): Promise<Response> {
  if (request.method !== "POST") return answer(405, "Expected POST", { allow: "POST" });
  const signature = signatureIn(request.headers, webhook.clock.now());
  if (signature === undefined) return answer(401, "The signature is missing, malformed or too old");
  const body = await readBody(request, maxBodyBytes);
  if (body.kind === "too-large") return answer(413, "The body is larger than 1 MB");
  if (body.kind === "broken" || !isSigned(body.text, signature, webhook.signingSecret)) {
    return answer(401, "The signature is wrong");
  }
  const type = request.headers.get("content-type") ?? "";
  const read = /^application\/x-www-form-urlencoded\b/iu.test(type) ? readForm(body.text) : readJson(body.text);
  if (read === undefined) return answer(400, "The body is neither JSON nor a form of Slack's");
  if (read.kind === "question") return answer(200, read.answer);
  try {
    return await beforeDeadline(webhook.take(read), webhook.clock);
  } catch (error) {
    // Why nothing is taken the gateway says itself, once and not for each event.
    webhook.logger.debug(
      `An event could not be stored (${error instanceof Error ? error.name : typeof error}); Slack will send it again`,
    );
    return answer(503, "The event could not be stored");
  }
}

type Read = SlackUpdate | { readonly kind: "question"; readonly answer: string };

function readJson(text: string): Read | undefined {
  const parsed = parse(text);
  if (parsed === undefined) return undefined;
  const { type, challenge } = (typeof parsed.value === "object" && parsed.value !== null ? parsed.value : {}) as Readonly<
    Record<string, unknown>
  >;
  if (type === "url_verification" && typeof challenge === "string") return { kind: "question", answer: challenge };
  return { kind: "event", payload: parsed.value };
}

function readForm(text: string): Read | undefined {
  const form = new URLSearchParams(text);
  if (form.get("ssl_check") === "1") return { kind: "question", answer: "" };
  const payload = form.get("payload");
  if (payload === null) return form.has("command") ? { kind: "command", payload: Object.fromEntries(form) } : undefined;
  const parsed = parse(payload);
  return parsed === undefined ? undefined : { kind: "interaction", payload: parsed.value };
}

function beforeDeadline(taken: Promise<void>, clock: Clock): Promise<Response> {
  return new Promise((resolve, reject) => {
    const cancel = clock.wakeAt(clock.now() + deadlineMs, () => resolve(answer(503, "The event is not stored yet")));
    taken.then(
      () => {
        cancel();
        // A body would be shown to people as the answer to their command.
        resolve(new Response(null, { status: 200 }));
      },
      (error: unknown) => {
        cancel();
        reject(error instanceof Error ? error : new Error("The store threw what is no error", { cause: error }));
      },
    );
  });
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // No JSON means the same to the sender.
    return undefined;
  }
}

function answer(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(text, { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers } });
}
