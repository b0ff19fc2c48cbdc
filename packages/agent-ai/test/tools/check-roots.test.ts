import { mkdir, mkdtemp, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { checkRoots } from "../../src/tools/files/check-roots.ts";

async function place() {
  const base = await realpath(await mkdtemp(join(tmpdir(), "hermes-roots-")));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  const home = join(base, "home");
  const folder = join(home, "gateway", "agents", "main");
  await mkdir(join(base, "work"), { recursive: true });
  await mkdir(folder, { recursive: true });
  await symlink(home, join(base, "disguised"));
  return { base, home, folder };
}

it("Folders beside the gateway's home and in the agent's own may be worked in, whether they exist yet or not", async () => {
  const { base, home, folder } = await place();
  await checkRoots([join(base, "work"), join(base, "later"), join(folder, "work")], { home, folder });
});

it.each([
  ["the home", "home"],
  ["what holds the home", "."],
  ["a folder of the home", "home/gateway"],
  ["another agent's folder", "home/gateway/agents/other"],
  ["the agent's own folder, where everybody's notes and pictures are,", "home/gateway/agents/main"],
  ["everybody's notes", "home/gateway/agents/main/memory"],
  ["a conversation's pictures", "home/gateway/agents/main/images/x"],
  ["a link to the home", "disguised"],
  ["a folder behind such a link", "disguised/gateway/uploads"],
])("%s may not be worked in", async (_what, path) => {
  const { base, home, folder } = await place();
  await expect(checkRoots([join(base, path)], { home, folder })).rejects.toThrow(/beside the gateway's home/u);
});
