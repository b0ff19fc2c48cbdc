import { createGateway, createMemoryStore, type Gateway } from "@hermes/runtime";
import { createChat, runningClock } from "@hermes/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { createBench } from "./bench.ts";
import { configured, messagesOf } from "./configured.ts";
import { done, sourceOf, toolOf } from "./sample-tools.ts";
import { startModelServer, type ModelServer, type ModelStep } from "./server.ts";

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const sources = () => [
  sourceOf([toolOf("look", () => done("It rains.")), toolOf("act", () => new Promise(() => undefined), { effect: "once" })]),
];

/** A gateway in front of the agent, whose store outlives it. */
async function start(script: readonly ModelStep[]) {
  const server = await startModelServer({ script });
  const store = createMemoryStore();
  const chat = createChat({ clock: runningClock });
  const text = Promise.withResolvers<void>();
  const tool = Promise.withResolvers<void>();
  closing.push(() => server.close());
  const run = async (): Promise<Gateway> => {
    const bench = createBench({ configuration: configured(server.baseUrl), sources: sources() });
    const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
    const gateway = createGateway({
      platforms: [chat.platform],
      agent: {
        features: bench.agent.features,
        async *run(turn) {
          for await (const event of bench.agent.run(turn)) {
            yield event;
            if (event.type === "text-delta") text.resolve();
            if (event.type === "tool-start") tool.resolve();
          }
        },
      },
      store,
      access: { allow: ["chat:ada"] },
      clock: runningClock,
      logger: quiet,
    });
    closing.push(async () => await bench[Symbol.asyncDispose]());
    closing.push(() => gateway.stop());
    await gateway.start();
    return gateway;
  };
  return { server, chat, run, heard: { text: text.promise, tool: tool.promise } };
}

function told(server: ModelServer, index: number): string {
  return JSON.stringify(messagesOf(server, index)).slice(0, -1);
}

describe("Behind the gateway", () => {
  it("a conversation is told from its beginning, byte for byte, also to the next process", async () => {
    const call = { id: "a", name: "look", arguments: "{}" };
    const { server, chat, run } = await start([
      { text: ["I look."], calls: [call] },
      { text: ["It rains."] },
      { text: ["Sunday, too."] },
      { text: ["Bye."] },
    ]);
    const first = await run();
    await chat.user("ada").says("weather?");
    await chat.bot().saysMatching(/It rains\./u);
    await chat.user("ada").says("and Sunday?");
    await chat.bot().saysMatching(/Sunday, too\./u);
    await first.stop();
    await run();
    await chat.user("ada").says("bye");
    await chat.bot().saysMatching(/Bye\./u);
    for (const index of [1, 2, 3]) expect(told(server, index).startsWith(told(server, index - 1))).toBe(true);
  });

  it("what is said meanwhile interrupts, and the model knows what it had said", async () => {
    const { server, chat, run, heard } = await start([
      { text: ["One, two, three and"], endsAfter: new Promise(() => undefined) },
      { text: ["Stopped."] },
      { text: ["Sure."] },
    ]);
    await run();
    await chat.user("ada").says("count");
    await heard.text;
    await chat.user("ada").says("stop counting");
    await chat.bot().saysMatching(/One, two/u);
    await chat.bot().saysMatching(/I leave that/u);
    await chat.bot().saysMatching(/Stopped\./u);
    await chat.user("ada").says("sure?");
    await chat.bot().saysMatching(/Sure\./u);
    expect(messagesOf(server, 1).map(({ role }) => role)).toEqual(["system", "user", "assistant", "user"]);
    expect(messagesOf(server, 1)[2]?.content).toBe("One, two, three and");
    expect(told(server, 2).startsWith(told(server, 1))).toBe(true);
  });

  it("a call that must not happen twice is not made again by the next process, and the model knows", async () => {
    const act = { id: "a", name: "act", arguments: "{}" };
    const { server, chat, run, heard } = await start([{ text: ["I act."], calls: [act] }, { text: ["I cannot tell."] }]);
    const first = await run();
    await chat.user("ada").says("act");
    await heard.tool;
    await first.stop();
    await run();
    await chat.bot().saysMatching(/I act\./u);
    await chat.bot().saysMatching(/restart|interrupted/iu);
    await chat.user("ada").says("did it happen?");
    await chat.bot().saysMatching(/I cannot tell\./u);
    expect(server.requests).toHaveLength(2);
    expect(messagesOf(server, 1)[3]).toMatchObject({
      role: "tool",
      content: expect.stringContaining("not known whether it happened"),
    });
  });
});
