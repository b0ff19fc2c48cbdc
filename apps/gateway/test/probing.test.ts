import { createGateway, type PlatformState } from "@hermes/runtime";
import { createFakeClock } from "@hermes/runtime/testing";
import { telegram } from "@hermes/platform-telegram";
import { expect, it } from "vitest";
import { startBotApiServer } from "../../../packages/platform-telegram/test/server.ts";
import { openLink } from "./switchable-link.ts";

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

it("A bot whose way to Telegram was cut is tried again by itself, and answers what was said meanwhile", async () => {
  await using server = await startBotApiServer();
  const link = await openLink(server.apiRoot);
  const clock = createFakeClock();
  const gateway = createGateway({
    platforms: [telegram({ token: server.token, apiRoot: link.url }, { clock })],
    agent: async function* (turn) {
      yield { type: "text-delta", text: `echo: ${turn.input[0].text}` };
    },
    access: { allow: ["telegram:42"] },
    logger: silent,
    clock,
    random: () => 0.5,
  });
  const state = (): PlatformState["state"] | undefined => gateway.status().platforms[0]?.condition.state;
  /** Lets time pass, a second at a time, with all that happens at sockets meanwhile. */
  const until = async (wanted: PlatformState["state"], longestMs: number): Promise<number> => {
    let passedMs = 0;
    for (; state() !== wanted && passedMs < longestMs; passedMs += 1000) await clock.advance(1000);
    expect(state()).toBe(wanted);
    return passedMs;
  };
  await gateway.start();
  await server.until(() => server.updates.polling);
  await link.cut();
  server.say("are you there?");
  await until("tripped", 20 * 60_000);
  const calls = server.calls.length;
  await link.mend();
  const passedMs = await until("up", 6 * 60_000);
  expect(passedMs).toBeGreaterThanOrEqual(4 * 60_000);
  expect(server.calls.length).toBeGreaterThan(calls);
  while (server.texts(42, "bot").length === 0) await clock.advance(100);
  expect(server.texts(42, "bot")).toEqual(["echo: are you there?"]);
  expect(gateway.status().platforms[0]?.breaker?.phase).toBe("probing");
  await clock.advance(61_000);
  expect(gateway.status().platforms[0]?.breaker).toBeUndefined();
  const stopped = gateway.stop();
  while (gateway.status().phase !== "stopped") await clock.advance(100);
  await stopped;
  expect(clock.pending).toBe(0);
});
