import { createFakeClock } from "@hermes/runtime/testing";
import { expect, it } from "vitest";
import { Pace } from "../src/outbox/pace.ts";

const chat = { platform: "p", chatId: "1" };
const pace = { perChat: { calls: 2, perMs: 1000 }, overall: { calls: 3, perMs: 1000 } };

it("A call takes its room before it is made, and counts from its end, since nobody knows when the platform saw it", async () => {
  const clock = createFakeClock();
  const paced = new Pace(clock);
  const startMs = clock.now();
  const end = paced.take(chat, pace);
  paced.take(chat, pace)();
  expect(paced.untilMs(chat, pace, false)).toBe(startMs + 1000);
  await clock.advance(300);
  end();
  // The other one is the oldest now.
  expect(paced.untilMs(chat, pace, false)).toBe(startMs + 1000);
  await clock.advance(700);
  paced.take(chat, pace)();
  expect(paced.untilMs(chat, pace, false)).toBe(startMs + 1300);
});

it("Chats have room of their own within that of the whole bot, and what only shows progress leaves some of it to what is final", () => {
  const clock = createFakeClock();
  const paced = new Pace(clock);
  const other = { platform: "p", chatId: "2" };
  paced.take(chat, pace);
  expect(paced.untilMs(chat, pace, true)).toBe(clock.now() + 1000);
  expect(paced.untilMs(chat, pace, false)).toBeUndefined();
  paced.take(chat, pace);
  expect(paced.untilMs(other, pace, false)).toBeUndefined();
  paced.take(other, pace);
  expect(paced.untilMs({ platform: "p", chatId: "3" }, pace, false)).toBe(clock.now() + 1000);
  expect(paced.untilMs({ platform: "q", chatId: "1" }, pace, false)).toBeUndefined();
  expect(paced.untilMs(chat, false, false)).toBeUndefined();
});

it("An album takes the room of all its files, and waits for it; one larger than the room waits until there is nothing else", async () => {
  const clock = createFakeClock();
  const paced = new Pace(clock);
  const four = { perChat: { calls: 4, perMs: 1000 } };
  const startMs = clock.now();
  expect(paced.untilMs(chat, four, false, 3)).toBeUndefined();
  paced.take(chat, four, 3)();
  expect(paced.untilMs(chat, four, false)).toBeUndefined();
  expect(paced.untilMs(chat, four, false, 2)).toBe(startMs + 1000);
  expect(paced.untilMs(chat, four, false, 9)).toBe(startMs + 1000);
  await clock.advance(1000);
  expect(paced.untilMs(chat, four, false, 9)).toBeUndefined();
});
