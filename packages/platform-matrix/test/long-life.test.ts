import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { KnownEvents } from "../src/decode/known-events.ts";
import { Rooms } from "../src/rooms.ts";
import { eventsOf } from "../src/transport/room-events.ts";
import { SteppingClock } from "@hermes/testkit";
import { context, fixture } from "./fixtures.ts";

/** What is still in use, in bytes. */
function usedBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

test("A hundred thousand events in ten thousand rooms leave no more behind than the first few thousand", async () => {
  const known = new KnownEvents();
  const api = {
    findEvent: async () => undefined,
    state: async () => ({ name: "A room ".repeat(1000) }),
    members: async () => [],
    directRooms: async () => ({}),
    setDirectRooms: async () => undefined,
  };
  const rooms = new Rooms({ platform: "matrix", botId: context.botId, api, clock: new SteppingClock() });
  rooms.isListening = true;
  rooms.setDirect({});
  const options = { ...context, botName: () => "Hermes", api, known, commands: () => context.commands, nowMs: () => 0 };
  const { signal } = new AbortController();
  const message = fixture("direct-message");
  let heard = 0;
  const live = async (from: number, to: number): Promise<void> => {
    for (let room = from; room < to; room += 1) {
      const roomId = `!room${room}:example.org`;
      const facts = await rooms.facts(roomId);
      const raw = Array.from({ length: 10 }, (_, index) => ({
        ...message,
        event_id: `$${room}-${index}`,
        content: { msgtype: "m.text", body: `${room} ${index} ${"word ".repeat(100)}` },
      }));
      heard += (await eventsOf(raw, [], facts, options, { lookUps: 50, lookUpMs: 10_000 }, signal)).length;
    }
  };
  await live(0, 1000);
  const before = usedBytes();
  await live(1000, 10_000);
  expect(heard).toBe(100_000);
  expect(usedBytes() - before).toBeLessThan(4 * 1024 * 1024);
});
