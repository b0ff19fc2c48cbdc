import { settle, type FakeClock } from "@hermes/runtime/testing";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { createPuppet, keyOf, startDoor, type Bench } from "../../../../packages/platform-web/test/set-up.ts";
import { Link } from "../../src/cli/chat/link.ts";
import { plain } from "../../src/cli/chat/style.ts";
import { Transcript } from "../../src/cli/chat/transcript.ts";
import { GatewayError } from "../../src/config/problem.ts";
import { openInsideWire } from "../../src/home-client/inside-wire.ts";
import type { Wire } from "../../src/home-client/wire.ts";

const sessionKey = keyOf("ada");

/** A chat whose connections the test can cut off, and refuse. */
function chatWith({ upgrade }: Pick<Bench, "upgrade">, clock: FakeClock) {
  const transcript = new Transcript({ columns: () => 1000 }, plain);
  const lost: boolean[] = [];
  const ends: unknown[] = [];
  let wire: Wire | undefined;
  let isRefused = false;
  let opened = 0;
  const ended = new AbortController().signal;
  const link: Link = new Link({
    partner: {
      async open() {
        opened += 1;
        if (isRefused) throw new GatewayError("Nobody is there.", { exitCode: 75 });
        const doors = { credentials: new WeakMap() } as unknown as Parameters<typeof openInsideWire>[1];
        const gateway = { receive: () => upgrade() };
        wire = await openInsideWire(gateway, doors, { id: "ada", userId: "ada", scope: "write", ended });
        return wire;
      },
    },
    clock,
    random: () => 1,
    sessionKey,
    onEvent: (event) => transcript.apply(event),
    onResume({ running }, history) {
      transcript.resume(running, history);
      for (const { key, text } of transcript.unanswered) say(key, text);
    },
    onLost: (state) => void lost.push(state !== undefined),
    onOver: (error) => void ends.push(error),
  });
  const say = (key: string, text: string): void => {
    void link.send(key, text).then(
      ({ message_id }) => transcript.taken(key, message_id),
      (error: unknown) => transcript.refused(key, String(error)),
    );
  };
  onTestFinished(() => link.close());
  return {
    link,
    transcript,
    lost,
    ends,
    opened: () => opened,
    cut: () => wire?.close(),
    refuse: (refused: boolean) => void (isRefused = refused),
    say(key: string, text: string) {
      transcript.say(key, text);
      say(key, text);
    },
  };
}

describe("A connection that breaks off", () => {
  it("loses nothing of an answer, tells nothing twice and says nothing twice, wherever it breaks", async () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constant("tell" as const) },
      { weight: 2, arbitrary: fc.constantFrom("cut" as const, "wait" as const, "ask" as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const { agent, turns } = createPuppet();
        const bench = await startDoor({ agent, gateway: { limits: { maxQueuedPerSession: 1000 } } });
        const { clock } = bench;
        const chat = chatWith(bench, clock);
        await chat.link.start();
        let count = 0;
        const asked: string[] = [];
        const ask = (): void => {
          asked.push(`question ${asked.length}`);
          chat.say(`k${asked.length}`, `question ${asked.length - 1}`);
        };
        ask();
        for (const one of steps) {
          if (one === "cut") chat.cut();
          else if (one === "ask") ask();
          else if (one === "wait") await clock.advance(700);
          else turns.at(-1)?.say(`word ${(count += 1)} `);
          await settle();
        }
        for (let round = 0; round < 3 * asked.length + 5; round += 1) {
          turns.at(-1)?.end();
          await clock.advance(3000);
        }
        const text = chat.transcript.take().join("\n");
        expect(chat.transcript.isBusy).toBe(false);
        expect(text.match(/word \d+/gu) ?? []).toEqual(Array.from({ length: count }, (_, index) => `word ${index + 1}`));
        expect(text.match(/› question \d+/gu)).toEqual(asked.map((question) => `› ${question}`));
        const said = turns.map(({ text: heard }) => heard).join("\n");
        for (const question of asked) expect(said.split(question)).toHaveLength(2);
        chat.link.close();
        bench.door.close();
        await bench.gateway.stop();
      }),
      { numRuns: 40 },
    );
  });

  it("is tried again after longer and longer pauses, ten seconds at most", async () => {
    const bench = await startDoor();
    const chat = chatWith(bench, bench.clock);
    await chat.link.start();
    chat.refuse(true);
    chat.cut();
    await settle();
    const tries: number[] = [];
    for (let second = 0; second < 60; second += 1) {
      await bench.clock.advance(1000);
      tries.push(chat.opened() - 1);
    }
    // After 0.25, 0.75, 1.75, 3.75, 7.75, 15.75, 25.75 seconds and so on.
    expect([tries[0], tries[3], tries[7], tries[15], tries[25], tries[35], tries[59]]).toEqual([2, 4, 5, 6, 7, 8, 10]);
    expect(chat.lost).toEqual([true]);
    chat.refuse(false);
    await bench.clock.advance(10_000);
    expect(chat.lost).toEqual([true, false]);
    expect(chat.ends).toEqual([]);
  });

  it("ends what waits for it when the conversation is left", async () => {
    const bench = await startDoor();
    const chat = chatWith(bench, bench.clock);
    await chat.link.start();
    chat.refuse(true);
    chat.cut();
    await settle();
    const sent = chat.link.send("k", "hello");
    chat.link.close();
    await expect(sent).rejects.toThrow("The conversation is over");
  });
});
