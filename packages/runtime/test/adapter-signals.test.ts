import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import type { Logger, Platform } from "@hermes/core";
import { createGateway } from "@hermes/runtime";
import { createFakeClock, createScriptedPlatform, settle } from "@hermes/runtime/testing";
import { echo } from "./set-up.ts";

const silent: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

describe("An adapter that goes on listening to its signal after its connection broke", () => {
  it("is told that this is over, and nothing of it is kept", async () => {
    // The scripted adapter never takes its listener back.
    const chat = createScriptedPlatform({ style: "edit" });
    const signals: AbortSignal[] = [];
    const platform: Platform = {
      ...chat.platform,
      connect: async (host, connecting) => {
        const connection = await chat.platform.connect(host, connecting);
        const listen: typeof connection.listen = async (signal) => {
          signals.push(signal);
          return (await connection.listen?.(signal)) ?? { reason: "requested" };
        };
        return { ...connection, listen };
      },
    };
    const clock = createFakeClock();
    const gateway = createGateway({ platforms: [platform], agent: echo, logger: silent, random: () => 0.5, clock });
    await gateway.start();
    await settle();
    for (let time = 0; time < 3; time += 1) {
      chat.lose({ kind: "unavailable" });
      await clock.advance(120_000);
    }
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true, false]);
    expect(signals.slice(0, 3).flatMap((signal) => getEventListeners(signal, "abort"))).toEqual([]);
    await gateway.stop();
  });
});
