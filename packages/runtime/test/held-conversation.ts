import type { PlatformEvent } from "@hermes/core";
import type { HookEvent } from "@hermes/runtime";
import { settle } from "@hermes/runtime/testing";
import { createHeldAgent, startGateway, type BenchOptions } from "./set-up.ts";

/** A gateway whose agent waits for the test, what hooks hear, and the ways of people who write to it. */
export async function startHeld(options: BenchOptions = {}, features: Parameters<typeof createHeldAgent>[0] = {}) {
  const { agent, turns } = createHeldAgent(features);
  const heard: HookEvent[] = [];
  const bench = await startGateway({ agent, hooks: [(event) => void heard.push(event)], ...options });
  const say = async (text: string, more: Parameters<typeof bench.chat.says>[1] = {}) => {
    await bench.chat.says(text, more);
    await settle();
  };
  const offer = async (event: PlatformEvent) => {
    const answer = await bench.chat.offer([event]);
    await settle();
    return answer;
  };
  /** Ends turn after turn, then the gateway; answers what each turn was given. */
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
