#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { createPlatform } from "./create-platform.ts";

const help = `Begins a platform package for Hermes Gateway: an adapter that works, its protocol on loopback, and the conformance suite.

  npm create hermes-platform my-chat                     makes hermes-platform-my-chat here
  npm create hermes-platform @acme/hermes-platform-my-chat

  -h, --help      this text
  -v, --version   which version this is
`;

process.exitCode = await main(process.argv.slice(2));

async function main(given: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args: [...given],
      allowPositionals: true,
      options: { help: { type: "boolean", short: "h" }, version: { type: "boolean", short: "v" } },
    });
    if (values.help === true) return print(help);
    const own = await ownManifest();
    if (values.version === true) return print(`${own.version}\n`);
    if (positionals.length > 1) throw new TypeError(`Expected one name, got ${positionals.length}: ${positionals.join(" ")}`);
    const name = positionals[0] ?? (await askName());
    if (name === undefined) return complain(`Expected a name\n\n${help}`);
    return await create(name, versionsOf(own));
  } catch (error) {
    return complain(`${error instanceof Error ? error.message : String(error)}\n`);
  }
}

async function create(name: string, versions: Readonly<Record<string, string>>): Promise<number> {
  const { path, packageName, files } = await createPlatform({ name, parent: process.cwd(), versions });
  return print(`${packageName} is there, with ${files.length} files. Next:

  cd ${relative(process.cwd(), path)}
  npm install
  npm test          # the conformance suite, against the protocol in test/server.ts
  npm run build

The adapter is in src/, about a hundred lines. How it goes on: docs/adding-a-platform.md of Hermes Gateway.
`);
}

interface OwnManifest {
  readonly version: string;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

async function ownManifest(): Promise<OwnManifest> {
  return JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as OwnManifest;
}

/** Packed, this package names the versions it was published with; in the repository it names the workspace. */
function versionsOf({ devDependencies = {} }: OwnManifest): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(devDependencies).filter(([, version]) => !version.startsWith("workspace:")));
}

async function askName(): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const asking = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await asking.question("What is the platform called (such as my-chat)? ");
  } finally {
    asking.close();
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function complain(text: string): number {
  process.stderr.write(text);
  return 2;
}
