import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { findDangers } from "../../src/tools/terminal/find-dangers.ts";
import { realPlaces } from "../../src/tools/terminal/real-places.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "hermes-shell-")));
const work = join(folder, "work");
const programs = join(folder, "bin");
const mark = join(folder, "was-run");
mkdirSync(work);
mkdirSync(programs);
// A program that only remembers that it was to delete: what the shell makes of a text is seen without losing anything.
writeFileSync(join(programs, "rm"), `#!/bin/sh\ncase "$*" in *-rf*) echo ran >> '${mark}';; esac\n`);
chmodSync(join(programs, "rm"), 0o755);
for (const name of ["sh", "env"]) {
  symlinkSync(execFileSync("/bin/sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim(), join(programs, name));
}

afterAll(() => rmSync(folder, { recursive: true }));

/** Whether a real shell deletes when it is given this text. */
function deletes(command: string): boolean {
  rmSync(mark, { force: true });
  spawnSync("/bin/sh", ["-c", command], { cwd: work, env: { PATH: programs, HOME: work }, stdio: "ignore", timeout: 2000 });
  for (const name of readdirSync(work)) rmSync(join(work, name), { recursive: true });
  return existsSync(mark);
}

const surroundings = { roots: [work], folders: [work], home: work, gatewayFolder: join(folder, "gateway"), real: realPlaces() };

describe("What a real shell makes of a text", () => {
  it("is seen by the test: a plain deletion is", () => {
    expect(deletes("rm -rf x")).toBe(true);
    expect(deletes("echo rm -rf x")).toBe(false);
    expect(deletes("#\\\nrm -rf x")).toBe(true);
  });

  it("class 25: a text that makes it delete is never taken for harmless", () => {
    const noise = fc.constantFrom(
      ...Array.from("'\"\\$(){}`<>|&;# \n\tx"),
      "\\\n",
      "$(",
      "sh -c ",
      "env ",
      "''",
      "#\\\n",
      "if ",
      "then ",
      "A=",
      "$A",
    );
    const pieces = fc.constantFrom("r", "m", "rm", "rm", " ", " -rf", " x", "rm -rf x");
    const text = fc.array(fc.oneof({ weight: 2, arbitrary: noise }, { weight: 3, arbitrary: pieces }), {
      minLength: 1,
      maxLength: 14,
    });
    let judged = 0;
    fc.assert(
      fc.property(text, (parts) => {
        const command = parts.join("");
        if (findDangers(command, surroundings).length > 0) return;
        judged += 1;
        expect(deletes(command), JSON.stringify(command)).toBe(false);
      }),
      { numRuns: 3000, interruptAfterTimeLimit: 6000 },
    );
    expect(judged).toBeGreaterThan(20);
  });
});
