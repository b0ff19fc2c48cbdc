import { text, type Agent, type AgentEvent } from "@hermes/core";
import { describe, expect, it } from "vitest";
import { createAblePlatform } from "./able-platform.ts";
import { createHeldAgent, startGateway } from "./set-up.ts";

const start = (callId: string, title: string): AgentEvent => ({
  type: "tool-start",
  callId,
  title,
  tool: "read",
  effect: "none",
});
const end = (callId: string): AgentEvent => ({ type: "tool-end", callId, outcome: "done", summary: "3 lines" });

async function working(tools: "new" | "all" | "verbose", cleanUp = false, canRemove = true) {
  const { agent, turns } = createHeldAgent();
  const chat = createAblePlatform(canRemove ? { remove: {} } : {}, { style: "edit" });
  const bench = await startGateway({ chat, agent, progress: { scripted: { tools, cleanUp, titleLength: 40 } } });
  await chat.says("go");
  const tell = async (...events: readonly (AgentEvent | string)[]): Promise<readonly string[]> => {
    for (const event of events) {
      if (typeof event === "string") turns[0]?.say(event);
      else turns[0]?.tell(event);
    }
    await bench.clock.advance(3000);
    return chat.texts();
  };
  return { ...bench, chat, turns, tell };
}

describe("What an agent does", () => {
  it("is one message that grows with each use of a tool, until it speaks again", async () => {
    const { tell, turns, clock, chat } = await working("all");
    expect(await tell("Let me see.", start("1", "read a.ts"))).toEqual(["Let me see.", "⚙️ read a\\.ts"]);
    expect(await tell(end("1"), start("2", "read b.ts"))).toEqual(["Let me see.", "✅ read a\\.ts\n⚙️ read b\\.ts"]);
    await tell(end("2"), "Both are empty.", start("3", "read c.ts"));
    turns[0]?.end();
    await clock.advance(3000);
    expect(chat.texts()).toEqual(["Let me see.", "✅ read a\\.ts\n✅ read b\\.ts", "Both are empty.", "⚙️ read c\\.ts"]);
  });

  it("is counted where only what is new is told", async () => {
    const { tell } = await working("new");
    expect(await tell(start("1", "read a"), end("1"), start("2", "read b"), end("2"))).toEqual(["✅ read b ×2"]);
  });

  it("is told with what came of it where all of it is asked for", async () => {
    const { tell } = await working("verbose");
    const given: AgentEvent = { type: "tool-start", callId: "1", title: "read a", input: { path: "a" }, effect: "none" };
    expect(await tell(given, end("1"))).toEqual(['✅ read a\n> \\{"path"\\:"a"\\}\n> 3 lines']);
  });

  it("shows the agent's plan", async () => {
    const { tell } = await working("all");
    const plan: AgentEvent = {
      type: "plan",
      entries: [
        { text: "Look", state: "done" },
        { text: "Act", state: "running" },
      ],
    };
    expect(await tell(plan)).toEqual(["☑️ Look\n▶️ Act"]);
  });

  it("is hostile text like any other: it pings nobody and formats nothing", async () => {
    const { tell } = await working("all");
    const [shown] = await tell(start("1", "@everyone **bold** [x](http://evil)\n# big"));
    expect(shown).toBe("⚙️ \\@everyone \\*\\*bold\\*\\* \\[x\\]\\(http\\:\\/\\/evil\\) \\# b…");
  });

  it("is not told where nobody asked for it", async () => {
    const agent: Agent = {
      features: { steer: false, undo: false, resume: "replay" },
      async *run() {
        yield start("1", "read a");
        yield end("1");
        yield text("Done.");
      },
    };
    const { chat, clock } = await startGateway({ agent });
    await chat.says("go");
    await clock.advance(3000);
    expect(chat.texts()).toEqual(["Done."]);
  });
});
