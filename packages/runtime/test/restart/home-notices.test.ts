import { describe, expect, it } from "vitest";
import { createMemoryStore, type RestartOptions, type Store } from "@hermes/runtime";
import { createFakeClock, createScriptedPlatform, type FakeClock, type ScriptedPlatform } from "@hermes/runtime/testing";
import { mortal } from "../mortal.ts";
import { startGateway } from "../set-up.ts";

const access = { allow: ["scripted:7"], admins: ["scripted:7"] };
const crashed = "I ended unexpectedly and was started again. What was under way goes on.";

interface World {
  readonly chat: ScriptedPlatform;
  readonly clock: FakeClock;
  readonly serve: (restart?: RestartOptions) => Promise<{ readonly crash: () => void; readonly stop: () => Promise<void> }>;
  /** What was told in the home channel. */
  readonly told: () => readonly string[];
}

/** A gateway with a home channel. */
async function createWorld(store: Store = createMemoryStore()): Promise<World> {
  const chat = createScriptedPlatform({ style: "edit" });
  const clock = createFakeClock();
  const world: World = {
    chat,
    clock,
    async serve(restart = { perform: () => undefined, isCertain: true }) {
      const life = mortal(store);
      const { gateway } = await startGateway({ chat, clock, access, restart, store: life.store });
      await clock.advance(1000);
      return {
        crash: () => life.end(),
        async stop() {
          const stopped = gateway.stop();
          await clock.advance(5000);
          await stopped;
        },
      };
    },
    told: () => chat.texts("home").slice(1),
  };
  const first = await world.serve();
  await chat.says("/sethome", { chatId: "home" });
  await clock.advance(1000);
  await first.stop();
  return world;
}

async function askForRestart(chat: ScriptedPlatform, clock: FakeClock, chatId: string): Promise<void> {
  await chat.offer([{ ...chat.message("/restart", { chatId }), at: new Date(clock.now()).toISOString() }]);
  await clock.advance(2000);
}

describe("The home channel", () => {
  it("is told of a restart once, with how long it took", async () => {
    const { clock, serve, told } = await createWorld();
    await clock.advance(25_000);
    const second = await serve();
    expect(told()).toEqual(["I was restarted (away for 30 s)."]);
    await clock.advance(120_000);
    expect(told()).toHaveLength(1);
    await second.stop();
    await serve();
    expect(told()).toHaveLength(2);
  });

  it("is told nothing at the first start", async () => {
    const { told } = await createWorld();
    expect(told()).toEqual([]);
  });

  it("is told nothing where that is switched off", async () => {
    const { serve, told } = await createWorld();
    await serve({ quietPlatforms: ["scripted"] });
    expect(told()).toEqual([]);
  });

  it("is not told beside whoever asked for the restart there", async () => {
    const { chat, clock, serve, told } = await createWorld();
    const second = await serve();
    await askForRestart(chat, clock, "home");
    await second.stop();
    await serve();
    expect(told().slice(2)).toEqual([expect.stringMatching(/^I am back/u)]);
  });

  it("is told of it where the restart was asked for elsewhere", async () => {
    const { chat, clock, serve, told } = await createWorld();
    const second = await serve();
    await askForRestart(chat, clock, "c1");
    await second.stop();
    await serve();
    expect(told().slice(1)).toEqual([expect.stringMatching(/^I was restarted/u)]);
    expect(chat.texts("c1")).toEqual([expect.any(String), expect.stringMatching(/^I am back/u)]);
  });

  it("is told of a row of quick crashes twice: when it begins, and when nothing is taken up by itself any more", async () => {
    const { serve, told } = await createWorld();
    const row = await serve();
    row.crash();
    for (let crash = 0; crash < 6; crash += 1) (await serve()).crash();
    expect(told().slice(1)).toEqual([crashed, expect.stringMatching(/^I ended unexpectedly 3 times in a row/u)]);
  });

  it("is told nothing of processes that pass", async () => {
    const { serve, told } = await createWorld();
    (await serve({ isPassing: true })).crash();
    await serve();
    expect(told()).toEqual([expect.stringMatching(/^I was restarted/u)]);
  });

  it("is told of a crash that comes after a quiet time again", async () => {
    const { clock, serve, told } = await createWorld();
    for (let crash = 0; crash < 2; crash += 1) {
      const life = await serve();
      await clock.advance(60_000);
      life.crash();
    }
    await serve();
    expect(told().slice(1)).toEqual([crashed, crashed]);
  });
});
