import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { configurationInput } from "../../src/cli/load.ts";
import { loadConfiguration } from "../../src/config/configuration.ts";
import { temporaryHome } from "../temporary-home.ts";

const environment = {
  ANTHROPIC_API_KEY: "fake-key-for-tests",
  OPENAI_API_KEY: "fake-key-for-tests",
  GITHUB_TOKEN: "fake-token-for-tests",
  TELEGRAM_BOT_TOKEN: "123456:FAKE-TOKEN-FOR-TESTS",
  PATH: "/usr/bin",
  HOME: "/home/ada",
};

const pages = ["docs/agents.md", "README.md", "packages/agent-ai/README.md", "packages/agent-acp/README.md"];
const examples = pages.flatMap((page) => {
  const text = readFileSync(new URL(`../../../../${page}`, import.meta.url), "utf8");
  return [...text.matchAll(/^```yaml\n([\s\S]*?)^```/gmu)].map(
    (match, index) => [`${page} ${index + 1}`, match[1] ?? ""] as const,
  );
});

it.each(examples)("What %s shows of config.yaml is taken as it stands", async (_, text) => {
  const home = await temporaryHome({ "config.yaml": text });
  const configuration = await loadConfiguration(configurationInput({ ...environment, HERMES_HOME: home }));
  expect(configuration.warnings).toEqual([]);
  expect(configuration.platforms.filter(({ state }) => state === "broken")).toEqual([]);
  expect(configuration.agents.some(({ manifest }) => manifest !== undefined)).toBe(true);
});
