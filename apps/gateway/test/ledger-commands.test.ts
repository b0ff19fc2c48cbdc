import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ada, deliveries, events, house, run, untilNewest } from "./ledger-house.ts";
import { serveHome, stop } from "./serve.ts";
import { temporaryHome } from "./temporary-home.ts";

describe("The commands", () => {
  it("find an empty home empty and leave nothing in it", async () => {
    const home = await temporaryHome();
    expect(await run(home, "deliveries", "list")).toEqual({ code: 0, output: "There are no deliveries.", errors: "" });
    expect(await run(home, "events", "list", "--state", "waiting")).toEqual({
      code: 0,
      output: "There are no such events.",
      errors: "",
    });
    expect(await deliveries(home)).toEqual({ rows: [] });
    expect(await readdir(home)).toEqual([]);
  });

  it.each([
    [["deliveries", "show", "turn_9"], 'There is no delivery "turn_9".'],
    [["deliveries", "retry", "turn_9"], 'There is no delivery "turn_9".'],
    [["deliveries", "drop", "turn_9"], 'There is no delivery "turn_9".'],
    [["events", "show", "9"], 'Nothing is known by the id "9".'],
    [["events", "replay", "no-such-event"], 'Nothing is known by the id "no-such-event".'],
    [["timeline", "a\u001B[31mb"], "Nothing is known by the id"],
    [["timeline", ""], "Expected `id` to be a text"],
  ])("%j knows nothing of it, and says so in a sentence with exit code 78", async (parts, message) => {
    const { code, output, errors } = await run(await temporaryHome(), ...parts);
    expect([code, output]).toEqual([78, ""]);
    expect(errors).toContain(message);
    expect(errors).not.toContain("\u001B");
  });

  it.each([
    [["deliveries", "list", "--limit", "0"], "whole number from 1 to 200"],
    [["deliveries", "list", "--limit", "1e2"], "whole number from 1 to 200"],
    [["deliveries", "list", "--pending", "--troubled"], "cannot be used with option"],
    [["events", "list", "--verdict", "maybe"], "Allowed choices are run, observe, pair, refuse"],
    [["events", "list", "--state", "lost"], "Allowed choices are recorded"],
    [["deliveries", "shwo", "x"], "Did you mean show?"],
    [["timeline"], "missing required argument 'id'"],
  ])("%j is a mistake that is explained, with exit code 78", async (parts, message) => {
    const { code, errors } = await run(await temporaryHome(), ...parts);
    expect(code).toBe(78);
    expect(errors).toContain(message);
  });

  it("have help with examples", async () => {
    const home = await temporaryHome();
    const commands = ["deliveries", "deliveries list", "deliveries retry", "events", "events list", "events replay", "timeline"];
    await Promise.all(
      commands.map(async (command) => {
        const { code, output } = await run(home, ...command.split(" "), "--help");
        expect(code).toBe(0);
        expect(output).toContain(`Examples:\n  $ hermes ${command.split(" ")[0]}`);
      }),
    );
  });

  it("page through a long list by what its end says", async () => {
    const { api, home } = await house();
    const { hermes } = await serveHome(home);
    for (const text of ["one", "two", "three"]) {
      api.say(text);
      await api.until(() => api.texts(ada, "bot").includes(`echo: ${text}`));
    }
    await stop(hermes);
    const first = await run(home, "events", "list", "--platform", "telegram", "--limit", "2");
    const more = /There is more:\n {2}hermes (.*)$/u.exec(first.output)?.[1] ?? "";
    expect(more).toMatch(/^events list --platform telegram --limit 2 --after \S+$/u);
    const second = await run(home, ...more.split(" "));
    expect(second.output.split("\n")).toHaveLength(2);
    expect(second.output).not.toContain("There is more");
    expect((await run(home, "events", "list", "--after", "1")).output).toBe("There are no more events.");
    expect((await events(home)).rows).toHaveLength(3);
  });

  it("are taken in turn: two looks into one home at once both get their answer", async () => {
    const { api, home } = await house();
    const { hermes } = await serveHome(home);
    api.say("hello");
    await untilNewest(home, "sent");
    await stop(hermes);
    const both = await Promise.all([deliveries(home), events(home)]);
    expect(both.map(({ rows }) => rows.length)).toEqual([1, 1]);
    expect((await readdir(join(home, "gateway"))).filter((name) => name.endsWith(".json"))).toEqual([]);
  });
});
