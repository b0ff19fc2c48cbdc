import { join } from "node:path";
import { text } from "@hermes/core";
import { telegram } from "@hermes/platform-telegram";
import { createGateway } from "@hermes/runtime";
import { openSqliteStore } from "@hermes/store/sqlite";
import { createFakeClock } from "@hermes/testkit";
import { expect, it, onTestFinished } from "vitest";
import { person, startBotApiServer, type BotApiServer } from "../../../../packages/platform-telegram/test/server.ts";
import { temporaryHome } from "../temporary-home.ts";

const group = -1006;
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Lets what runs in this process come to rest: both ends of each call are in it. */
async function rest(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
}

interface PacedHouse {
  readonly api: BotApiServer;
  /** Moves time on until so much was said. How long that took, in milliseconds. */
  readonly untilSaid: (count: () => number, wanted: number) => Promise<number>;
}

/** A gateway and Telegram, on one clock that the test moves, with Telegram's rates on. */
async function pacedHouse(): Promise<PacedHouse> {
  const clock = createFakeClock();
  const api = await startBotApiServer({ nowMs: () => clock.now() });
  api.rates.isOn = true;
  const gateway = createGateway({
    platforms: [telegram({ token: api.token, apiRoot: api.apiRoot }, { clock })],
    agent: async function* (turn) {
      yield text(`To ${turn.input[0].author.name ?? ""}: yes`);
    },
    access: { allowAll: true },
    // Writing takes time there: what is asked before it may not be so any more behind it.
    store: await openSqliteStore({ path: join(await temporaryHome(), "hermes.db") }),
    clock,
    logger: quiet,
  });
  onTestFinished(async () => {
    await gateway.stop();
    await api.close();
  });
  await gateway.start();
  await api.until(() => api.updates.polling);
  const startMs = clock.now();
  return {
    api,
    async untilSaid(count, wanted) {
      while (count() < wanted && clock.now() - startMs < 600_000) {
        await rest();
        await clock.advance(100);
      }
      await rest();
      return clock.now() - startMs;
    },
  };
}

it("Thirty answers in one group, where Telegram takes twenty messages a minute, all arrive, and none is refused on the way", async () => {
  const { api, untilSaid } = await pacedHouse();
  api.addChat({ id: group, type: "supergroup", title: "Everybody" });
  for (let number = 1; number <= 30; number++) {
    api.say("@hermes_test_bot yes or no?", { chat: group, from: person(number, `Person ${number}`) });
  }
  const tookMs = await untilSaid(() => api.texts(group, "bot").length, 30);
  const wanted = Array.from({ length: 30 }, (_, index) => `To Person ${index + 1}: yes`);
  expect(api.texts(group, "bot").toSorted()).toEqual(wanted.toSorted());
  // One that was refused would have been sent again.
  expect(api.callsOf("sendMessage")).toHaveLength(30);
  expect(tookMs).toBeGreaterThan(60_000);
  expect(tookMs).toBeLessThan(90_000);
});

it("A hundred people who ask at once are all answered within what Telegram takes of one bot, and none is refused on the way", async () => {
  const { api, untilSaid } = await pacedHouse();
  for (let number = 1; number <= 100; number++) api.say("yes or no?", { from: person(number, `Person ${number}`) });
  const answers = (): number =>
    Array.from({ length: 100 }, (_, index) => api.texts(index + 1, "bot").length).filter((count) => count === 1).length;
  const tookMs = await untilSaid(answers, 100);
  expect(answers()).toBe(100);
  expect(api.callsOf("sendMessage")).toHaveLength(100);
  expect(tookMs).toBeGreaterThan(3000);
  expect(tookMs).toBeLessThan(10_000);
});
