import { describe, expect, it } from "vitest";
import type { CommandEvent, DeleteEvent, EditEvent } from "@hermes/core";
import { createMemoryStore, type HookEvent, type Store } from "@hermes/runtime";
import { settle } from "@hermes/runtime/testing";
import { createHeldAgent, startGateway, type BenchOptions } from "./set-up.ts";

const windows = { windowMs: 600, splitWindowMs: 2000, splitLength: 4000 };
const common = {
  version: 1,
  chat: { ref: { platform: "scripted", chatId: "c1" }, type: "dm" },
  origin: { author: { id: "7", isBot: false, assurance: "platform" }, lifetime: "durable" },
  at: "2026-01-01T00:00:01.000Z",
} as const;

async function start(options: BenchOptions = {}, features: Parameters<typeof createHeldAgent>[0] = {}) {
  const { agent, turns } = createHeldAgent(features);
  const heard: HookEvent[] = [];
  const bench = await startGateway({ agent, hooks: [(event) => void heard.push(event)], ...options });
  const say = async (text: string, more: Parameters<typeof bench.chat.says>[1] = {}) => {
    await bench.chat.says(text, more);
    await settle();
  };
  const offer = async (event: EditEvent | DeleteEvent | CommandEvent) => {
    await bench.chat.offer([event]);
    await settle();
  };
  const endAll = async () => {
    for (let index = 0; index < turns.length; index += 1) {
      turns[index]?.end();
      await bench.clock.advance(1000);
    }
    await bench.gateway.stop();
    return turns.map(({ text }) => text);
  };
  return { ...bench, turns, heard, say, offer, endAll };
}

/** A store that answers for events a little later than for other writes, as one may that commits many at once. */
function answersLate(inner: Store, isLate: () => boolean): Store {
  return new Proxy(inner, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      if (name !== "acceptEvents") return value.bind(target) as unknown;
      return async (batch: Parameters<Store["acceptEvents"]>[0]) => {
        const accepted = await target.acceptEvents(batch);
        if (isLate()) await settle();
        return accepted;
      };
    },
  });
}

describe("A message that its turn has taken before anybody knew that it is stored", () => {
  it("does not cut off that turn", async () => {
    let isLate = false;
    const store = answersLate(createMemoryStore(), () => isLate);
    const { say, turns, clock, chat, endAll } = await start({ store, busy: {}, scripted: { burst: windows } });
    await say("one");
    await clock.advance(599);
    isLate = true;
    const offered = chat.says("two");
    await clock.advance(1);
    await offered;
    await settle();
    expect(turns.map(({ text, signal }) => [text, signal.aborted])).toEqual([["one\ntwo", false]]);
    expect(await endAll()).toEqual(["one\ntwo"]);
  });
});
