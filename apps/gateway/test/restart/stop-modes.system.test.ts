import { describe, expect, it } from "vitest";
import { counted, counting, restartHouse } from "./house.ts";

describe("SIGTERM during an answer", () => {
  it("interrupts it at its limit, and the next process brings it to its end", async () => {
    const house = await restartHouse("{ drainSeconds: 1 }");
    const hermes = await counting(house, 25);
    hermes.process.kill("SIGTERM");
    const atMs = Date.now();
    expect(await hermes.ended()).toBe(0);
    expect(Date.now() - atMs).toBeLessThan(4000);
    expect(house.texts()).not.toContain(counted(25));
    const next = await house.serve();
    await house.api.until(() => house.texts().includes(counted(25)));
    expect(house.texts()).toHaveLength(1);
    next.process.kill("SIGTERM");
    await next.ended();
  });

  it("interrupts it at once where that is wanted", async () => {
    const house = await restartHouse("{ mode: interrupt }");
    const hermes = await counting(house, 20);
    hermes.process.kill("SIGTERM");
    const atMs = Date.now();
    expect(await hermes.ended()).toBe(0);
    expect(Date.now() - atMs).toBeLessThan(1500);
    expect(house.texts()).not.toContain(counted(20));
    const next = await house.serve();
    await house.api.until(() => house.texts().includes(counted(20)));
    expect(house.texts()).toHaveLength(1);
    next.process.kill("SIGTERM");
    await next.ended();
  });
});

describe("SIGUSR1", () => {
  it("and SIGTERM behind it: a stop, with code 0", async () => {
    const house = await restartHouse();
    const hermes = await counting(house, 15);
    hermes.process.kill("SIGUSR1");
    await hermes.errorLine(/Restarting/u);
    hermes.process.kill("SIGTERM");
    expect(await hermes.ended()).toBe(0);
    expect(house.texts()).toEqual([counted(15)]);
  });
});
