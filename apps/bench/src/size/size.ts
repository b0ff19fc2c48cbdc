import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "../command-line.ts";
import { deploy } from "../platforms/installed.ts";
import { temporaryFolder } from "../processes/clean-up.ts";
import { atMost, digits, type Report } from "../report/report.ts";
import { folderSize, type FolderSize } from "./folder-size.ts";

const maxInstalledMb = 60;
const maxCoreMb = 1;
const shownPackages = 8;
const bytesPerMb = 1e6;

/** What the gateway takes once installed, with what it needs to run and nothing else. */
export async function size(_settings: Settings, tell: (line: string) => void): Promise<Report> {
  using folder = temporaryFolder();
  const target = join(folder.path, "gateway");
  await deploy("@hermes/gateway", target);
  if (!existsSync(join(target, "dist", "main.js"))) throw new Error("The deployed gateway has no dist/main.js: build it first");
  tell("deployed");
  const whole = folderSize(target);
  const packages = packageSizes(target);
  const core = packages.find(({ name }) => name === "@hermes/core");
  const shown = [
    ...packages.slice(0, shownPackages),
    ...packages.slice(shownPackages).filter(({ name }) => name.startsWith("@hermes/")),
  ];
  return {
    tables: [
      {
        title: "Gateway, SQLite and Telegram, installed without development dependencies",
        columns: ["", "MB", "MB on disk", "files"],
        rows: [row("all of it", whole), ...shown.map(({ name, size: each }) => row(`  ${name}`, each))],
      },
    ],
    goals: [
      atMost("installed, on disk", whole.diskBytes / bytesPerMb, maxInstalledMb, "MB"),
      ...(core === undefined ? [] : [atMost("@hermes/core, on disk", core.size.diskBytes / bytesPerMb, maxCoreMb, "MB")]),
    ],
    remarks: ["MB are millions of bytes; each file counts once"],
    data: { whole, packages },
  };
}

interface PackageSize {
  readonly name: string;
  readonly size: FolderSize;
}

/** Every package of the virtual store, the largest first. */
function packageSizes(target: string): readonly PackageSize[] {
  const store = join(target, "node_modules", ".pnpm");
  const sizes = readdirSync(store, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
    .map(({ name }) => ({ name: nameOf(name), size: folderSize(join(store, name)) }));
  return sizes.toSorted((a, b) => b.size.diskBytes - a.size.diskBytes);
}

/** `@scope+name@1.2.3` as it is called. */
function nameOf(folder: string): string {
  return folder.slice(0, folder.indexOf("@", 1)).replace("+", "/");
}

function row(name: string, { apparentBytes, diskBytes, files }: FolderSize): readonly string[] {
  return [name, digits(apparentBytes / bytesPerMb), digits(diskBytes / bytesPerMb), String(files)];
}
