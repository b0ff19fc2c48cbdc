import { describe, expect, it } from "vitest";
import { run } from "../ledger-house.ts";
import { stop } from "../serve.ts";
import { restartHouse, type RestartHouse } from "./house.ts";

const back = (texts: readonly string[]): readonly string[] => texts.filter((text) => text.startsWith("I am back"));

/** Says /restart and waits until the process has ended for it. */
async function restart({ api, serve, texts }: RestartHouse) {
  const hermes = await serve();
  const asked = api.say("/restart");
  expect(await hermes.ended()).toBe(75);
  expect(texts()).toEqual([expect.stringMatching(/^I am ending so that I am started again/u)]);
  return asked;
}

describe("/restart on Telegram", () => {
  it("ends the process with code 75, and the next one tells whoever asked, once", async () => {
    const house = await restartHouse();
    await restart(house);
    const second = await house.serve();
    await house.api.until(() => back(house.texts()).length > 0);
    house.api.say("hello");
    await house.api.until(() => house.texts().includes("echo: hello"));
    await stop(second);
    const third = await house.serve();
    house.api.say("again");
    await house.api.until(() => house.texts().includes("echo: again"));
    await stop(third);
    expect(back(house.texts())).toEqual([expect.stringMatching(/^I am back \(after \d+ s\)\.$/u)]);
  });

  it("tells whoever asked also where the next process needs two attempts to connect", async () => {
    const house = await restartHouse();
    await restart(house);
    house.api.faults.add("getMe", { type: "error", code: 502, description: "Bad Gateway" });
    const second = await house.serve();
    await house.api.until(() => back(house.texts()).length > 0);
    await stop(second);
    expect(back(house.texts())).toHaveLength(1);
  });

  it("that is handed over again after its restart restarts nothing", async () => {
    const house = await restartHouse();
    const asked = await restart(house);
    const second = await house.serve();
    // The same message under another id. Telegram tells whole seconds: this one is older than the process for sure.
    house.api.push({ message: { ...asked, date: asked.date - 60 } });
    await house.api.until(() => house.texts().includes("I was restarted after you asked for that."));
    house.api.say("hello");
    await house.api.until(() => house.texts().includes("echo: hello"));
    await stop(second);
  });
});

describe("A gateway that starts itself again", () => {
  it("does so under the same process id, says that it will, and ends as it is told afterwards", async () => {
    const house = await restartHouse("{ by: itself }");
    const hermes = await house.serve();
    house.api.say("/restart");
    await house.api.until(() => back(house.texts()).length > 0);
    expect(house.texts()[0]).toMatch(/^I am restarting/u);
    expect(hermes.output().match(/ready/gu)).toHaveLength(2);
    await stop(hermes);
    expect(back(house.texts())).toHaveLength(1);
  });
});

describe("hermes gateway restart", () => {
  it("has the gateway that serves this home end with code 75, and says so", async () => {
    const house = await restartHouse();
    const hermes = await house.serve();
    const { code, output } = await run(house.home, "gateway", "restart");
    expect([code, output]).toEqual([0, "The gateway restarts, once what runs has ended or its time is over."]);
    expect(await hermes.ended()).toBe(75);
  });

  it("says that none runs where none does", async () => {
    const { home } = await restartHouse();
    expect((await run(home, "gateway", "restart")).code).toBe(75);
  });
});
