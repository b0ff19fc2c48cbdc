import { createStreamConsumer, type MessageRef, type ReplyContext, type ReplySurface } from "@hermes/core";
import { telegram } from "@hermes/platform-telegram";
import { answerOf, inPieces, sampleNames, type SampleName } from "./stream/sample.ts";
import type { StreamRun } from "./stream/stream.ts";
import { VirtualClock } from "./stream/virtual-clock.ts";

// A process of its own: what other benchmarks left in memory does not slow it down.
const pieceLength = 4;
/** About what a quick model writes: 50 pieces a second. */
const pieceEveryMs = 20;
/** The quickest counts: whatever else the machine does only adds. */
const repetitions = 5;
const lengths = [2500, 5000, 10_000, 20_000, 40_000, 80_000, 160_000] as const;
const chat = { platform: "telegram", chatId: "1" };

const platform = telegram({ token: "123456:FAKE-TOKEN-FOR-TESTS" });
const context: ReplyContext = {
  capabilities: platform.capabilities,
  measure: (markdown) => platform.measure(markdown),
  firstShowMs: 400,
  unknown: "repeat-marked",
  phrases: { repeatMark: "(again)", undelivered: "(undelivered)", uncertain: "(uncertain)", fileRefused: (name) => `(${name})` },
};

const runs: StreamRun[] = [];
for (const sample of sampleNames) {
  await streamed(sample, 10_000);
  for (const length of lengths) {
    const times: number[] = [];
    let calls = 0;
    for (let count = 0; count < repetitions; count++) {
      const result = await streamed(sample, length);
      times.push(result.ms);
      calls = result.calls;
    }
    runs.push({ sample, length, ms: Math.min(...times), calls });
  }
}
process.stdout.write(JSON.stringify(runs));

/** Streams an answer through a consumer in front of a platform that takes everything at once. */
async function streamed(sample: SampleName, length: number): Promise<{ readonly ms: number; readonly calls: number }> {
  const text = answerOf(sample, length);
  const pieces = inPieces(text, pieceLength);
  const clock = new VirtualClock();
  let calls = 0;
  const surface: ReplySurface = {
    open: async () => null,
    async show({ part, texts, refs }) {
      calls += 1;
      const shown: readonly MessageRef[] = texts.map((_, index) => refs[index] ?? { ...chat, messageId: `${part}-${index}` });
      return { kind: "shown", refs: shown };
    },
  };
  const startedAtMs = performance.now();
  const consumer = createStreamConsumer({ context, surface, clock });
  for (const piece of pieces) {
    clock.advance(pieceEveryMs);
    consumer.push({ type: "text-delta", text: piece });
    // Lets an answer of the platform in before the next piece.
    await Promise.resolve();
  }
  consumer.end("finished");
  const state = await settledWith(consumer.settled, clock);
  const ms = performance.now() - startedAtMs;
  const shownLength = state.parts.reduce((sum, part) => sum + part.shown.join("").length, 0);
  if (shownLength < text.trimEnd().length * 0.95) throw new Error(`Only ${shownLength} of ${text.length} characters were shown`);
  return { ms, calls };
}

/** What is still to be shown comes at the platform's pace: time has to go on for that. */
async function settledWith<Result>(settled: Promise<Result>, clock: VirtualClock): Promise<Result> {
  const progress = { isSettled: false };
  const done = settled.finally(() => (progress.isSettled = true));
  while (!progress.isSettled) {
    clock.advance(pieceEveryMs);
    await Promise.resolve();
  }
  return await done;
}
