import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createBench, sent, temporaryFolder } from "./bench.ts";
import { voiceNote } from "./sounds.ts";

const program = fileURLToPath(new URL("programs/listener.mjs", import.meta.url));
const note = () => sent("voice", voiceNote(2), { mimeType: "audio/ogg", name: "$(touch owned); `x`.ogg" });

function listening(what: string, last = "", more: Readonly<Record<string, unknown>> = {}) {
  return { transcription: { command: [process.execPath, program, what, "{file}", last], ...more } };
}

/** Looks again and again until something holds; a test that waits in vain ends by its own limit. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // There is no such process.
    return false;
  }
}

describe("A program that listens", () => {
  it("gets a file that only its owner may read, a folder of its own, and no environment but what is configured", async () => {
    const bench = createBench({ configuration: listening("facts", "", { environment: { MODEL: "small" } }) });
    const read = await bench.reads([note()]);
    const facts = read.replaceAll("”", '"').replace("(", "[").replace(")", "]");
    expect(facts).toContain('"mode":"600"');
    expect(facts).toContain(`"bytes":${voiceNote(2).length}`);
    expect(facts).toMatch(/"environment":\["LANG","MODEL","PATH"(?:,"__CF_USER_TEXT_ENCODING")?\]/u);
    expect(/"folder":"([^"]+)"/u.exec(facts)?.[1]).toContain(join(bench.folder, "spool"));
    expect(await readdir(join(bench.folder, "spool"))).toEqual([]);
  });

  it("runs once for the same recording, also after a restart", async () => {
    const counter = join(temporaryFolder(), "runs");
    const bench = createBench({ configuration: listening("count", counter) });
    expect(await bench.reads([note()])).toBe('[voice message, 2 s] "Counted."');
    await bench.restarted().reads([note()]);
    expect(readFileSync(counter, "utf8")).toBe("ran\n");
  });

  it("that fails is named with its exit code, and its complaint is logged without control characters", async () => {
    const bench = createBench({ configuration: listening("fail") });
    expect(await bench.reads([note()])).toBe(
      "[voice message that could not be transcribed: the program for it ended with exit code 3]",
    );
    expect(bench.logs.join("\n")).toContain("ended with exit code 3: no model [31mfound");
  });

  it("that is not there is said not to start", async () => {
    const configuration = { transcription: { command: ["/nowhere/listener", "{file}"] } };
    expect(await createBench({ configuration }).reads([note()])).toContain("could not be started");
  });

  it("that says four megabytes is read to its end, and its beginning is taken", async () => {
    const read = await createBench({ configuration: listening("much") }).reads([note()]);
    expect(read.length).toBeLessThan(51_000);
    expect(read).toMatch(/^\[voice message, 2 s\] "x{100} x{100}/u);
  });

  it.each(["its time is over", "the turn is stopped", "the gateway stops"])(
    "that does not end by itself is killed with all it started when %s",
    async (when) => {
      const pids = join(temporaryFolder(), "pids");
      const more = when === "its time is over" ? { timeoutSeconds: 1 } : {};
      const bench = createBench({ configuration: listening("stubborn", pids, more) });
      const stopping = new AbortController();
      const reading = bench.reads([note()], { signal: stopping.signal });
      await until(() => existsSync(pids) && readFileSync(pids, "utf8").includes(" "));
      const started = readFileSync(pids, "utf8").split(" ").map(Number);
      if (when === "the turn is stopped") stopping.abort("stop");
      if (when === "the gateway stops") await bench.agent.close?.();
      expect(await reading).toMatch(when === "the gateway stops" ? /^$/u : /longer than 1 s|stopped first/u);
      await until(() => !started.some(isAlive));
      expect(await readdir(join(bench.folder, "spool"))).toEqual([]);
    },
  );
});
