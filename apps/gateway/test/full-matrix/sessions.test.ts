import { describe, expect, it } from "vitest";
import { run } from "../ledger-house.ts";
import { stop } from "../serve.ts";
import { matrixHouse } from "./house.ts";

const password = "FAKE-password-for-tests";

describe("When the bot's session ends while it runs, the gateway", () => {
  it("logs in again by password as the same device, and misses nothing, over a restart as well", async () => {
    const house = await matrixHouse(() => ({ accessToken: undefined, password }));
    const { server, direct } = house;
    const first = await house.serve();
    const device = server.sessions.devicesOf(server.bot.userId).at(-1)?.deviceId;
    server.sessions.endAll(server.bot.userId, true);
    house.says(direct, "one");
    await house.sees(direct, (texts) => texts.includes("echo: one"));
    await stop(first);
    const second = await house.serve();
    house.says(direct, "two");
    await house.sees(direct, (texts) => texts.includes("echo: two"));
    await stop(second);
    expect(server.sessions.devicesOf(server.bot.userId).map(({ deviceId }) => deviceId)).toEqual([device]);
    expect(server.requestsOf("login")).toHaveLength(2);
    expect(first.errors() + first.output() + second.errors()).not.toMatch(/FAKE-/u);
  });

  it("renews it by its refresh token, each time with the newest, over a restart as well", async () => {
    const house = await matrixHouse((server) => {
      const { token, refreshToken } = server.sessions.open(server.bot.userId, "ROTATING", true);
      return { accessToken: token, refreshToken };
    });
    const { server, direct } = house;
    const first = await house.serve();
    for (const text of ["one", "two"]) {
      server.sessions.endAll(server.bot.userId, true);
      house.says(direct, text);
      await house.sees(direct, (texts) => texts.includes(`echo: ${text}`));
    }
    await stop(first);
    server.sessions.endAll(server.bot.userId, true);
    const second = await house.serve();
    house.says(direct, "three");
    await house.sees(direct, (texts) => texts.includes("echo: three"));
    await stop(second);
    expect(server.requestsOf("refresh")).toHaveLength(3);
    expect(first.errors() + second.errors()).not.toMatch(/FAKE-/u);
  });

  it("says that it failed and what to do where it was ended for good", async () => {
    const house = await matrixHouse();
    const { server, home } = house;
    const hermes = await house.serve();
    server.sessions.endAll(server.bot.userId, false);
    server.lapse();
    expect(await hermes.errorLine(/no longer good/u)).toContain("log the bot in again and set `accessToken`, or set `password`");
    const status = async (): Promise<string> => (await run(home, "gateway", "status")).output;
    await expect.poll(status, { timeout: 5000 }).toMatch(/matrix.*failed/u);
    expect(await status()).toContain("log the bot in again");
    await stop(hermes);
  });
});
