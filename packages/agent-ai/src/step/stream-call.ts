import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from "@ai-sdk/provider";
import type { AgentEvent, Clock } from "@hermes/core";
import { PartCollector } from "./collect-parts.ts";
import { readFailure, type CallFailure } from "./failure.ts";
import { watchSilence, type SilenceLimits } from "./model-silence.ts";
import type { RepeatedStart } from "./repeated-start.ts";
import { untilAborted } from "./until-aborted.ts";

/** More than any model says in one go: a server that never ends is cut off there. */
const maxAnswerLength = 4_000_000;

type Finish = Extract<LanguageModelV4StreamPart, { type: "finish" }>;

/** How one call of a model went. */
export type CallOutcome =
  | {
      readonly kind: "finished";
      readonly collected: PartCollector;
      readonly reason: Finish["finishReason"]["unified"];
      readonly usage: LanguageModelV4Usage;
    }
  | { readonly kind: "broken"; readonly collected: PartCollector; readonly failure: CallFailure };

/** What a call is made with. */
export interface CallSurroundings {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly limits: SilenceLimits;
  /** What was said before in the same answer, which is not to be said again. */
  readonly repeated?: RepeatedStart;
}

/** Calls a model once and tells what it says. Throws only where the outer signal is aborted: all else is an outcome. */
export async function* streamCall(
  model: LanguageModelV4,
  options: LanguageModelV4CallOptions,
  { signal, clock, limits, repeated }: CallSurroundings,
): AsyncGenerator<AgentEvent, CallOutcome> {
  signal.throwIfAborted();
  const collected = new PartCollector();
  const watch = watchSilence(signal, limits, clock);
  let reader: ReadableStreamDefaultReader<LanguageModelV4StreamPart> | undefined;
  let finish: Finish | undefined;
  try {
    const { stream } = await untilAborted(model.doStream({ ...options, abortSignal: watch.signal }), watch.signal);
    reader = stream.getReader();
    for (;;) {
      const { done, value: part } = await untilAborted(reader.read(), watch.signal);
      if (done) break;
      if (part.type === "error") throw part.error;
      if (isSaying(part)) watch.heard();
      if (part.type === "finish") finish = part;
      yield* told(part, collected, repeated);
      if (collected.length > maxAnswerLength) throw new Error(`an answer longer than ${maxAnswerLength} characters`);
    }
    yield* toldLast(collected, repeated);
    if (finish === undefined || finish.finishReason.unified === "error") throw new Error("the answer ended in the middle");
    return { kind: "finished", collected, reason: finish.finishReason.unified, usage: finish.usage };
  } catch (error) {
    signal.throwIfAborted();
    yield* toldLast(collected, repeated);
    return { kind: "broken", collected, failure: readFailure(error) };
  } finally {
    watch.close();
    // A stream that broke says so again when it is put away.
    void reader?.cancel().catch(() => undefined);
  }
}

function isSaying({ type }: LanguageModelV4StreamPart): boolean {
  return type !== "stream-start" && type !== "response-metadata" && type !== "ping";
}

function* told(part: LanguageModelV4StreamPart, collected: PartCollector, repeated?: RepeatedStart): Generator<AgentEvent> {
  if (part.type !== "text-delta") {
    collected.take(part);
    if (part.type === "reasoning-delta" && part.delta !== "") yield { type: "reasoning-delta", text: part.delta };
    return;
  }
  const delta = repeated === undefined ? part.delta : repeated.take(part.delta);
  collected.take({ ...part, delta });
  if (delta !== "") yield { type: "text-delta", text: delta };
}

function* toldLast(collected: PartCollector, repeated?: RepeatedStart): Generator<AgentEvent> {
  const held = repeated?.end() ?? "";
  if (held === "") return;
  collected.take({ type: "text-delta", id: "held back", delta: held });
  yield { type: "text-delta", text: held };
}
