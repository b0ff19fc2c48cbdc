import type { Agent, AgentSession } from "@hermes/core";
import { buildSessionKey } from "@hermes/core";
import { describe, expect, it } from "vitest";
import { Conversation, only, startExample, startMisbehaving } from "./turns.ts";

const signal = new AbortController().signal;

function place(id?: string, chosen: Readonly<Record<string, string>> = {}): AgentSession {
  const key = buildSessionKey({ kind: "background", id: "1" });
  return { key, chosen, ...(id === undefined ? {} : { id }) };
}

async function current(agent: Agent, session: AgentSession): Promise<Record<string, string>> {
  const settings = (await agent.settings?.(session, signal)) ?? [];
  return Object.fromEntries(settings.map(({ id, current }) => [id, current]));
}

describe("What can be chosen of an agent", () => {
  it("is shown before anything was said, and the session that shows it is used then", async () => {
    const { agent } = await startExample();
    expect(await agent.settings?.(place(), signal)).toEqual([
      {
        id: "model",
        name: "Model",
        current: "small",
        options: [
          { id: "small", label: "Small" },
          { id: "large", label: "Large", description: "Knows more" },
        ],
      },
      {
        id: "verbose",
        name: "Verbose",
        current: "off",
        options: [
          { id: "on", label: "On" },
          { id: "off", label: "Off" },
        ],
      },
      {
        id: "mode",
        name: "Mode",
        current: "code",
        options: [
          { id: "code", label: "Code" },
          { id: "plan", label: "Plan" },
        ],
      },
    ]);
    const conversation = new Conversation(agent);
    await conversation.say("say hello");
    expect(conversation.transcript).toEqual([{ kind: "acp-session", id: expect.stringMatching(/-1$/u) }]);
  });

  it("names the commands that agents may have", async () => {
    const { agent } = await startExample();
    expect(agent.settingIds).toEqual(["mode", "model", "reasoning"]);
  });

  it("counts at once in a live session", async () => {
    const { agent } = await startExample();
    const conversation = new Conversation(agent);
    await conversation.say("say hello");
    const session = place(conversation.id);
    expect(await agent.choose?.(session, "model", "large", signal)).toEqual({ value: "large" });
    expect(await agent.choose?.(session, "mode", "plan", signal)).toEqual({ value: "plan" });
    expect(await current(agent, session)).toEqual({ model: "large", verbose: "off", mode: "plan" });
    const chosen = { model: "large", mode: "plan" };
    expect(await conversation.answerTo("settings", { chosen })).toBe("plan large false");
  });

  it("is refused where there is no such choice", async () => {
    const { agent } = await startExample();
    expect(await agent.choose?.(place(), "model", "huge", signal)).toEqual({ refusal: "Model can be: `small`, `large`." });
    expect(await agent.choose?.(place(), "reasoning", "high", signal)).toEqual({
      refusal: "This agent has no `reasoning` to choose.",
    });
  });

  it("is made to count at the beginning of a turn, and the agent's own again when it is not chosen any more", async () => {
    const { agent } = await startExample();
    const conversation = new Conversation(agent);
    expect(await conversation.answerTo("settings", { chosen: { model: "large", verbose: "on", unknown: "x" } })).toBe(
      "code large true",
    );
    expect(await conversation.answerTo("settings", { chosen: { verbose: "on" } })).toBe("code small true");
  });

  it("stays as the agent itself changed it", async () => {
    const { agent } = await startExample();
    const conversation = new Conversation(agent);
    const chosen = { mode: "plan" };
    expect(await conversation.answerTo("settings", { chosen })).toBe("plan small false");
    await conversation.say("mode code", { chosen });
    expect(await current(agent, place(conversation.id))).toMatchObject({ mode: "code" });
  });

  it("is told to the reader where the agent does not take it", async () => {
    const { agent } = await startExample();
    const events = await new Conversation(agent).say("settings", { chosen: { model: "huge" } });
    expect(only(events, "notice")[0]?.text).toBe("The agent did not take the choice of `model`.");
  });

  it("is nothing with an agent that offers nothing", async () => {
    const { agent } = await startMisbehaving([]);
    expect(await agent.settings?.(place(), signal)).toEqual([]);
  });
});
