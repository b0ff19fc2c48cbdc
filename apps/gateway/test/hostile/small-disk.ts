import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, truncateSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A real file system of a few megabytes. */
export interface SmallDisk {
  readonly path: string;
  /** Takes all room that is left, to the last byte. */
  fill(): void;
  /** Gives back what `fill` took. */
  makeRoom(): void;
}

/** A disk of its own for the test, gone with it; a text where this machine does not allow that, saying why. */
export function smallDisk(sizeMb: number): SmallDisk | string {
  if (process.platform !== "linux") return "a small file system is mounted as on Linux";
  const path = mkdtempSync(join(tmpdir(), "hermes-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${sizeMb}m,mode=700`, "tmpfs", path], { stdio: "pipe" });
  } catch (error) {
    rmSync(path, { recursive: true });
    return `this user may not mount a file system: ${error instanceof Error ? error.message.split("\n").join(" ") : String(error)}`;
  }
  onTestFinished(() => {
    // Lazily: whoever still has a file open there lets it go by himself.
    execFileSync("umount", ["--lazy", path]);
    rmSync(path, { recursive: true });
  });
  const filler = join(path, "filler");
  return { path, fill: () => fill(filler), makeRoom: () => truncateSync(filler) };
}

function fill(filler: string): void {
  const descriptor = openSync(filler, "a", 0o600);
  try {
    for (let sizeBytes = 1024 * 1024; sizeBytes >= 1;) {
      try {
        writeSync(descriptor, Buffer.alloc(sizeBytes));
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
        sizeBytes = Math.floor(sizeBytes / 2);
      }
      if (statSync(filler).size > 1024 * 1024 * 1024) throw new Error("This is no small disk");
    }
  } finally {
    closeSync(descriptor);
  }
}
