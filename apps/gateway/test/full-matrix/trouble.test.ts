import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { matrixHouse, textsOf } from "./house.ts";

describe("A homeserver that goes down and comes back under its address", () => {
  it("in the middle of a conversation costs nothing: what is said is answered once and in order", async () => {
    const house = await matrixHouse();
    const { server, direct } = house;
    const hermes = await house.serve();
    house.says(direct, "one");
    await house.sees(direct, (texts) => texts.length === 1);
    // What is said reaches the homeserver from another one, which keeps it until it is back.
    await server.restart(() => void house.says(direct, "two"));
    house.says(direct, "three");
    await house.sees(direct, (texts) => texts.includes("echo: three"));
    await server.restart();
    house.says(direct, "four");
    await house.sees(direct, (texts) => texts.includes("echo: four"));
    await stop(hermes);
    expect(textsOf(server, direct)).toEqual(["echo: one", "echo: two", "echo: three", "echo: four"]);
    expect(hermes.errors()).not.toMatch(/FAKE-TOKEN/u);
  });

  it("in the middle of a send neither loses nor repeats the answer", async () => {
    const house = await matrixHouse();
    const { server, direct } = house;
    const hermes = await house.serve();
    // The event is taken, and the homeserver goes down before it says so.
    server.fail("send", { type: "hang", acted: true });
    house.says(direct, "hello");
    await server.until(() => server.requestsOf("send").length === 1);
    await server.restart();
    house.says(direct, "and now?");
    await house.sees(direct, (texts) => texts.includes("echo: and now?"));
    await stop(hermes);
    expect(textsOf(server, direct)).toEqual(["echo: hello", "echo: and now?"]);
  });
});

describe("A gateway on Matrix", () => {
  it("answers nothing of a room's history when it first starts, and all that was said while it was down, in order", async () => {
    const house = await matrixHouse();
    const { server, direct, club } = house;
    for (let count = 0; count < 30; count += 1) {
      house.says(direct, `history ${count}`);
      house.tells(club, `history ${count}`);
    }
    const first = await house.serve();
    house.says(direct, "now");
    await house.sees(direct, (texts) => texts.length > 0);
    first.process.kill("SIGKILL");
    await first.ended();
    // More than the homeserver tells by itself: the questions lie in the gap before.
    for (const text of ["one", "two"]) house.tells(club, text);
    for (let count = 0; count < 120; count += 1) server.say(club, house.grace.userId, `talk ${count}`);
    house.tells(club, "three");
    const second = await house.serve();
    await house.sees(club, (texts) => texts.includes("echo: three"));
    await stop(second);
    expect(textsOf(server, club).filter((text) => text.startsWith("echo"))).toEqual(["echo: one", "echo: two", "echo: three"]);
    expect(textsOf(server, direct)).toEqual(["echo: now"]);
  });

  it("writes a long answer whole under Synapse's limits, also where none of them is left", async () => {
    const house = await matrixHouse();
    const { server, direct } = house;
    const hermes = await house.serve();
    server.rates.exhaust(server.bot.userId, server.nowMs());
    house.says(direct, "write");
    const texts = await house.sees(direct, (said) => said.some((text) => text.includes("That is all.")));
    await stop(hermes);
    const whole = texts.join("\n");
    for (const part of ["The plan", "Paragraph 0 ", "Paragraph 59 ", "person 19", "last"]) expect(whole).toContain(part);
    expect(server.rates.refused).toBeGreaterThan(0);
    expect(server.rates.refused).toBeLessThan(6);
  });
});
