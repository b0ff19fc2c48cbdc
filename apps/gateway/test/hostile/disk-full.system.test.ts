import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { startBotApiServer } from "../../../../packages/platform-telegram/test/server.ts";
import { startHermes } from "../cli/hermes.ts";
import { anyPort, serveHome, stop } from "../serve.ts";
import { temporaryHome, writeHomeFile } from "../temporary-home.ts";
import { crowd, crowdConfig } from "./crowd.ts";
import { reasons, token, untilReasons } from "./readiness.ts";
import { smallDisk } from "./small-disk.ts";

const isFull = (now: readonly string[]): boolean => now.includes("the store does not take writes: the disk is full");

describe("On a disk without room", () => {
  it("a gateway acknowledges nothing it cannot keep, says so once, and answers everything once there is room", async ({
    skip,
  }) => {
    const disk = smallDisk(24);
    if (typeof disk === "string") return skip(disk);
    await using api = await startBotApiServer({ validate: false });
    await writeHomeFile(disk.path, "config.yaml", crowdConfig(api));
    const { hermes, url } = await serveHome(disk.path, { TELEGRAM_BOT_TOKEN: api.token, HERMES_TOKEN: token });
    const people = crowd(api, 10, 3000);
    people.talk();
    await api.until(() => people.unanswered().length === 0);
    people.talk();
    disk.fill();
    let rounds = 0;
    await untilReasons(url, isFull, () => {
      if ((rounds += 1) <= 28) people.talk();
    });
    // What comes now is not acknowledged: it stays with the platform.
    people.talk();
    await pause(6000);
    expect(isFull(await reasons(url))).toBe(true);
    expect(api.updates.pending.length).toBeGreaterThanOrEqual(10);
    expect(hermes.process.exitCode).toBe(null);
    disk.makeRoom();
    await api.until(() => people.unanswered().length === 0);
    expect(people.repeated()).toEqual([]);
    await untilReasons(url, (now) => now.length === 0);
    await hermes.errorLine(/The store takes writes again/u);
    await stop(hermes);
    const complaints = hermes
      .errors()
      .split("\n")
      .filter((line) => /"level":"(?:warn|error)"/u.test(line) && !line.includes("Everybody is let in"));
    expect(complaints).toEqual([expect.stringMatching(/hermes\.db cannot be used: the disk is full.*make room/u)]);
  });

  it("a gateway that is killed and started again answers everything once there is room, and marks what may stand twice", async ({
    skip,
  }) => {
    const disk = smallDisk(24);
    if (typeof disk === "string") return skip(disk);
    await using api = await startBotApiServer({ validate: false });
    await writeHomeFile(disk.path, "config.yaml", crowdConfig(api));
    const environment = { TELEGRAM_BOT_TOKEN: api.token, HERMES_TOKEN: token };
    const { hermes, url } = await serveHome(disk.path, environment);
    const people = crowd(api, 10, 3000);
    people.talk();
    disk.fill();
    await untilReasons(url, isFull, () => people.talk());
    hermes.process.kill("SIGKILL");
    await hermes.ended();
    const refused = startHermes(["gateway", "run"], { home: disk.path, environment });
    expect([await refused.ended(), refused.output()]).toEqual([75, ""]);
    expect(refused.errors()).toMatch(/hermes\.db|gateway\.lock\.db/u);
    expect(refused.errors()).toMatch(/the disk is full.*ake room/u);
    disk.makeRoom();
    const next = await serveHome(disk.path, environment);
    await api.until(() => people.unanswered().length === 0);
    expect(people.repeated()).toEqual([]);
    await stop(next.hermes);
  });

  it("a gateway whose log lies there as well goes on without it", async ({ skip }) => {
    const disk = smallDisk(24);
    if (typeof disk === "string") return skip(disk);
    await using api = await startBotApiServer({ validate: false });
    await writeHomeFile(disk.path, "config.yaml", crowdConfig(api));
    const log = `${disk.path}/log`;
    const environment = { TELEGRAM_BOT_TOKEN: api.token, HERMES_TOKEN: token, HERMES_LOG_LEVEL: "debug" };
    const hermes = startHermes(["gateway", "run"], { home: disk.path, environment, errorsTo: log });
    const url = /http:\S+/u.exec(await hermes.line(/ready/u))?.[0] ?? "";
    const people = crowd(api, 10, 3000);
    disk.fill();
    await untilReasons(url, isFull, () => people.talk());
    disk.makeRoom();
    await api.until(() => people.unanswered().length === 0);
    await stop(hermes);
    expect(readFileSync(log, "utf8").trim().split("\n").at(-1)).toContain("Stopped");
  });

  it("a store that lies elsewhere than its home keeps the gateway from starting, new or used, and names its file", async ({
    skip,
  }) => {
    const disk = smallDisk(8);
    if (typeof disk === "string") return skip(disk);
    const config = `${anyPort}store: { url: "sqlite:${disk.path}/hermes.db" }\n`;
    const explained =
      /^The database \S+\/hermes\.db cannot be used: the disk is full or its quota is used up; make room \(store\.url\)$/u;
    const home = await temporaryHome({ "config.yaml": config });
    const refused = async (): Promise<void> => {
      disk.fill();
      const hermes = startHermes(["gateway", "run"], { home });
      expect([await hermes.ended(), hermes.output(), hermes.errors()]).toEqual([75, "", expect.stringMatching(explained)]);
      disk.makeRoom();
    };
    await refused();
    await stop((await serveHome(home)).hermes);
    await refused();
    await stop((await serveHome(home)).hermes);
  });

  it("a home is not begun, and is begun once there is room", async ({ skip }) => {
    const disk = smallDisk(4);
    if (typeof disk === "string") return skip(disk);
    await writeHomeFile(disk.path, "config.yaml", anyPort);
    disk.fill();
    const refused = startHermes(["gateway", "run"], { home: disk.path });
    expect(await refused.ended()).toBe(75);
    expect(refused.errors()).toMatch(
      /^\S+ cannot be written: the disk is full or its quota is used up\. Make room, then start again\.$/u,
    );
    disk.makeRoom();
    const { hermes } = await serveHome(disk.path);
    await stop(hermes);
    expect(readdirSync(`${disk.path}/gateway`).filter((name) => name.includes("unfinished"))).toEqual([]);
  });
});
