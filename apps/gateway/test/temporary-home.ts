import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** A directory that is gone when the test is over, with these files in it. */
export async function temporaryHome(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "hermes-home-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeHomeFile(home, name, text);
  return home;
}

/** Writes a file as the gateway expects it: for its owner only. */
export async function writeHomeFile(home: string, name: string, text: string): Promise<void> {
  const path = join(home, name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, text, { mode: 0o600 });
}
