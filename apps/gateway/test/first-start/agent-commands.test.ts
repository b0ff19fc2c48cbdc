import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startModelServer } from "../../../../packages/agent-ai/test/server.ts";
import { startHermes } from "../cli/hermes.ts";
import { anyPort, serveHome, stop } from "../serve.ts";
import { temporaryHome } from "../temporary-home.ts";
import { pathWithAgent } from "./found-agent.ts";

interface Ended {
  readonly code: number | string;
  readonly output: string;
  readonly errors: string;
}

async function run(home: string, environment: Readonly<Record<string, string>>, ...parts: readonly string[]): Promise<Ended> {
  const hermes = startHermes(parts, { home, environment });
  const code = await hermes.ended();
  return { code, output: hermes.output(), errors: hermes.errors() };
}

describe("hermes agent", () => {
  it("lists who is configured and what is found, has one of them answer, and checks it", async () => {
    const home = await temporaryHome({ "config.yaml": `# Mine\n${anyPort}` });
    const environment = { PATH: await pathWithAgent(home), OPENAI_API_KEY: "fake-key-for-tests" };
    const agent = async (...parts: readonly string[]) => run(home, environment, "agent", ...parts);
    const list = await agent("list");
    expect(list).toMatchObject({ code: 0, errors: "" });
    expect(list.output).toMatch(
      /^main: echo \(default\)\n\nFound on this machine:\n {2}1 {2}Claude Code\n {2}2 {2}GPT, with a key/u,
    );
    const json: unknown = JSON.parse((await agent("list", "--json")).output);
    expect(json).toMatchObject({ agents: [{ name: "main", kind: "echo" }], found: [{ number: 1, label: "Claude Code" }, {}] });
    expect(await agent("use", "claude code")).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^Claude Code answers from now on .*Start the gateway: hermes gateway run$/u),
    });
    expect(await readFile(join(home, "config.yaml"), "utf8")).toMatch(
      /^# Mine\nserver: \{ port: 0 \}\nagents:\n {2}main:\n {4}use: acp\n/u,
    );
    expect(await agent("check")).toEqual({
      code: 0,
      output: expect.stringMatching(/^main: ok\. .*opened a session\.$/u),
      errors: "",
    });
    expect((await agent("list")).output).toMatch(/^main: acp \(config\.yaml:5:5\)\n/u);
    expect(await agent("use", "2")).toMatchObject({ code: 78, errors: expect.stringMatching(/config\.yaml:5:5.*--replace/u) });
    expect(await agent("use", "2", "--replace")).toMatchObject({ code: 0 });
    const written = await readFile(join(home, "config.yaml"), "utf8");
    expect(written).toContain("use: ai");
    expect(written).not.toMatch(/acp|fake-key/u);
    expect(JSON.stringify(list)).not.toContain("fake-key");
  });

  it("takes nothing that was not found, nor what something has to be done for first", async () => {
    const home = await temporaryHome();
    const environment = { PATH: await pathWithAgent(home, "codex") };
    const { output } = await run(home, environment, "agent", "list");
    expect(output).toMatch(/ {2}- {2}Codex: Install its adapter first: npm install --global \S+/u);
    expect(await run(home, environment, "agent", "use", "Codex")).toMatchObject({
      code: 78,
      errors: expect.stringMatching(/^Codex cannot answer yet\. Install its adapter first/u),
    });
    for (const wanted of ["0", "Nobody\u001B[2J"])
      expect(await run(home, environment, "agent", "use", wanted)).toMatchObject({
        code: 78,
        errors: expect.stringMatching(/^No agent ".*" was found on this machine/u),
      });
    expect(existsSync(join(home, "config.yaml"))).toBe(false);
    expect(await run(home, environment, "agent", "check", "coder")).toMatchObject({
      code: 78,
      errors: 'No agent "coder" is configured: there is main.',
    });
    expect(await run(home, environment, "agent", "check")).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^main: not asked/u),
    });
  });
});

describe("A gateway that nobody sits in front of", () => {
  it("asks nothing, waits for nothing, and says in one line what was found", async () => {
    const home = await temporaryHome({ "config.yaml": anyPort });
    const { hermes } = await serveHome(home, { PATH: await pathWithAgent(home) });
    expect(await hermes.line(/Nobody but echo/u)).toMatch(/Found here: 1 Claude Code\b.*hermes agent use 1$/u);
    expect(hermes.output()).not.toContain("Who is to answer");
    expect(await readFile(join(home, "config.yaml"), "utf8")).toBe(anyPort);
    expect(existsSync(join(home, "gateway", "agent-offered"))).toBe(false);
    await stop(hermes);
  });
});

it("An agent whose key is refused says what to do: in the chat, in the log, and when it is checked", async () => {
  const server = await startModelServer({ models: ["model"] });
  onTestFinished(() => server.close());
  const provider = `{ kind: openai, baseUrl: "${server.baseUrl}", apiKey: "\${TEST_KEY}" }`;
  const config = `${anyPort}agents: { main: { use: ai, model: "test:model", providers: { test: ${provider} } } }\n`;
  const home = await temporaryHome({ "config.yaml": config, ".env": "TEST_KEY=wrong-key-for-tests\n" });
  const check = await run(home, {}, "agent", "check");
  expect(check).toMatchObject({ code: 75, errors: "" });
  expect(check.output).toMatch(
    /^main: does not work\. test refuses the key \(401\)\.\n {4}Set `agents\.main\.providers\.test\.apiKey`/u,
  );
  const { hermes } = await serveHome(home);
  const chat = await run(home, {}, "chat", "hello");
  expect(`${chat.output}${chat.errors}`).toMatch(/test refused the key \(401\)\. Set `agents\.main\.providers\.test\.apiKey`/u);
  expect(await hermes.errorLine(/refused the key/u)).toContain("agents.main.providers.test.apiKey");
  await stop(hermes);
  expect(`${chat.output}${chat.errors}${hermes.errors()}${check.output}`).not.toContain("wrong-key");
});
