import { describe, expect, it } from "vitest";
import type { AgentFunction, Question } from "@hermes/core";
import { text } from "@hermes/core";
import { createMemoryStore, type Gateway, type GatewayOptions, type Store } from "@hermes/runtime";
import { createFakeClock, createScriptedPlatform, settle, type FakeClock, type ScriptedPlatform } from "@hermes/runtime/testing";
import { forever, mortal } from "../mortal.ts";
import { startGateway } from "../set-up.ts";

const setAside =
  "I was ended unexpectedly more than once while I was working on this, so I have set it aside. /retry lets me try it once more.";
const held = "I was ended unexpectedly several times in a row, so I do not go on with this by myself. /retry lets me answer it.";

interface World {
  readonly chat: ScriptedPlatform;
  readonly clock: FakeClock;
  readonly store: Store;
  /** Texts of the turns that agents ran, over all processes. */
  readonly ran: string[];
  /** A process that answers everything but `poison`, in which it never comes to an end. */
  readonly serve: (
    options?: Partial<Omit<GatewayOptions, "clock" | "platforms">>,
  ) => Promise<{ readonly gateway: Gateway; readonly crash: () => void; readonly stop: () => Promise<void> }>;
}

function createWorld(): World {
  const store = createMemoryStore();
  const chat = createScriptedPlatform({ style: "edit" });
  const clock = createFakeClock();
  const ran: string[] = [];
  const agent: AgentFunction = async function* (turn) {
    const [{ text: said }] = turn.input;
    ran.push(said);
    if (said.startsWith("poison")) await forever();
    yield text(`echo: ${said}`);
  };
  return {
    chat,
    clock,
    store,
    ran,
    async serve(options = {}) {
      const life = mortal(store);
      const { gateway } = await startGateway({ chat, clock, agent, ...options, store: life.store });
      await clock.advance(1000);
      return {
        gateway,
        crash: () => life.end(),
        async stop() {
          const stopped = gateway.stop();
          await clock.advance(5000);
          await stopped;
        },
      };
    },
  };
}

describe("A message whose turn ends the process", () => {
  it("is tried twice, then set aside with a word in its chat; new messages are answered", async () => {
    const { chat, clock, ran, serve } = createWorld();
    const first = await serve();
    await chat.says("poison");
    await settle();
    first.crash();
    (await serve()).crash();
    const third = await serve();
    expect([ran, chat.texts()]).toEqual([["poison", "poison"], [setAside]]);
    await chat.says("hello");
    await clock.advance(1000);
    expect(chat.texts()).toEqual([setAside, "echo: hello"]);
    await third.stop();
  });

  it("is tried again with /retry, as often as a person wants that", async () => {
    const { chat, clock, ran, serve } = createWorld();
    const first = await serve();
    await chat.says("poison");
    await settle();
    first.crash();
    (await serve()).crash();
    const third = await serve();
    await chat.says("/retry");
    await clock.advance(1000);
    expect(ran).toEqual(["poison", "poison", "poison"]);
    // Not one of several quick crashes.
    await clock.advance(60_000);
    third.crash();
    (await serve()).crash();
    const fifth = await serve();
    expect(ran).toHaveLength(4);
    expect(chat.texts().filter((said) => said === setAside)).toHaveLength(2);
    await fifth.stop();
  });

  it("is named in the home channel and in the log, and let in again from the ledger", async () => {
    const { chat, clock, ran, serve } = createWorld();
    const access = { allow: ["scripted:7", "scripted:8"], admins: ["scripted:7"] };
    const first = await serve({ access });
    await chat.says("/sethome", { chatId: "home" });
    await chat.says("poison", { userId: "8" });
    await clock.advance(1000);
    first.crash();
    (await serve({ access })).crash();
    const log: string[] = [];
    const note = (message: string): void => void log.push(message);
    const logger = { debug: () => undefined, info: () => undefined, warn: note, error: note };
    const third = await serve({ access, logger });
    expect(log).toContainEqual(expect.stringMatching(/^\[scripted\] Event 2 of chat c1 .* is not taken up by itself/u));
    const named = chat.texts("home").filter((said) => said.includes("hermes events replay 2"));
    expect(named).toEqual([expect.stringContaining("event 2 in scripted:c1")]);
    expect(ran).toHaveLength(2);
    expect((await third.gateway.ledger.replayEvent(2)).kind).toBe("done");
    await clock.advance(1000);
    expect(ran).toHaveLength(3);
    await third.stop();
  });

  it("does not count where its process was stopped as planned", async () => {
    const { chat, ran, serve } = createWorld();
    const first = await serve();
    await chat.says("poison");
    await settle();
    first.crash();
    for (let planned = 0; planned < 3; planned += 1) await (await serve()).stop();
    expect(ran).toHaveLength(4);
    (await serve()).crash();
    (await serve()).crash();
    const last = await serve();
    expect(ran).toHaveLength(6);
    expect(chat.texts()).toEqual([setAside]);
    await last.stop();
  });

  it("may be tried more often, where that is wanted", async () => {
    const { chat, ran, serve } = createWorld();
    const limits = { maxCrashedRuns: 4, maxQuickCrashes: 9 };
    const first = await serve({ limits });
    await chat.says("poison");
    await settle();
    first.crash();
    for (let crash = 0; crash < 4; crash += 1) (await serve({ limits })).crash();
    expect(ran).toHaveLength(4);
    expect(chat.texts()).toEqual([setAside]);
  });

  it("is not one that only waits for a person, however often the process ends", async () => {
    const { chat, clock, serve } = createWorld();
    const question: Question = { key: "q", kind: "text", prompt: "Name?", expiresAfterMs: 3_600_000, onExpiry: "" };
    const agent: AgentFunction = async function* (turn) {
      const answer = await turn.ask(question);
      yield text(`Hello, ${"text" in answer ? (answer.text ?? "") : ""}.`);
    };
    const first = await serve({ agent });
    await chat.says("hello");
    await clock.advance(1000);
    first.crash();
    for (let crash = 0; crash < 4; crash += 1) (await serve({ agent })).crash();
    const last = await serve({ agent });
    await chat.says("Ada");
    await clock.advance(1000);
    expect(chat.texts()).toEqual(["Name?", "Hello, Ada."]);
    await last.stop();
  });
});

describe("A process that crashes soon after its start, three times in a row", () => {
  /** Two chats wait for one place: only the turn of the first runs. */
  async function crashing(world: World, times: number): Promise<void> {
    const { chat, serve } = world;
    const limits = { maxTurns: 1, maxCrashedRuns: 100 };
    const first = await serve({ limits });
    for (const chatId of ["c1", "c2"]) await chat.says(`poison of ${chatId}`, { chatId });
    await settle();
    first.crash();
    for (let crash = 1; crash < times; crash += 1) (await serve({ limits })).crash();
  }

  it("takes up no turn by itself: its chat is told once how to go on, and what is new is answered", async () => {
    const world = createWorld();
    const { chat, clock, ran, serve } = world;
    await crashing(world, 3);
    const tries = ran.length;
    const last = await serve({ limits: { maxCrashedRuns: 100 } });
    expect(chat.texts()).toEqual([held]);
    // What had not begun is nobody's suspect.
    expect(ran.slice(tries)).toEqual(["poison of c2"]);
    await chat.says("hello");
    await clock.advance(1000);
    expect(chat.texts()).toEqual([held, "echo: hello"]);
    last.crash();
    await serve({ limits: { maxCrashedRuns: 100 } });
    expect(chat.texts().filter((said) => said === held)).toHaveLength(1);
  });

  it("goes on as ever after two", async () => {
    const world = createWorld();
    await crashing(world, 2);
    const tries = world.ran.length;
    const last = await world.serve({ limits: { maxCrashedRuns: 100 } });
    expect(world.ran.slice(tries)).toContain("poison of c1");
    expect(world.chat.texts()).toEqual([]);
    await last.stop();
  });

  it("begins to count anew once a process has lived for a minute", async () => {
    const world = createWorld();
    await crashing(world, 2);
    const limits = { maxCrashedRuns: 100 };
    const settled = await world.serve({ limits });
    await world.clock.advance(60_000);
    settled.crash();
    (await world.serve({ limits })).crash();
    await world.serve({ limits });
    expect(world.chat.texts()).toEqual([]);
  });
});
