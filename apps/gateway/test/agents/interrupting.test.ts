import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { stop } from "../serve.ts";
import { agentHouse, longSleep, openStage, untilRunning } from "./house.ts";
import { messagesOf, order, resultsIn, textOf } from "./obedient-model.ts";
import { sees, stageNames, textsOf, until } from "./stage.ts";

const mcpServer = fileURLToPath(new URL("../../../../packages/agent-ai/test/tools/mcp-stdio.ts", import.meta.url));

describe.each(stageNames)("On %s", (name) => {
  it("/stop ends a command with all its processes at once, and the model knows what became of it", async () => {
    const stage = await openStage(name);
    const { model, serve } = await agentHouse([stage], { rest: { busy: { mode: "interrupt" } } });
    const hermes = await serve();
    const time = longSleep();
    await stage.says(`work ${order("terminal", { command: `sleep ${time} | cat` })}`);
    await untilRunning(true, "sleep", time);
    // A command may have done half of something: only `/stop` ends it.
    await stage.says("are you there?");
    const atMs = performance.now();
    await stage.says("/stop");
    await untilRunning(false, "sleep", time);
    expect(performance.now() - atMs).toBeLessThan(1500);
    await stage.says("never mind");
    await sees(stage, /heard: never mind/u);
    const last = model.requests.at(-1);
    if (last === undefined) return expect.unreachable();
    expect(messagesOf(last).map(({ role }) => role)).toEqual(["system", "user", "assistant", "tool", "user"]);
    expect(resultsIn(last)).toEqual([expect.stringMatching(/stopped|interrupted|not known|ended/iu)]);
    await stop(hermes);
  });

  it("a message interrupts a tool that only reads, is answered at once, and every call has its result", async () => {
    const stage = await openStage(name);
    const mark = join((await agentHouse([])).work, "mark");
    const reader = { command: process.execPath, args: ["--conditions=@hermes/source", mcpServer, mark], effect: "none" };
    const { model, serve } = await agentHouse([stage], {
      agent: { toolSets: { default: ["mcp:test"] } },
      tools: { mcpServers: { test: reader } },
      rest: { busy: { mode: "interrupt" } },
    });
    const hermes = await serve();
    await stage.says(`read ${order("mcp_test_hang", {})}`);
    await until(
      () => model.requests.length === 1,
      () => "the first request",
    );
    await untilWritten(mark, /hangs/u);
    await stage.says("something else");
    await sees(stage, /heard: something else/u);
    await untilWritten(mark, /cancelled/u);
    const last = model.requests.at(-1);
    if (last === undefined) return expect.unreachable();
    expect(messagesOf(last).map(({ role }) => role)).toEqual(["system", "user", "assistant", "tool", "user"]);
    await stop(hermes);
  });

  it("what is said while a command runs reaches the model at its next step, in the same turn", async () => {
    const stage = await openStage(name);
    const { model, serve } = await agentHouse([stage], { rest: { busy: { mode: "steer" } } });
    const hermes = await serve();
    const time = `1.5${longSleep()}`;
    await stage.says(`work ${order("terminal", { command: `sleep ${time}` })}`);
    await untilRunning(true, "sleep", time);
    await stage.says("look at the second page, too");
    await sees(stage, /heard: look at the second page, too/u);
    expect(model.requests).toHaveLength(2);
    const [, second] = model.requests;
    if (second === undefined) return expect.unreachable();
    expect(messagesOf(second).map(({ role }) => role)).toEqual(["system", "user", "assistant", "tool", "user"]);
    expect(textOf(messagesOf(second)[4] ?? { role: "", content: "" })).toContain("look at the second page, too");
    expect((await textsOf(stage)).filter((text) => text.includes("heard:"))).toHaveLength(1);
    await stop(hermes);
  });
});

async function untilWritten(path: string, pattern: RegExp): Promise<void> {
  const read = async (): Promise<string> => await readFile(path, "utf8").catch(() => "");
  await until(
    async () => pattern.test(await read()),
    async () => `${path}: ${String(pattern)} in ${await read()}`,
  );
}
