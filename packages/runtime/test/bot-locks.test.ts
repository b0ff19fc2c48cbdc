import { describe, expect, it } from "vitest";
import type { Platform } from "@hermes/core";
import { type Locks, type PlatformState } from "@hermes/runtime";
import { createScriptedPlatform, settle } from "@hermes/runtime/testing";
import { startGateway } from "./set-up.ts";

type Bench = Awaited<ReturnType<typeof startGateway>>;

function conditionOf({ gateway }: Bench): PlatformState | undefined {
  return gateway.status().platforms[0]?.condition;
}

describe("A lock on a bot", () => {
  const claims = [{ scope: "scripted-bot", fingerprint: "7" }];

  it("that is lost ends listening, and is asked for again", async () => {
    let lost = new AbortController();
    let acquired = 0;
    const locks = {
      acquire: async () => {
        acquired += 1;
        lost = new AbortController();
        return { fence: BigInt(acquired), lost: lost.signal, release: async () => undefined };
      },
    };
    const bench = await startGateway({ locks, scripted: { claims } });
    lost.abort();
    await settle();
    expect(acquired).toBe(2);
    expect(conditionOf(bench)).toMatchObject({ state: "up" });
    await bench.chat.says("hello");
    await bench.gateway.idle();
    expect(bench.chat.texts()).toEqual(["echo: hello"]);
    await bench.gateway.stop();
  });

  it("is given back, and asked for again, only once the old listener has ended for certain", async () => {
    const chat = createScriptedPlatform({ style: "edit", claims });
    const log: string[] = [];
    let lose = (): void => undefined;
    let end = (): void => undefined;
    const locks: Locks = {
      acquire: async () => {
        log.push("acquired");
        const lost = new AbortController();
        lose = () => lost.abort();
        return { fence: 1n, lost: lost.signal, release: async () => void log.push("released") };
      },
    };
    const connect: Platform["connect"] = async (host, signal) => ({
      ...(await chat.platform.connect(host, signal)),
      listen: () => {
        log.push("listening");
        return new Promise((resolve) => {
          end = () => {
            log.push("ended");
            resolve({ reason: "requested" });
          };
        });
      },
    });
    const { gateway, clock } = await startGateway({ locks, chat: { ...chat, platform: { ...chat.platform, connect } } });
    lose();
    await clock.advance(60_000);
    expect(log).toEqual(["acquired", "listening"]);
    end();
    await clock.advance(60_000);
    expect(log).toEqual(["acquired", "listening", "ended", "released", "acquired", "listening"]);
    const stopped = gateway.stop();
    end();
    await clock.advance(10_000);
    await stopped;
    expect(log.slice(6)).toEqual(["ended", "released"]);
  });

  it("that cannot be asked for is asked for again later", async () => {
    let asked = 0;
    const locks = {
      acquire: async () => {
        asked += 1;
        if (asked === 1) throw new Error("The lock's folder cannot be written");
        return { fence: 1n, lost: new AbortController().signal, release: async () => undefined };
      },
    };
    const bench = await startGateway({ locks, scripted: { claims } });
    expect(conditionOf(bench)).toMatchObject({ state: "waiting" });
    await bench.clock.advance(2000);
    expect(conditionOf(bench)).toMatchObject({ state: "up" });
    await bench.gateway.stop();
  });

  it("is given back when the next one cannot be asked for", async () => {
    const held = new Set<string>();
    let failures = 1;
    const locks = {
      acquire: async (name: string) => {
        if (name === "scripted-bot-8" && failures > 0) {
          failures -= 1;
          throw new Error("The lock's folder cannot be written");
        }
        if (held.has(name)) return { heldBy: "somebody" };
        held.add(name);
        return { fence: 1n, lost: new AbortController().signal, release: async () => void held.delete(name) };
      },
    };
    const two = [...claims, { scope: "scripted-bot", fingerprint: "8" }];
    const bench = await startGateway({ locks, scripted: { claims: two } });
    expect(held.size).toBe(0);
    await bench.clock.advance(2000);
    expect(conditionOf(bench)).toMatchObject({ state: "up" });
    await bench.gateway.stop();
    expect(held.size).toBe(0);
  });
});
