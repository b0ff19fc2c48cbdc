// A program that listens to recordings, for tests: does what its first argument says with the file that its second one names.
import { spawn } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";

const [, , what, path, note] = process.argv;
switch (what) {
  case "facts": {
    const mode = (statSync(path).mode & 0o777).toString(8);
    console.log(
      JSON.stringify({
        mode,
        bytes: readFileSync(path).length,
        folder: process.cwd(),
        environment: Object.keys(process.env).sort(),
      }),
    );
    break;
  }
  case "count":
    writeFileSync(note, "ran\n", { flag: "a" });
    console.log("Counted.");
    break;
  case "fail":
    console.error("no model \u001b[31mfound");
    process.exitCode = 3;
    break;
  case "much":
    for (let line = 0; line < 40_000; line += 1) console.log("x".repeat(100));
    break;
  case "stubborn": {
    // Neither it nor what it starts ends when it is asked to.
    process.on("SIGTERM", () => undefined);
    const child = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => 0); setInterval(() => 0, 1000)"], {
      stdio: "ignore",
    });
    writeFileSync(note, `${process.pid} ${child.pid}`);
    setInterval(() => undefined, 1000);
  }
}
