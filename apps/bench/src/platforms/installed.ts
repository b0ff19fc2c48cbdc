import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { repository } from "../places.ts";
import { folderSize } from "../size/folder-size.ts";

/** What a package takes once installed, with all it drags in. */
export interface Installed {
  readonly diskBytes: number;
  readonly packages: number;
}

/** Installs a package of the workspace into `folder`, without development dependencies, by the pnpm that runs this or the one npx finds. */
export async function deploy(name: string, folder: string): Promise<void> {
  const own = process.env["npm_execpath"] ?? "";
  const words = ["--filter", name, "deploy", "--prod", folder];
  const [program, first] = !own.includes("pnpm")
    ? ["npx", ["--yes", "pnpm@12"]]
    : /\.[cm]?js$/u.test(own)
      ? [process.execPath, [own]]
      : [own, []];
  await promisify(execFile)(program, [...first, ...words], { cwd: repository });
}

/** Measures a folder that `deploy` has filled. */
export function measureInstalled(folder: string): Installed {
  const store = join(folder, "node_modules", ".pnpm");
  const packages = readdirSync(store, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && entry.name !== "node_modules",
  ).length;
  return { diskBytes: folderSize(folder).diskBytes, packages };
}
