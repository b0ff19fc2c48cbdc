import { describe, expect, it } from "vitest";
import { run } from "../ledger-house.ts";
import { stop } from "../serve.ts";
import { counting, restartHouse } from "./house.ts";

const setAside = /^I was ended unexpectedly more than once while I was working on this/u;
const held = /^I was ended unexpectedly several times in a row/u;

describe("A message that kills the process", () => {
  it("does so twice, is set aside and named, and does so once more when somebody lets it in again", async () => {
    const house = await restartHouse();
    const { api, home, texts, serve } = house;
    const first = await serve();
    api.say("/sethome");
    await api.until(() => texts().length === 1);
    api.say("die");
    expect(await first.ended()).toBe("SIGKILL");
    expect(await (await serve()).ended()).toBe("SIGKILL");
    const third = await serve();
    await api.until(() => texts().some((text) => setAside.test(text)) && texts().some((text) => text.includes("event 2")));
    expect(third.errors()).toContain("Event 2 of chat 42");
    expect((await run(home, "timeline", "2")).output).toContain("I was ended unexpectedly more than once");
    api.say("hello");
    await api.until(() => texts().includes("echo: hello"));
    // The gateway may be gone before it has answered.
    await run(home, "events", "replay", "2");
    expect(await third.ended()).toBe("SIGKILL");
  });
});

describe("A process that is killed three times in a row, each time soon after its start", () => {
  it("does not go on by itself with what ran: its chat is told, and new messages are answered", async () => {
    const house = await restartHouse();
    const { api, texts, serve } = house;
    const kill = async (hermes: Awaited<ReturnType<typeof serve>>): Promise<void> => {
      hermes.process.kill("SIGKILL");
      await hermes.ended();
    };
    await kill(await counting(house, 1000));
    const edits = api.callsOf("editMessageText").length;
    const second = await serve();
    // Its turn runs again: what stands there is written over.
    await api.until(() => api.callsOf("editMessageText").length > edits);
    await kill(second);
    const third = await serve();
    await api.until(() => texts().some((text) => setAside.test(text)));
    const before = texts().length;
    api.say("count 1000");
    await api.until(() =>
      texts()
        .slice(before)
        .some((text) => text.startsWith("1 ")),
    );
    await kill(third);
    const fourth = await serve();
    await api.until(() => texts().some((text) => held.test(text)));
    api.say("hello");
    await api.until(() => texts().includes("echo: hello"));
    await stop(fourth);
    expect(fourth.errors()).toContain("The process ended unexpectedly 3 times in a row");
    const fifth = await serve();
    api.say("/retry");
    api.say("again");
    await api.until(() => texts().includes("echo: again"));
    await stop(fifth);
    expect(texts().filter((text) => held.test(text))).toHaveLength(1);
  });
});
