import { createFakeClock } from "@hermes/testkit";
import { describe, expect, it } from "vitest";
import { AcpError } from "../src/acp-error.ts";
import { PeerKeeper } from "../src/peer/peer-keeper.ts";
import { createHost } from "./turns.ts";

const { signal } = new AbortController();

describe("A process that cannot be started", () => {
  function keeping() {
    const clock = createFakeClock();
    const startedAtMs: number[] = [];
    const keeper = new PeerKeeper(createHost("/nowhere", clock), () => {
      startedAtMs.push(clock.now());
      return Promise.reject(new AcpError("ended", "It ended"));
    });
    const attempt = () => keeper.get(signal).then(String, (error: Error) => error.message);
    return { clock, startedAtMs, keeper, attempt };
  }

  it("is waited for longer each time, then left alone, then tried again", async () => {
    const { clock, startedAtMs, attempt } = keeping();
    for (let index = 0; index < 5; index += 1) {
      const tried = attempt();
      await clock.advance(2000);
      expect(await tried).toBe("It ended");
    }
    expect(await attempt()).toMatch(/5 times in a row .* in 58 s/u);
    expect(startedAtMs).toHaveLength(5);
    await clock.advance(58_000);
    expect(await attempt()).toBe("It ended");
    expect(await attempt()).toMatch(/6 times in a row .* in 120 s/u);
  });

  it("is started once for all who want it at the same time", async () => {
    const { startedAtMs, attempt } = keeping();
    expect(await Promise.all([attempt(), attempt(), attempt()])).toEqual(["It ended", "It ended", "It ended"]);
    expect(startedAtMs).toHaveLength(1);
  });

  it("waits before it is started again", async () => {
    const { clock, startedAtMs, attempt } = keeping();
    await attempt();
    const again = attempt();
    await clock.advance(249);
    expect(startedAtMs).toHaveLength(1);
    await clock.advance(1);
    await again;
    expect(startedAtMs).toHaveLength(2);
  });

  it("is not waited for by whoever closes", async () => {
    const { clock, keeper, attempt } = keeping();
    await attempt();
    const again = attempt();
    await keeper.close();
    expect(await again).toMatch(/is shut down/u);
    expect(clock.pending).toBe(0);
  });
});
