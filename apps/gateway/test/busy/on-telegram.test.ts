import { join } from "node:path";
import { expect, it } from "vitest";
import { openSqliteStore } from "@hermes/store/sqlite";
import { counted, counting, restartHouse } from "../restart/house.ts";
import { stop } from "../serve.ts";

const acked = /^[⚡⏳⏩]/u;
const queued = ", busy: { mode: queue }";

it("A message that comes while one is answered cuts that off, and is answered; what was said stands", async () => {
  const house = await restartHouse();
  const hermes = await counting(house, 100);
  house.api.say("instead");
  await house.api.until(() => house.texts().includes("echo: instead"));
  const [first = ""] = house.texts();
  expect(counted(100).startsWith(first.trim())).toBe(true);
  expect(house.texts().filter((text) => acked.test(text))).toEqual([expect.stringMatching(/^⚡ .*\/busy/su)]);
  await stop(hermes);
});

it("Lines that are written quickly, and a text that Telegram's apps cut, are one message each to the agent", async () => {
  const house = await restartHouse();
  const hermes = await house.serve();
  for (const line of ["one", "two", "three"]) house.api.say(line);
  await house.api.until(() => house.texts().length > 0);
  expect(house.texts()).toEqual(["echo: one\ntwo\nthree"]);
  const piece = "long ".repeat(800).trim();
  house.api.say(piece);
  await house.api.until(() => house.api.updates.pending.length === 0);
  house.api.say("the end");
  await house.api.until(() => house.texts().some((text) => text.includes("the end")));
  expect(house.texts().slice(1).join(" ").replaceAll(/\s+/gu, " ")).toBe(`echo: ${piece} the end`);
  await stop(hermes);
});

it("What waits can be asked for, changed by its author in the app, and dropped", async () => {
  const house = await restartHouse("{}", queued);
  const hermes = await counting(house, 20);
  const second = house.api.say("second");
  await house.api.until(() => house.texts().some((text) => acked.test(text)));
  house.api.say("/queue third");
  house.api.edit(second, "second, but better");
  house.api.say("/queue");
  await house.api.until(() => house.texts().some((text) => text.startsWith("2 messages wait:")));
  expect(house.texts().find((text) => text.startsWith("2 messages wait:"))).toMatch(/1\. second, but better\n2\. third/u);
  house.api.say("/queue drop 2");
  await house.api.until(() => house.texts().includes("echo: second, but better"));
  expect(house.texts()).toContain(counted(20));
  expect(house.texts()).not.toContain("echo: third");
  await stop(hermes);
});

it("A process that is killed while it waits for more loses none of it", async () => {
  const house = await restartHouse("{}", ", burst: { windowMs: 10000 }");
  const hermes = await house.serve();
  house.api.say("one");
  house.api.say("two");
  // Acknowledged by the next poll: so they are stored.
  await house.api.until(() => house.api.updates.pending.length === 0);
  hermes.process.kill("SIGKILL");
  await hermes.ended();
  const next = await house.serve();
  await house.api.until(() => house.texts().length > 0);
  expect(house.texts()).toEqual(["echo: one\ntwo"]);
  await stop(next);
});

it("After an absence what waited is answered together, and the chat is told for how long it was", async () => {
  const house = await restartHouse();
  await stop(await house.serve());
  const nowMs = Date.now();
  const store = await openSqliteStore({ path: join(house.home, "gateway/hermes.db") });
  await store.open();
  const threeHoursAgoMs = nowMs - 3 * 60 * 60_000;
  const presence = { telegram: { sinceMs: threeHoursAgoMs - 1000, seenMs: threeHoursAgoMs } };
  await store.writeMemory({ platform: "$gateway", key: "presence", value: presence });
  await store.close();
  const anHourAgo = { extra: { date: Math.floor(nowMs / 1000) - 3600 } };
  for (const text of ["one", "two", "three", "four"]) house.api.say(text, anHourAgo);
  const hermes = await house.serve();
  await house.api.until(() => house.texts().length > 1);
  expect(house.texts()).toEqual(["I was away 3 h; 4 messages were waiting.", "echo: one\ntwo\nthree\nfour"]);
  await stop(hermes);
});
