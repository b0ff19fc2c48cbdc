import { agentOfSession, text, type Agent } from "@hermes/core";
import { createGateway, routedAgent } from "@hermes/runtime";
import { createScriptedPlatform } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { startGateway } from "./set-up.ts";

function named(name: string): Agent {
  return {
    features: { steer: false, undo: false, resume: "replay" },
    async *run(turn) {
      yield text(`${name} hears ${turn.input[0].text} in ${agentOfSession(turn.session.key)}`);
    },
  };
}

describe("Of several routes", () => {
  const routes = [
    { agent: "platform", platform: "p" },
    { agent: "user", user: "u" },
    { agent: "chat", chat: "c" },
    { agent: "thread", thread: "t" },
    { agent: "other", platform: "q", thread: "t" },
  ];
  it.each([
    ["thread", { platform: "p", chatId: "c", threadId: "t", userId: "u" }],
    ["other", { platform: "q", chatId: "c", threadId: "t", userId: "u" }],
    ["chat", { platform: "p", chatId: "c", userId: "u" }],
    ["user", { platform: "p", chatId: "x", userId: "u" }],
    ["platform", { platform: "p", chatId: "x", userId: "v" }],
    [undefined, { platform: "q", chatId: "x", userId: "v" }],
  ])("the one to %s counts at %o", (agent, place) => {
    expect(routedAgent(routes, place)).toBe(agent);
  });

  it("the first counts where two are as particular", () => {
    const two = [
      { agent: "a", chat: "c" },
      { agent: "b", chat: "c" },
    ];
    expect(routedAgent(two, { platform: "p", chatId: "c" })).toBe("a");
  });
});

describe("A gateway with several agents", () => {
  it("lets each answer where it is routed to, in conversations of its own", async () => {
    const { chat, clock } = await startGateway({
      agent: named("main"),
      agents: { coder: named("coder") },
      routes: [
        { agent: "coder", chat: "work" },
        { agent: "main", chat: "work", user: "8" },
      ],
    });
    await chat.says("hello", { chatId: "home", type: "group" });
    await chat.says("hello", { chatId: "work", type: "group" });
    await chat.says("hello", { chatId: "work", type: "group", userId: "8" });
    await clock.advance(2000);
    expect(chat.texts("home")).toEqual(["main hears hello in main"]);
    expect(chat.texts("work")).toEqual(["coder hears hello in coder", "main hears hello in main"]);
  });

  it("says so where the agent of a conversation is not there any more, and begins nothing", () => {
    const { platform } = createScriptedPlatform({ style: "edit" });
    const start = () => createGateway({ platforms: [platform], agent: named("main"), routes: [{ agent: "gone" }] });
    expect(start).toThrow(/Expected each route to lead to one of the agents main, got `gone`/u);
    const bad = () => createGateway({ platforms: [platform], agent: named("main"), agents: { "a:b": named("x") } });
    expect(bad).toThrow(/Expected the name of an agent/u);
  });
});
