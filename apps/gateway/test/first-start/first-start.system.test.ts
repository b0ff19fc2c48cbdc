import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startBotApiServer } from "../../../../packages/platform-telegram/test/server.ts";
import { onTerminal } from "../chat/on-terminal.ts";
import { startHermes } from "../cli/hermes.ts";
import { temporaryHome } from "../temporary-home.ts";
import { pathWithAgent } from "./found-agent.ts";

const token = "123456:FAKE-TOKEN-FOR-TESTS";
const anyPort = "server: { port: 0 }\n";
const question = /Who is to answer\?[^]*1 {2}Claude Code[^]*Enter for none:\s*$/u;
const ready = /Hermes Gateway ready/u;

async function ask(home: string, path: string, message: string): Promise<string> {
  const chat = startHermes(["chat", message], { home, environment: { PATH: path } });
  expect([await chat.ended(), chat.errors()]).toEqual([0, ""]);
  return chat.output();
}

describe.runIf(existsSync("/usr/bin/script") && process.platform === "linux")("the first start in a terminal", () => {
  it("offers the agent that is found, and one key press has it answer on Telegram and in hermes chat, from then on", async () => {
    const api = await startBotApiServer({ token });
    onTestFinished(() => api.close());
    const config = `# Mine\n${anyPort}platforms: { telegram: { apiRoot: "${api.apiRoot}", access: { allow: [42] } } } # Ada's\n`;
    const home = await temporaryHome({ "config.yaml": config, ".env": `TELEGRAM_BOT_TOKEN=${token}\n` });
    const path = await pathWithAgent(home);
    const gateway = onTerminal("gateway run", home, { PATH: path });
    await gateway.shows(question);
    gateway.type("1");
    await gateway.shows(ready);
    expect(gateway.written()).toContain("Claude Code answers from now on");
    api.say("say hello from the agent");
    await api.until(() => api.texts(42, "bot").some((text) => text.includes("hello from the agent")));
    expect(api.texts(42, "bot").join("\n")).not.toContain("echo:");
    expect(await ask(home, path, "say well")).toBe("well");
    const written = await readFile(join(home, "config.yaml"), "utf8");
    expect(written.startsWith(config)).toBe(true);
    expect(written.slice(config.length)).toMatch(/^agents:\n {2}main:\n {4}use: acp\n[^]*HOME: \$\{HOME\}\n$/u);
    expect((await stat(join(home, "config.yaml"))).mode & 0o777).toBe(0o600);
    gateway.type("\u0003");
    expect(await gateway.ended()).toBe(0);
    const again = onTerminal("gateway run", home, { PATH: path });
    await again.shows(ready);
    expect(again.written()).not.toMatch(/Who is to answer|Nobody but echo/u);
    expect(await ask(home, path, "say again")).toBe("again");
    again.type("\u0003");
    expect(await again.ended()).toBe(0);
  });

  it("goes on with echo at Enter, and asks no more: later one line says how", async () => {
    const home = await temporaryHome({ "config.yaml": anyPort });
    const path = await pathWithAgent(home);
    const gateway = onTerminal("gateway run", home, { PATH: path });
    await gateway.shows(question);
    gateway.type("\u001B[A");
    gateway.type("\r");
    await gateway.shows(/hermes\s+agent\s+use\s+1/u);
    expect(await ask(home, path, "hello")).toBe("echo: hello");
    gateway.type("\u0003");
    expect(await gateway.ended()).toBe(0);
    expect(await readFile(join(home, "config.yaml"), "utf8")).toBe(anyPort);
    const again = onTerminal("gateway run", home, { PATH: path });
    await again.shows(/Nobody but echo answers yet\.\s+Found\s+here:\s+1\s+Claude\s+Code/u);
    expect(again.written()).not.toContain("Who is to answer");
    again.type("\u0003");
    expect(await again.ended()).toBe(0);
  });

  it("starts with echo where what was chosen cannot answer, and says why", async () => {
    const home = await temporaryHome({ "config.yaml": anyPort });
    const gateway = onTerminal("gateway run", home, { PATH: "/nowhere:/usr/bin:/bin", ANTHROPIC_API_KEY: "no key" });
    await gateway.shows(/1 {2}Claude, with a key of Anthropic/u);
    gateway.type("1");
    await gateway.shows(ready);
    expect(gateway.written()).toMatch(
      /stays as it was: agents\.main\.providers\.anthropic\.apiKey: expected a key without spaces/u,
    );
    expect(gateway.written()).not.toContain("no key");
    expect(await ask(home, "/usr/bin", "hello")).toBe("echo: hello");
    gateway.type("\u0003");
    expect(await gateway.ended()).toBe(0);
    expect(await readFile(join(home, "config.yaml"), "utf8")).toBe(anyPort);
  });

  it("ends at Ctrl-C while it asks, leaves the terminal as it was, and asks again the next time", async () => {
    const home = await temporaryHome({ "config.yaml": anyPort });
    const path = await pathWithAgent(home);
    for (const time of [1, 2]) {
      const gateway = onTerminal("gateway run", home, { PATH: path });
      await gateway.shows(question);
      gateway.type("\u0003");
      await gateway.ended();
      expect(gateway.written(), `time ${time}`).not.toContain("answers from now on");
    }
    expect(existsSync(join(home, "gateway", "agent-offered"))).toBe(false);
  });

  it("asks nothing where an agent is configured, be it echo", async () => {
    const home = await temporaryHome({ "config.yaml": `${anyPort}agent: { use: echo }\n` });
    const gateway = onTerminal("gateway run", home, { PATH: await pathWithAgent(home) });
    await gateway.shows(/Open the page/u);
    gateway.type("\u0003");
    expect(await gateway.ended()).toBe(0);
    expect(gateway.written()).not.toMatch(/Who is to answer|Nobody but echo/u);
  });

  it("asks nothing in the background of a terminal, where asking would suspend it", async () => {
    const home = await temporaryHome({ "config.yaml": anyPort });
    const path = await pathWithAgent(home);
    const shell = onTerminal("gateway run & echo job=$!; wait", home, { PATH: path }, "set -m;");
    const shown = await shell.shows(/job=\d+/u);
    const pid = Number(/job=(\d+)/u.exec(shown)?.[1]);
    let isOver = false;
    onTestFinished(() => void (isOver || process.kill(pid, "SIGKILL")));
    await shell.shows(/Nobody but echo answers yet/u);
    expect(shell.written()).not.toContain("Who is to answer");
    // It is a job of its own: what ends the shell does not end it.
    process.kill(pid, "SIGTERM");
    await shell.ended();
    isOver = true;
    expect(() => process.kill(pid, 0)).toThrow(/ESRCH/u);
  });
});
