import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { startBotApiServer } from "../../../packages/platform-telegram/test/server.ts";
import { temporaryHome } from "./temporary-home.ts";

const program = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const token = "123456:FAKE-TOKEN-FOR-TESTS";

interface Terminal {
  type(text: string): void;
  /** Resolves with everything shown so far, once it matches. */
  shows(pattern: RegExp): Promise<string>;
  ended(): Promise<number>;
}

/** `hermes` on a real terminal, which script(1) of util-linux provides. */
function onTerminal(parts: string, home: string): Terminal {
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    HERMES_HOME: home,
    HERMES_LOCK_DIR: join(home, "locks"),
    TERM: "xterm",
  };
  const child = spawn("script", ["-qefc", `exec ${process.execPath} ${program} ${parts}`, "/dev/null"], {
    env,
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let shown = "";
  const watchers = new Set<() => void>();
  const ended = new Promise<number>((resolve) => {
    child.on("close", (code) => resolve(code ?? -1));
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    shown += text;
    for (const watcher of watchers) watcher();
  });
  return {
    type: (text) => void child.stdin.write(text),
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(shown)) return;
          watchers.delete(look);
          resolve(shown);
        };
        watchers.add(look);
        look();
        void ended.then(() => reject(new Error(`Nothing like ${pattern} was shown:\n${shown}`)));
      }),
    ended: () => ended,
  };
}

describe.runIf(existsSync("/usr/bin/script") && process.platform === "linux")("on a terminal", () => {
  it("a gateway without an owner shows a link, and who opens it is the owner; later it shows none", async () => {
    const api = await startBotApiServer({ token });
    onTestFinished(() => api.close());
    const config = `agent: { use: echo }\nserver: { port: 0 }\nplatforms: { telegram: { apiRoot: "${api.apiRoot}" } }\n`;
    const home = await temporaryHome({ "config.yaml": config, ".env": `TELEGRAM_BOT_TOKEN=${token}\n` });
    const gateway = onTerminal("gateway run", home);
    const shown = await gateway.shows(/within 10 minutes/u);
    const code = /https:\/\/t\.me\/hermes_test_bot\?start=([\w-]+)/u.exec(shown)?.[1] ?? "";
    expect(code).toHaveLength(10);
    api.say(`/start ${code}`);
    await api.until(() => api.texts(42, "bot").length === 1);
    expect(api.texts(42, "bot")[0]).toMatch(/owner/u);
    api.say("hello");
    await api.until(() => api.texts(42, "bot").length === 2);
    expect(api.texts(42, "bot")[1]).toBe("echo: hello");
    gateway.type("\u0003");
    expect(await gateway.ended()).toBe(0);
    const again = onTerminal("gateway run", home);
    await again.shows(/Connected as/u);
    again.type("\u0003");
    await again.ended();
    expect(await again.shows(/Stopped/u)).not.toContain("?start=");
  });

  it("elsewhere no code is ever shown, nor written to the log", async () => {
    const api = await startBotApiServer({ token });
    onTestFinished(() => api.close());
    const config = `server: { port: 0 }\nlog: { level: debug }\nplatforms: { telegram: { apiRoot: "${api.apiRoot}" } }\n`;
    const home = await temporaryHome({ "config.yaml": config, ".env": `TELEGRAM_BOT_TOKEN=${token}\n` });
    const gateway = onTerminal(`gateway run | cat`, home);
    const shown = await gateway.shows(/Connected as/u);
    gateway.type("\u0003");
    await gateway.ended();
    expect(shown).not.toMatch(/\?start=|no owner yet/u);
  });
});
