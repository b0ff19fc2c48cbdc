import type { Platform } from "@hermes/core";
import { describe, expect, it } from "vitest";
import type { UsablePlatform } from "../src/config/platform-section.ts";
import { loadPlatforms } from "../src/load-platforms.ts";
import { acme } from "./config/acme-manifest.ts";

function platform(id: string, fingerprint: string): Platform {
  const { capabilities } = acme;
  const claims = [{ scope: "acme", fingerprint }];
  const connect = (): Promise<never> => Promise.reject(new Error("not here"));
  return { apiVersion: 1, id, kind: "acme", claims, capabilities, measure: (text) => text.length, connect };
}

function usable(id: string, load: () => Promise<Platform>): UsablePlatform {
  return {
    state: "usable",
    id,
    manifest: { ...acme, load },
    configuration: {},
    allow: [],
    allowAll: false,
    allowRoles: [],
    admins: [],
    restartNotice: true,
    statusMarks: false,
    threadsRequireMention: false,
    display: {},
  };
}

async function load(platforms: readonly UsablePlatform[]) {
  const logged: string[] = [];
  const log = (message: string): void => void logged.push(message);
  const wakes: (() => void)[] = [];
  const clock = {
    now: () => 0,
    wakeAt(_atMs: number, callback: () => void) {
      wakes.push(callback);
      return () => undefined;
    },
  };
  const loading = loadPlatforms(platforms, { debug: log, info: log, warn: log, error: log }, clock);
  for (const wake of wakes) wake();
  const { loaded, broken } = await loading;
  return { loaded: loaded.map(({ platform: { id } }) => id), broken, logged };
}

describe("loadPlatforms", () => {
  it("leaves out what fails, and what never comes to an end, and loads the others", async () => {
    const broken = usable("broken", () => Promise.reject(new Error("no such module")));
    const stuck = usable("stuck", () => new Promise(() => undefined));
    const result = await load([broken, usable("good", async () => platform("good", "1")), stuck]);
    expect(result.loaded).toEqual(["good"]);
    expect(result.broken).toEqual(["broken", "stuck"]);
    expect(result.logged).toEqual([
      expect.stringContaining("[broken] Switched off: it could not be loaded (no such module)"),
      expect.stringContaining("[stuck] Switched off: it could not be loaded (it took longer than 10 s)"),
    ]);
  });

  it("switches off the second of two that are the same bot", async () => {
    const result = await load([usable("one", async () => platform("one", "7")), usable("two", async () => platform("two", "7"))]);
    expect([result.loaded, result.broken]).toEqual([["one"], ["two"]]);
    expect(result.logged).toEqual([
      "[two] Switched off: it is the same bot as `one`. Give it credentials of its own, or remove one of the two.",
    ]);
  });

  it("does not take a platform that is not the one it was asked for", async () => {
    const result = await load([usable("one", async () => platform("other", "7"))]);
    expect(result.logged.join()).toContain("it calls itself `other`");
  });
});
