import type { Clock } from "@hermes/core";
import { chatCompletionEvents, encodeChatCompletion, encodeResponse, failureOf, responseEvents } from "../encode.ts";
import type { Answer } from "../exchange/answer.ts";
import type { Exchange, Listener } from "../exchange/exchange.ts";
import { createEventStream, type EventStream } from "./event-stream.ts";

export interface RespondOptions {
  /** Aborted when the caller hangs up. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** What may wait for a slow reader. */
  readonly maxQueuedBytes: number;
  /** Called once, when the caller has all of it or went away. */
  readonly onOver: () => void;
}

/** The answer as one body. */
export async function respondWhole(exchange: Exchange, { signal, onOver }: RespondOptions): Promise<Response> {
  const over = Promise.withResolvers<Answer | undefined>();
  const leave = exchange.join({ text: nothing, progress: nothing, end: (answer) => over.resolve(answer) });
  const hangUp = (): void => {
    leave();
    over.resolve(undefined);
  };
  signal.addEventListener("abort", hangUp, { once: true });
  if (signal.aborted) hangUp();
  try {
    const answer = await over.promise;
    // Nobody is there to read it.
    if (answer === undefined) return new Response(null, { status: 499 });
    const failure = failureOf(answer);
    if (failure !== undefined) throw failure;
    return Response.json(answer.facts.api === "responses" ? encodeResponse(answer) : encodeChatCompletion(answer));
  } finally {
    signal.removeEventListener("abort", hangUp);
    onOver();
  }
}

/** The answer as it comes. */
export function respondStreaming(exchange: Exchange, { signal, clock, maxQueuedBytes, onOver }: RespondOptions): Response {
  const encoder = exchange.facts.api === "responses" ? responseEvents(exchange.facts) : chatCompletionEvents(exchange.facts);
  let isOver = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    signal.removeEventListener("abort", hangUp);
    onOver();
  };
  const stream: EventStream = createEventStream({ clock, maxQueuedBytes, onGone: () => hangUp() });
  stream.write(encoder.open());
  const listener: Listener = {
    text: (delta) => stream.write(encoder.text(delta)),
    progress: (event) => stream.write(encoder.progress(event)),
    end(answer) {
      stream.close(encoder.end(answer));
      finish();
    },
  };
  let leave: () => void = nothing;
  let isGone = false;
  function hangUp(): void {
    isGone = true;
    leave();
    stream.close();
    finish();
  }
  leave = exchange.join(listener);
  // A reader may be lost to the very first write, before there was anything to leave.
  if (isGone) leave();
  signal.addEventListener("abort", hangUp, { once: true });
  if (signal.aborted) hangUp();
  return new Response(stream.body, {
    headers: { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" },
  });
}

function nothing(): void {
  // Whoever waits for the whole hears nothing before.
}
