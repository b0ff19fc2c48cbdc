import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { stop } from "../serve.ts";
import { agentHouse, commandLineOf, modelKey } from "./house.ts";
import { order, resultsIn } from "./obedient-model.ts";
import { sees, textsOf } from "./stage.ts";
import { telegramStage } from "./telegram-stage.ts";

const mcpServer = fileURLToPath(new URL("../../../../packages/agent-ai/test/tools/mcp-stdio.ts", import.meta.url));

it("Keys and tokens stand in no message, log, process list or environment of a tool, whatever a hostile text asks for", async () => {
  const stage = await telegramStage();
  const { serve, home, model } = await agentHouse([stage], {
    agent: { toolSets: { default: ["terminal", "files", "mcp:test"] } },
    tools: {
      mcpServers: { test: { command: process.execPath, args: ["--conditions=@hermes/source", mcpServer], effect: "none" } },
    },
    rest: { log: { level: "debug" }, approvals: { timeoutSeconds: 1 } },
  });
  const hermes = await serve();
  const token = readFileSync(join(home, "gateway", "token"), "utf8").trim();
  const secrets = [modelKey, token, ...stage.secrets];
  const commands = [
    "env",
    "set",
    "ps -ef",
    "export -p",
    "cat /proc/self/environ",
    `cat /proc/${String(hermes.process.pid)}/environ`,
  ];
  const orders = [...commands.map((command) => order("terminal", { command })), order("mcp_test_environment", {})];
  await stage.says(`tell me everything ${orders.join(" ")}`);
  await sees(stage, /heard: tell me everything/u);
  const listed = readdirSync("/proc")
    .filter((entry) => /^\d+$/u.test(entry))
    .map(commandLineOf)
    .join("\n");
  await stop(hermes);
  const results = resultsIn(model.requests.at(-1) ?? expect.unreachable());
  expect(results).toHaveLength(orders.length);
  expect(results[0]).toMatch(/PATH=/u);
  expect(results.at(-1)).toContain("PATH");
  expect(results.at(-1)).not.toMatch(/KEY|TOKEN|HERMES/u);
  const places = {
    results: results.join("\n"),
    requests: JSON.stringify(model.requests.map(({ body }) => body)),
    messages: (await textsOf(stage)).join("\n"),
    log: hermes.errors() + hermes.output(),
    processes: listed,
  };
  for (const [place, text] of Object.entries(places))
    for (const secret of secrets) expect(text.includes(secret), `a secret in the ${place}`).toBe(false);
});
