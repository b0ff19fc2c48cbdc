import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { agentHouse, openStage } from "./house.ts";
import { messagesOf, textOf } from "./obedient-model.ts";
import { sees, textsOf } from "./stage.ts";

const exampleAgent = fileURLToPath(new URL("../../../../packages/agent-acp/test/agents/example-agent.ts", import.meta.url));
const groups = { telegram: "-1001000000001", slack: "T0ONE/C0CLUB" } as const;

describe.each(["telegram", "slack"] as const)("On %s", (name) => {
  it("a model answers in one chat and a program in another, and each keeps its own conversation", async () => {
    const stage = await openStage(name);
    const { serve, home, model } = await agentHouse([stage], {
      agent: { toolSets: {} },
      rest: { routes: [{ platform: name, chat: groups[name], agent: "coder" }] },
    });
    await addAgent(home);
    const hermes = await serve();
    await stage.says("; say hello", { in: "group" });
    await sees(stage, /hello/u, "group");
    await stage.says("the red book");
    await sees(stage, /heard: the red book/u);
    await stage.says("; recall", { in: "group" });
    const recalled = (await sees(stage, /say hello/u, "group")).text;
    expect(recalled).not.toContain("red book");
    await stage.says("which one?");
    await sees(stage, /heard: which one\?/u);
    const told = messagesOf(model.requests.at(-1) ?? expect.unreachable())
      .map(textOf)
      .join("\n");
    expect(told).toContain("the red book");
    expect(told).not.toContain("say hello");
    expect((await textsOf(stage)).join("\n")).not.toContain("hello");
    await stop(hermes);
  });
});

async function addAgent(home: string): Promise<void> {
  const { readFile, writeFile } = await import("node:fs/promises");
  const path = `${home}/config.yaml`;
  const configuration = JSON.parse(await readFile(path, "utf8")) as { agents: Record<string, unknown> };
  configuration.agents["coder"] = {
    use: "acp",
    command: process.execPath,
    args: [exampleAgent],
    environment: { PATH: process.env["PATH"] ?? "" },
  };
  await writeFile(path, JSON.stringify(configuration), { mode: 0o600 });
}
