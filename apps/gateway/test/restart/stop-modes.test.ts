import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { counted, counting, restartHouse } from "./house.ts";

describe("SIGTERM during an answer", () => {
  it("lets it end first; what comes in meanwhile is kept and said so once, and the process ends with code 0", async () => {
    const house = await restartHouse();
    const hermes = await counting(house, 10);
    hermes.process.kill("SIGTERM");
    await hermes.errorLine(/Stopping after SIGTERM: 1 answer that runs may take 20 s/u);
    house.api.say("two");
    house.api.say("three");
    await house.api.until(() => house.texts().some((text) => text.startsWith("I am being stopped")));
    expect(await hermes.ended()).toBe(0);
    expect(house.texts().filter((text) => !text.startsWith("I am being stopped"))).toEqual([counted(10)]);
    const next = await house.serve();
    await house.api.until(() => house.texts().includes("echo: two\nthree"));
    expect(house.texts().filter((text) => text.startsWith("I am being stopped"))).toHaveLength(1);
    next.process.kill("SIGTERM");
    expect(await next.ended()).toBe(0);
  });

  it("a second time ends the process at once", async () => {
    const house = await restartHouse();
    const hermes = await counting(house, 100);
    hermes.process.kill("SIGTERM");
    await hermes.errorLine(/Stopping after SIGTERM/u);
    const atMs = Date.now();
    hermes.process.kill("SIGTERM");
    expect(await hermes.ended()).toBe(0);
    expect(Date.now() - atMs).toBeLessThan(1000);
  });
});

describe("SIGUSR1", () => {
  it("lets answers end first whatever is usual, and ends the process with code 75", async () => {
    const house = await restartHouse("{ mode: interrupt }");
    const hermes = await counting(house, 10);
    hermes.process.kill("SIGUSR1");
    expect(await hermes.ended()).toBe(75);
    expect(house.texts()).toEqual([counted(10)]);
  });
});

describe("The home channel", () => {
  it.each([
    ["", 1],
    [", restartNotice: false", 0],
  ])("with%j is told of a restart %i times", async (platformKeys, times) => {
    const house = await restartHouse("{}", platformKeys);
    const first = await house.serve();
    house.api.say("/sethome");
    await house.api.until(() => house.texts().length === 1);
    await stop(first);
    const second = await house.serve();
    house.api.say("hello");
    await house.api.until(() => house.texts().includes("echo: hello"));
    await stop(second);
    expect(house.texts().filter((text) => text.startsWith("I was restarted"))).toHaveLength(times);
  });
});
