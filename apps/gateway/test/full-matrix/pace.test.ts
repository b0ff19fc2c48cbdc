import { text } from "@hermes/core";
import { matrix } from "@hermes/platform-matrix";
import { createGateway, createMemoryStore } from "@hermes/runtime";
import { createFakeClock } from "@hermes/testkit";
import { expect, it, onTestFinished } from "vitest";
import { startHomeserver, type Homeserver, type Room } from "../../../../packages/platform-matrix/test/server.ts";
import { eventsIn } from "../../../../packages/platform-matrix/test/server/world.ts";

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const aTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Lets what runs in this process come to rest: both ends of each call are in it, and only the poll stays open. */
async function rest(server: Homeserver): Promise<void> {
  for (let still = 0; still < 50; still = server.underWay > 1 ? 0 : still + 1) await aTurn();
}

interface PacedHouse {
  readonly server: Homeserver;
  /** Rooms for two, each with a person of its own. */
  readonly rooms: readonly Room[];
  readonly ask: (room: Room, what: string) => void;
  /** Moves time on until so much is so. How long that took, in milliseconds. */
  readonly until: (isSo: () => boolean) => Promise<number>;
  readonly refused: () => number;
}

/** A gateway and a homeserver on one clock that the test moves, with Synapse's default limits. */
async function pacedHouse(people: number): Promise<PacedHouse> {
  const clock = createFakeClock();
  const server = await startHomeserver({ nowMs: () => clock.now() });
  server.rates.isOn = true;
  const persons = Array.from({ length: people }, (_, index) => server.world.addAccount(`person${index}`));
  const rooms = persons.map((person) => server.addDirect(person));
  const gateway = createGateway({
    platforms: [matrix({ userId: server.bot.userId, homeserver: server.url, accessToken: server.device.token }, { clock })],
    agent: async function* (turn) {
      const [{ text: said }] = turn.input;
      if (said !== "write") return yield text(`echo: ${said}`);
      for (let word = 0; word < 600 && !turn.signal.aborted; word += 1) {
        yield text(`word ${word} `);
        await clock.sleep(100);
      }
      yield text("the end");
    },
    access: { allowAll: true },
    store: createMemoryStore(),
    limits: { maxTurns: 100 },
    clock,
    logger: quiet,
  });
  onTestFinished(async () => {
    await gateway.stop();
    await server.close();
  });
  await gateway.start();
  await server.until(() => server.isPolled);
  return {
    server,
    rooms,
    ask: (room, what) => void server.say(room, persons[rooms.indexOf(room)]?.userId ?? "", what),
    async until(isSo) {
      const startMs = clock.now();
      while (!isSo() && clock.now() - startMs < 900_000) {
        await rest(server);
        await clock.advance(250);
      }
      return clock.now() - startMs;
    },
    refused: () => server.rates.refused,
  };
}

/** What the bot's messages in a room say now. */
function shown(server: Homeserver, room: Room): string {
  const own = eventsIn(room).filter(({ sender, type }) => sender === server.bot.userId && type === "m.room.message");
  const latest = new Map<string, string>();
  for (const { event_id: id, content } of own) {
    const relation = content["m.relates_to"] as { readonly rel_type?: string; readonly event_id?: string } | undefined;
    const said = (content["m.new_content"] ?? content) as { readonly body?: string };
    latest.set(relation?.rel_type === "m.replace" ? (relation.event_id ?? "") : id, said.body ?? "");
  }
  return [...latest.values()].join("");
}

const second = 1000;

it("A long answer grows smoothly, and its end stands there as soon as Synapse takes one more event", async () => {
  const { server, rooms, ask, until, refused } = await pacedHouse(1);
  const [room] = rooms;
  if (room === undefined) return expect.unreachable();
  ask(room, "write");
  let last = "";
  let stoodMs = 0;
  let longestMs = 0;
  const tookMs = await until(() => {
    const now = shown(server, room);
    stoodMs = now === last ? stoodMs + 250 : 0;
    longestMs = Math.max(longestMs, stoodMs);
    last = now;
    return now.includes("the end");
  });
  expect(last.startsWith("word 0 word 1 ")).toBe(true);
  expect(last.match(/word/gu)).toHaveLength(600);
  // It is written for some ninety seconds here; a window of ten in fifty seconds would let it stand still for half of them.
  expect(longestMs).toBeLessThan(10 * second);
  expect(tookMs).toBeLessThan(110 * second);
  expect(refused()).toBeLessThan(5);
});

it.each([
  [12, 20],
  [30, 110],
])(
  "%i people who ask at once are all answered as fast as Synapse takes it, in %i s, without a storm of refusals",
  async (people, withinS) => {
    const { server, rooms, ask, until, refused } = await pacedHouse(people);
    for (const room of rooms) ask(room, "hello");
    const answered = (): number => rooms.filter((room) => shown(server, room) === "echo: hello").length;
    expect(await until(() => answered() === people)).toBeLessThan(withinS * second);
    // What waits asks again when the homeserver said, two or three at a time.
    expect(refused()).toBeLessThan(people * 2);
  },
);
