import { text, type Agent, type AgentSetting, type Chosen } from "@hermes/core";
import { createMemoryStore } from "@hermes/runtime";
import { createFakeClock } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { createAblePlatform } from "./able-platform.ts";
import { startGateway } from "./set-up.ts";

const models = ["small", "large"].map((id) => ({ id, label: id.toUpperCase() }));

/** Answers with the model that was chosen. */
function choosy(more: Partial<Agent> = {}): Agent {
  return {
    features: { steer: false, undo: false, resume: "replay" },
    settingIds: ["model"],
    settings: async ({ chosen }): Promise<readonly AgentSetting[]> => [
      { id: "model", name: "Model", current: chosen["model"] ?? "small", options: models },
    ],
    async *run(turn) {
      yield text(`by ${turn.chosen["model"] ?? "default"}`);
    },
    ...more,
  };
}

async function open(agent: Agent = choosy(), more = {}) {
  const chat = createAblePlatform();
  const bench = await startGateway({ chat, agent, ...more });
  const says = async (words: string, userId = "7"): Promise<string> => {
    await chat.says(words, { userId });
    await bench.clock.advance(2000);
    return chat.texts().at(-1) ?? "";
  };
  return { ...bench, chat, says };
}

describe("A setting of an agent", () => {
  it("is shown with what there is to choose, chosen by name or number, and counts from the next message on", async () => {
    const { says } = await open();
    expect(await says("hello")).toBe("by default");
    expect(await says("/model")).toContain("**Model**: `small`\n1. `small`\n2. `large`");
    expect(await says("/model LARGE")).toBe("Model: `large` from the next message on.");
    expect(await says("hello")).toBe("by large");
    expect(await says("/model 1")).toContain("`small`");
    expect(await says("/model huge")).toBe("There is no `huge` to choose.");
    expect(await says("/model default")).toBe("Model: as it is without a choice.");
    expect(await says("hello")).toBe("by default");
  });

  it("is chosen by a button, by whoever asked for them, also after a restart", async () => {
    const clock = createFakeClock();
    const store = createMemoryStore();
    const { chat, gateway, says } = await open(choosy(), { clock, store });
    await says("/model");
    expect(chat.sent.at(-1)?.buttons).toEqual(["LARGE"]);
    await gateway.stop();
    await startGateway({ chat, agent: choosy(), clock, store });
    await chat.presses("LARGE", "8");
    expect(chat.settled.at(-1)).toBe("Somebody else was asked this.");
    await chat.presses("LARGE");
    await clock.advance(2000);
    expect(chat.texts().at(-1)).toBe("Model: `large` from the next message on.");
    expect(chat.texts()).toContain("**Model**: `small`\n\n➡️ LARGE");
    await chat.says("hello");
    await clock.advance(2000);
    expect(chat.texts().at(-1)).toBe("by large");
  });

  it("is chosen for everybody only by those who look after the gateway", async () => {
    const { says } = await open(choosy(), { access: { allowAll: true, admins: ["scripted:9"] } });
    expect(await says("/model large --global")).toContain("is for those who look after this gateway");
    expect(await says("/model large --global", "9")).toContain("wherever nothing else was chosen");
    expect(await says("hello")).toBe("by large");
    await says("/model small");
    expect(await says("hello")).toBe("by small");
  });

  it("is judged by the agent where it judges by itself", async () => {
    const choose = async (_session: unknown, _id: string, value: string): Promise<Chosen> =>
      value.includes(":") ? { value: value.toLowerCase() } : { refusal: "Write `provider:model`." };
    const { says } = await open(choosy({ choose }));
    expect(await says("/model gpt")).toBe("Write `provider:model`.");
    await says("/model OpenAI:GPT");
    expect(await says("hello")).toBe("by openai:gpt");
  });

  it("that cannot be found out is said to be so, and keeps nobody from being answered", async () => {
    const settings = () => Promise.reject(new Error("the program does not start"));
    const { says } = await open(choosy({ settings }));
    expect(await says("/model")).toBe("What there is to choose could not be found out. Please try /model again later.");
    expect(await says("hello")).toBe("by default");
  });

  it("has no command where no agent has it, and none in place of a command of the gateway", async () => {
    const { gateway, says } = await open(choosy({ settingIds: ["stop", "mode", "Bad Name"] }));
    const names = gateway.commands().map(({ name }) => name);
    expect(names.filter((name) => name === "stop")).toHaveLength(1);
    expect(names).toContain("mode");
    expect(names).not.toContain("Bad Name");
    expect(await says("/model")).toContain("I do not know /model");
  });
});
