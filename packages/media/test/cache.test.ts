import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createFakeClock } from "@hermes/testkit";
import { describe, expect, it, onTestFinished } from "vitest";
import { Gates } from "../src/cache/gates.ts";
import { ReadingCache } from "../src/cache/reading-cache.ts";
import { createBench, sent, temporaryFolder } from "./bench.ts";
import { apiKey, startMediaServer } from "./server.ts";
import { voiceNote } from "./sounds.ts";

function createCache(maxEntries = 10) {
  const folder = join(temporaryFolder(), "readings");
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  const clock = createFakeClock();
  const logger = { debug: warn, info: warn, warn, error: warn };
  return { folder, warnings, clock, cache: new ReadingCache({ folder, maxEntries, clock, logger }) };
}

describe("What is remembered", () => {
  it("is bounded: of too many those go that were not asked for longest", async () => {
    const { folder, cache, clock } = createCache(10);
    for (let number = 0; number < 11; number += 1) {
      await cache.put(`key ${number}`, { text: `text ${number}` });
      await clock.advance(1000);
      expect(await cache.get("key 0")).toMatchObject({ text: "text 0" });
    }
    expect(readdirSync(folder)).toHaveLength(9);
    expect([await cache.get("key 1"), await cache.get("key 2")]).toEqual([undefined, undefined]);
    expect(await cache.get("key 10")).toMatchObject({ text: "text 10" });
  });

  it("is asked for again where its file is damaged, another's, or leads elsewhere, and is whole afterwards", async () => {
    const { folder, cache, warnings } = createCache();
    await cache.put("key", { text: "right", durationMs: 5 });
    const [name = ""] = readdirSync(folder);
    const path = join(folder, name);
    for (const damage of ['{"version":1,"text":', '{"version":2,"text":"wrong"}', "x".repeat(2_000_000)]) {
      writeFileSync(path, damage);
      expect(await cache.get("key")).toBeUndefined();
    }
    writeFileSync(join(folder, "elsewhere"), '{"version":1,"text":"wrong"}');
    rmSync(path);
    symlinkSync(join(folder, "elsewhere"), path);
    expect(await cache.get("key")).toBeUndefined();
    await cache.put("key", { text: "right" });
    expect(await cache.get("key")).toEqual({ text: "right", durationMs: undefined });
    expect(warnings).toHaveLength(4);
    expect(warnings.join()).not.toContain("wrong");
  });

  it("is no condition: where the disk takes nothing each message pays for itself", async () => {
    const server = await startMediaServer();
    onTestFinished(() => server.close());
    const bench = createBench({
      configuration: { images: { describe: { baseUrl: server.baseUrl, apiKey, model: "seer" } } },
    });
    // A file where the folder would be: not even the owner of everything can write below it.
    writeFileSync(join(bench.folder, "pictures"), "");
    const gif = () => sent("image", "GIF89a...");
    expect(await bench.reads([gif()])).toContain("A cat on a chair.");
    expect(await bench.reads([gif()])).toContain("A cat on a chair.");
    expect(server.seen).toHaveLength(2);
    expect(bench.logs.join()).toContain("(ENOTDIR)");
  });
});

describe("The place of recordings", () => {
  it("that cannot be made is said, and is made as soon as it can be", async () => {
    const server = await startMediaServer();
    onTestFinished(() => server.close());
    const folder = join(temporaryFolder(), "media");
    writeFileSync(folder, "");
    const bench = createBench({ configuration: { transcription: { baseUrl: server.baseUrl, apiKey, model: "m" } }, folder });
    const note = () => sent("voice", voiceNote(1));
    expect(await bench.reads([note()])).toContain("the gateway could not keep it while it was read");
    rmSync(folder);
    expect(await bench.reads([note()])).toContain("Hello there.");
  });

  it("is rid of what a killed process left, and of nothing that is being read", async () => {
    const server = await startMediaServer();
    onTestFinished(() => server.close());
    const bench = createBench({ configuration: { transcription: { baseUrl: server.baseUrl, apiKey, model: "m" } } });
    const [old, young] = ["old", "young"].map((name) => join(bench.folder, "spool", name));
    for (const path of [old, young]) mkdirSync(path ?? "", { recursive: true });
    const longAgo = Date.now() / 1000 - 7200;
    utimesSync(old ?? "", longAgo, longAgo);
    await bench.reads([sent("voice", voiceNote(1))]);
    expect([existsSync(old ?? ""), existsSync(young ?? "")]).toEqual([false, true]);
  });
});

it("Whoever waits behind others has its turn in order, and one that goes away holds up nobody", async () => {
  const gates = new Gates();
  const order: string[] = [];
  const { signal } = new AbortController();
  const leave = await gates.enter("key", signal);
  const leaving = new AbortController();
  const gone = gates.enter("key", leaving.signal).catch((error: unknown) => void order.push(String(error)));
  const waitAtLast = async (): Promise<void> => {
    const done = await gates.enter("key", signal);
    order.push("last");
    done();
  };
  const last = waitAtLast();
  const other = await gates.enter("other", signal);
  leaving.abort();
  await gone;
  expect(order).toEqual(["MediaFailure: the turn was stopped first"]);
  leave();
  other();
  await last;
  expect(order.at(-1)).toBe("last");
});
