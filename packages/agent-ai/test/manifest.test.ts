import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { checkOptions } from "@hermes/core";
import { afterEach, describe, expect, it } from "vitest";
import { manifest } from "../src/manifest.ts";
import { createBench } from "./bench.ts";
import { configured } from "./configured.ts";
import { startModelServer, type ModelServer } from "./server.ts";

const running: ModelServer[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});

const read = (value: unknown): unknown => checkOptions(manifest.configuration, value, "agent's");

/** Runs a program of this folder in a process of its own, with nothing in its environment but `environment`. */
async function runProgram(
  name: string,
  environment: Readonly<Record<string, string>>,
  ...given: readonly string[]
): Promise<string> {
  const program = fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
  const run = promisify(execFile);
  const options = { env: environment, encoding: "utf8", timeout: 12_000 } as const;
  return (await run(process.execPath, ["--conditions=@hermes/source", program, ...given], options)).stdout;
}

describe("The configuration", () => {
  it.each([
    [{}, "`model`"],
    [{ model: "gpt-5" }, "`model`: Expected `provider:model`"],
    [{ model: "a:b", providers: { a: { baseUrl: "ftp://x" } } }, "`providers.a.baseUrl`: Expected an address"],
    [{ model: "a:b", providers: { a: { baseUrl: "http://ada:secret@x" } } }, "`providers.a.baseUrl`: Expected an address"],
    [{ model: "a:b", providers: { a: { apiKey: "two words" } } }, "`providers.a.apiKey`: Expected a key without spaces"],
    [{ model: "a:b", modle: "c:d" }, "modle"],
  ])("that cannot work says which key and why: %j", (value, message) => {
    expect(() => read(value)).toThrow(message);
  });

  it("with a model alone is enough", () => {
    expect(read({ model: "ollama:qwen3:8b" })).toEqual({ model: "ollama:qwen3:8b" });
  });

  it("has its secrets named", () => {
    expect(manifest.secrets).toEqual([
      "providers.*.apiKey",
      "providers.*.headers.*",
      "tools.terminal.environment.*",
      "tools.mcpServers.*.env.*",
      "tools.mcpServers.*.headers.*",
    ]);
    expect(manifest.configurationJsonSchema).toMatchObject({ type: "object", required: ["model"] });
  });
});

describe("The manifest", () => {
  it("loads no provider's package, and each is loaded when its model is asked", async () => {
    const loaded = JSON.parse(await runProgram("loaded-packages", {})) as Readonly<Record<string, readonly string[]>>;
    expect(loaded).toEqual({
      manifest: [],
      agent: [],
      test: ["@ai-sdk/openai-compatible"],
      anthropic: ["@ai-sdk/anthropic", "@ai-sdk/openai-compatible"],
    });
  });

  it("takes keys and addresses from the configuration alone, whatever the environment says", async () => {
    const trap = await startModelServer();
    const server = await startModelServer();
    running.push(trap, server);
    const names = ["OPENAI", "ANTHROPIC", "GOOGLE_GENERATIVE_AI", "GEMINI", "OPENROUTER", "OLLAMA", "GOOGLE", "TEST"];
    const poison = names.flatMap((name) => [
      [`${name}_API_KEY`, "poisoned-key"],
      [`${name}_BASE_URL`, trap.baseUrl],
      [`${name}_AUTH_TOKEN`, "poisoned-key"],
    ]);
    const told = JSON.parse(await runProgram("poisoned", Object.fromEntries(poison), server.baseUrl)) as unknown;
    expect(told).toEqual({
      answer: "ok",
      openai: ["[main] openai cannot be asked without a key: set `agents.main.providers.openai.apiKey`"],
      anthropic: ["[main] anthropic cannot be asked without a key: set `agents.main.providers.anthropic.apiKey`"],
      google: ["[main] google cannot be asked without a key: set `agents.main.providers.google.apiKey`"],
    });
    expect(trap.http.log).toEqual([]);
    const keys = server.requests.map(
      ({ headers }) => headers.get("authorization") ?? headers.get("x-api-key") ?? headers.get("x-goog-api-key"),
    );
    expect(keys).toEqual(["Bearer key", "Bearer key", "key", "key"]);
    expect(server.http.log.map(({ path }) => path).toSorted()).toEqual([
      "/v1/chat/completions",
      "/v1/messages",
      "/v1/models/gemini:streamGenerateContent?alt=sse",
      "/v1/responses",
    ]);
  });

  it("finds what this machine has", async () => {
    const offers = await manifest.detect?.({
      findProgram: async () => undefined,
      hasVariable: (name) => name === "OPENAI_API_KEY",
      readLocal: async (url) =>
        url.includes("11434") ? { models: [{ name: "nomic-embed-text" }, { name: "qwen3:8b" }] } : { unexpected: 1 },
    });
    expect(offers?.map(({ label }) => label)).toEqual(["GPT, with a key of OpenAI", "qwen3:8b in Ollama"]);
    expect(offers?.[0]?.section).toMatchObject({ use: "ai", providers: { openai: { apiKey: "${OPENAI_API_KEY}" } } });
    // What reaches files, runs commands or writes to others is for people to switch on.
    expect(offers?.map(({ section }) => section["toolSets"])).toEqual([{ default: ["memory", "clarify", "web"] }, undefined]);
    for (const { section } of offers ?? []) {
      const { use, ...configuration } = section;
      expect(use).toBe("ai");
      expect(() => read(configuration)).not.toThrow();
    }
  });

  it("checks the key, the address and the model", async () => {
    const server = await startModelServer({ models: ["model-2026-01-01", "other"] });
    running.push(server);
    await using bench = createBench({ configuration: configured(server.baseUrl) });
    const check = (more: object = {}) =>
      manifest.check?.({ ...configured(server.baseUrl), ...more }, bench.host, AbortSignal.timeout(5000));
    expect(await check()).toEqual({ ok: true, summary: "test answers, and has test:model" });
    expect(await check({ model: "test:nothing" })).toMatchObject({ ok: false, remedy: expect.stringContaining("other") });
    expect(await check({ providers: { test: { baseUrl: server.baseUrl, apiKey: "wrong" } } })).toEqual({
      ok: false,
      summary: "test refuses the key (401)",
      remedy: "Set `agents.main.providers.test.apiKey` to one that is good",
    });
    expect(await check({ model: "openai:gpt-5" })).toMatchObject({
      ok: false,
      summary: expect.stringContaining("providers.openai.apiKey"),
    });
    await server.close();
    expect(await check()).toMatchObject({ ok: false, summary: "test cannot be reached: there is no connection" });
  });
});
