#!/usr/bin/env node
import process from "node:process";

// Nothing else is imported before this: an older Node would fail on the first thing it does not know.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 12)) {
  process.stderr.write(
    `Hermes Gateway needs Node.js 22.12 or newer, this is ${process.versions.node}. Get one from https://nodejs.org\n`,
  );
  process.exitCode = 78;
} else {
  const { runCli } = await import("./cli/program.ts");
  await runCli(process.argv);
}
