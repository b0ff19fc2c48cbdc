import { describe, expect, test } from "vitest";
import {
  createStreamConsumer,
  resumeReply,
  type AgentEvent,
  type LiveLimits,
  type ReplyState,
  type ReplySurface,
  type ShowRequest,
  type ShowResult,
} from "../../src/index.ts";
import { FakeClock, settle } from "./fake-clock.ts";
import { contextOf } from "./simulation.ts";

const context = contextOf({ edit: { minIntervalMs: 1000 } });

function text(content: string): AgentEvent {
  return { type: "text-delta", text: content };
}

/** A surface whose calls are answered by hand. */
class ManualSurface implements ReplySurface {
  readonly requests: ShowRequest[] = [];
  readonly opened: number[] = [];
  answer: ((result: ShowResult) => void) | undefined;
  live: () => Promise<LiveLimits | null> = () => Promise.resolve(null);
  broken = false;

  open(part: number): Promise<LiveLimits | null> {
    this.opened.push(part);
    return this.live();
  }

  show(request: ShowRequest): Promise<ShowResult> {
    this.requests.push(request);
    if (this.broken) throw new Error("a fault in the surface");
    return new Promise((resolve) => {
      this.answer = resolve;
    });
  }

  async shown(): Promise<void> {
    this.answer?.({ kind: "shown", refs: [{ platform: "test", chatId: "c", messageId: `m${this.requests.length}` }] });
    await settle();
  }
}

describe("A stream consumer", () => {
  test("shows text after a while, and settles once all of it stands there", async () => {
    const clock = new FakeClock();
    const surface = new ManualSurface();
    const consumer = createStreamConsumer({ context, surface, clock });
    consumer.push(text("Hello"));
    await clock.pass(399);
    expect(surface.requests).toEqual([]);
    await clock.pass(1);
    expect(surface.requests).toMatchObject([{ part: 0, revision: 1, texts: ["Hello"], refs: [], final: false }]);
    await surface.shown();
    consumer.push(text(" world"));
    consumer.end("finished");
    await clock.pass(1000);
    expect(surface.requests[1]).toMatchObject({ texts: ["Hello world"], refs: [{ messageId: "m1" }], final: true });
    await surface.shown();
    expect((await consumer.settled).parts.map((part) => part.state)).toEqual(["sent"]);
    expect(clock.timerCount).toBe(0);
  });

  test("settles at once when there is nothing to say", async () => {
    const consumer = createStreamConsumer({ context, surface: new ManualSurface(), clock: new FakeClock() });
    consumer.end("finished");
    expect((await consumer.settled).parts).toEqual([]);
  });

  test("keeps one timer, however much text comes in", async () => {
    const clock = new FakeClock();
    const consumer = createStreamConsumer({ context, surface: new ManualSurface(), clock });
    for (let index = 0; index < 100; index++) {
      consumer.push(text("word "));
      await clock.pass(1);
      expect(clock.timerCount).toBe(1);
    }
  });

  test("asks for a live message, and does without one that fails", async () => {
    const clock = new FakeClock();
    const surface = new ManualSurface();
    surface.live = () => Promise.reject(new Error("no"));
    const consumer = createStreamConsumer({ context: contextOf({ live: true, edit: { minIntervalMs: 1000 } }), surface, clock });
    consumer.push(text("Hello"));
    await clock.pass(400);
    expect(surface.opened).toEqual([0]);
    expect(consumer.state.mode).toBe("edit");
    expect(surface.requests).toHaveLength(1);
  });

  test("takes a surface that throws for one that may have done it", async () => {
    const clock = new FakeClock();
    const surface = new ManualSurface();
    surface.broken = true;
    const consumer = createStreamConsumer({ context, surface, clock });
    consumer.push(text("Hello"));
    consumer.end("finished");
    await settle();
    expect(consumer.state.parts[0]).toMatchObject({ marked: true, attempts: 1 });
    surface.broken = false;
    await clock.pass(1000);
    await surface.shown();
    expect((await consumer.settled).parts[0]?.state).toBe("sent");
  });

  test("tells of changes before anything is done about them, and of calls that came back", async () => {
    const clock = new FakeClock();
    const surface = new ManualSurface();
    const told: string[] = [];
    const consumer = createStreamConsumer({
      context,
      surface: {
        open: (part) => surface.open(part),
        show: (request) => {
          told.push("show");
          return surface.show(request);
        },
      },
      clock,
      onChange: (state) => told.push(`changed ${state.parts.map((part) => part.state).join()}`),
      onSettled: (part) => told.push(`settled ${part.index} ${part.state}`),
    });
    consumer.push(text("Hello"));
    consumer.end("finished");
    await surface.shown();
    expect(told).toEqual(["changed closed", "show", "changed sent", "settled 0 sent"]);
  });

  test("is whole before it makes its first call, also when it goes on with an earlier reply", async () => {
    const clock = new FakeClock();
    const first = new ManualSurface();
    const consumer = createStreamConsumer({ context, surface: first, clock });
    consumer.push(text("Hello"));
    consumer.end("finished");
    consumer.abandon();

    const second = new ManualSurface();
    const state: ReplyState = resumeReply(consumer.state, context, clock.now());
    const resumed = createStreamConsumer({ context, surface: second, clock, state });
    expect(second.requests).toEqual([]);
    await settle();
    expect(second.requests).toMatchObject([{ part: 0, texts: ["(again)\n\nHello"], final: true }]);
    await second.shown();
    expect((await resumed.settled).parts[0]?.state).toBe("sent");
  });

  test("makes no more calls once it is abandoned", async () => {
    const clock = new FakeClock();
    const surface = new ManualSurface();
    const consumer = createStreamConsumer({ context, surface, clock });
    let isSettled = false;
    void consumer.settled.then(() => (isSettled = true));
    consumer.push(text("Hello"));
    consumer.abandon();
    consumer.push(text(" world"));
    consumer.end("finished");
    await clock.pass(10_000);
    expect(surface.requests).toEqual([]);
    expect(clock.timerCount).toBe(0);
    expect(isSettled).toBe(false);
  });

  test("lets whoever waits know that an adapter's measure is broken", async () => {
    const broken = contextOf({}, { measure: () => Number(JSON.parse("nonsense")) });
    const consumer = createStreamConsumer({ context: broken, surface: new ManualSurface(), clock: new FakeClock() });
    consumer.push(text("Hello"));
    consumer.end("finished");
    await expect(consumer.settled).rejects.toThrow(SyntaxError);
  });
});
