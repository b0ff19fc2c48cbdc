import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { temporaryHome } from "./temporary-home.ts";

const program = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const fewMs = 300;

it("What the ledger is asked on a home that nobody serves is answered within a moment", async () => {
  const home = await temporaryHome({ ".env": "TELEGRAM_BOT_TOKEN=123456:FAKE-TOKEN-FOR-TESTS\n" });
  const env = { PATH: process.env["PATH"] ?? "", HOME: home, HERMES_HOME: home, HERMES_LOCK_DIR: join(home, "locks") };
  const hermes = (parts: readonly string[], input = ""): string =>
    execFileSync(process.execPath, [program, ...parts], { env, input, encoding: "utf8" });
  expect(hermes(["chat"], "hello")).toBe("echo: hello\n");
  for (const parts of [
    ["deliveries", "list"],
    ["events", "list"],
    ["timeline", "1"],
  ]) {
    const times = Array.from({ length: 5 }, () => {
      const startedAtMs = performance.now();
      expect(hermes(parts)).toContain("web");
      return performance.now() - startedAtMs;
    });
    // The best of five: what the machine does besides is not the command's.
    expect(Math.min(...times), parts.join(" ")).toBeLessThan(fewMs);
  }
});
