import type { AgentEvent, Logger, Turn } from "@hermes/core";
import { untilAborted } from "../step/until-aborted.ts";
import type { CallResult } from "../transcript/entry.ts";
import type { ToolResult } from "../tool.ts";
import { approve } from "./approve.ts";
import { EventChannel } from "./event-channel.ts";
import type { ReadCall } from "./read-call.ts";
import { resultText } from "./result-text.ts";

/** Calls that only read run beside each other, so many at once. */
const maxAtOnce = 4;
/** More a tool does not tell while it works. */
const maxTold = 100;
const maxTitleLength = 200;

/** What calls are made with. */
export interface RunCallsOptions {
  readonly turn: Turn;
  /** Aborted with the turn, or when the agent is closed. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/**
 * Makes the calls of one answer: those that only read together, all others one after the other, in their order. What must not happen twice is
 * told before it begins. Answers a result for each call; throws only where the signal is aborted.
 */
export async function* runCalls(
  calls: readonly ReadCall[],
  options: RunCallsOptions,
): AsyncGenerator<AgentEvent, readonly CallResult[]> {
  const results = new Map<string, CallResult>();
  for (const batch of batchesOf(calls)) {
    for (const call of batch) yield started(call);
    const channel = new EventChannel();
    const work = makeAll(batch, channel, results, options).finally(() => channel.close());
    // Its failure is thrown below, after what was told is told.
    work.catch(() => undefined);
    yield* channel.events();
    await work;
  }
  return calls.flatMap(({ id }) => results.get(id) ?? []);
}

function batchesOf(calls: readonly ReadCall[]): readonly (readonly ReadCall[])[] {
  const batches: ReadCall[][] = [];
  for (const call of calls) {
    const open = batches.at(-1);
    const isBeside = open?.every(onlyReads) === true && onlyReads(call) && open.length < maxAtOnce;
    if (open !== undefined && isBeside) open.push(call);
    else batches.push([call]);
  }
  return batches;
}

function onlyReads(call: ReadCall): boolean {
  return !("work" in call) || call.work.effect === "none";
}

function started(call: ReadCall): AgentEvent {
  const title = "work" in call ? call.work.title : call.name;
  return {
    type: "tool-start",
    callId: call.id,
    title: title.slice(0, maxTitleLength),
    tool: call.name,
    effect: "work" in call ? call.work.effect : "none",
    ...(call.input === undefined ? {} : { input: call.input }),
  };
}

async function makeAll(
  batch: readonly ReadCall[],
  channel: EventChannel,
  results: Map<string, CallResult>,
  options: RunCallsOptions,
): Promise<void> {
  await Promise.all(
    batch.map(async (call) => {
      const { outcome, text, summary } = await untilAborted(makeOne(call, channel, options), options.signal);
      results.set(call.id, { id: call.id, name: call.name, text: resultText(text), failed: outcome !== "done" });
      channel.push({ type: "tool-end", callId: call.id, outcome, ...(summary === undefined ? {} : { summary }) });
    }),
  );
}

async function makeOne(call: ReadCall, channel: EventChannel, { turn, signal, logger }: RunCallsOptions): Promise<ToolResult> {
  if ("refusal" in call) return { outcome: "failed", text: call.refusal };
  let told = 0;
  let asked = 0;
  try {
    return await call.work.run({
      turn,
      callId: call.id,
      signal,
      emit(event) {
        told += 1;
        if (told <= maxTold) channel.push(event);
      },
      approve(request) {
        asked += 1;
        return approve(turn, call.id, asked, request);
      },
    });
  } catch (error) {
    signal.throwIfAborted();
    logger.warn(`The tool ${call.name} failed in a way it should not: ${error instanceof Error ? error.message : String(error)}`);
    return { outcome: "failed", text: "The tool failed." };
  }
}
