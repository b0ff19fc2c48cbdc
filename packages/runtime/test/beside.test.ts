import { text, type Agent, type AgentEvent, type Turn } from "@hermes/core";
import { createMemoryStore } from "@hermes/runtime";
import { createFakeClock } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { createAblePlatform } from "./able-platform.ts";
import { forever, mortal } from "./mortal.ts";
import { createHeldAgent, startGateway } from "./set-up.ts";

const able = { tasks: ["aside", "compress"], undo: true } as const;

/** Keeps what it is told as its own entries, and answers with how much it knows. */
function remembering(): Agent {
  return {
    features: { steer: false, undo: true, resume: "continue", tasks: ["aside", "compress"] },
    async *run(turn: Turn): AsyncGenerator<AgentEvent> {
      const known: unknown[] = [];
      for await (const entry of turn.transcript()) known.push(entry);
      const history = (await turn.history()).map((entry) => entry.text);
      yield text(`${turn.task?.kind ?? "answer"}:${known.join(",")}|${history.join(",")}`);
      if (turn.task === undefined) yield { type: "checkpoint", transcript: [turn.input[0].text] };
      yield { type: "usage", usage: { model: "m", inputTokens: 10, outputTokens: 2, costUsd: 0.01 } };
    },
  };
}

async function open(agent: Agent) {
  const chat = createAblePlatform();
  const bench = await startGateway({ chat, agent });
  const says = async (words: string, userId = "7"): Promise<string> => {
    await chat.says(words, { userId });
    await bench.clock.advance(3000);
    return chat.texts().at(-1) ?? "";
  };
  return { ...bench, chat, says };
}

describe("/background", () => {
  it("works beside the conversation, which goes on, and brings its result to the chat, all of it at once", async () => {
    const { agent, turns } = createHeldAgent(able);
    const { chat, says, clock } = await open(agent);
    expect(await says("/background count the stars")).toMatch(/^🔄 `bg_\d{6}_[0-9a-f]{6}` has begun/u);
    await chat.says("hello");
    await clock.advance(2000);
    expect(turns.map((turn) => turn.text)).toEqual(["count the stars", "hello"]);
    expect(turns[0]?.turn.session.key).toMatch(/^agent:main:background:bg_/u);
    turns[0]?.say("There are ");
    turns[1]?.say("Hi.");
    turns[1]?.end();
    await clock.advance(3000);
    expect(chat.texts().slice(1)).toEqual(["Hi."]);
    turns[0]?.say("many.");
    turns[0]?.end();
    await clock.advance(3000);
    expect(chat.texts().slice(2)).toEqual([
      expect.stringMatching(/^✅ `bg_\d{6}_[0-9a-f]{6}` is done: “count the stars”$/u),
      "There are many.",
    ]);
  });

  it("leaves nothing with the agent once it is over: nobody goes on with it", async () => {
    const { agent, turns } = createHeldAgent(able);
    const forgotten: string[] = [];
    const { says, clock } = await open({ ...agent, forget: async (id) => void forgotten.push(id) });
    await says("/background count the stars");
    await says("hello");
    expect(forgotten).toEqual([]);
    for (const turn of turns) turn.end();
    await clock.advance(3000);
    expect(forgotten).toEqual([turns[0]?.turn.session.id]);
  });

  it("says when it failed", async () => {
    const { agent, turns } = createHeldAgent(able);
    const { chat, says, clock } = await open(agent);
    await says("/bg count the stars");
    turns[0]?.fail(new Error("too many"));
    await clock.advance(3000);
    expect(chat.texts().at(-2)).toMatch(/^❌ `bg_/u);
  });

  it("is listed, and ended by its name by whoever began it, not by others", async () => {
    const { agent, turns } = createHeldAgent(able);
    const { says } = await open(agent);
    const id = /bg_\w+/u.exec(await says("/background count the stars"))?.[0] ?? "";
    expect(await says("/agents")).toBe(`- \`${id}\` · main · 3 s · “count the stars”`);
    expect(await says(`/stop ${id}`, "8")).toContain("Somebody else is being answered here");
    expect(turns[0]?.signal.aborted).toBe(false);
    expect(await says(`/stop ${id}`)).toBe("Stopped.");
    expect(turns[0]?.signal.reason).toBe("stop");
    expect(await says("/agents")).toBe("Nothing is running.");
    expect(await says("/stop bg_000000_abcdef")).toBe("Nothing called `bg_000000_abcdef` is running.");
  });

  it("goes on after a crash, and says its result once", async () => {
    const clock = createFakeClock();
    const store = createMemoryStore();
    const chat = createAblePlatform();
    const first = mortal(store);
    const running: Agent = {
      features: { steer: false, undo: false, resume: "continue" },
      async *run() {
        yield text("First half. ");
        yield { type: "checkpoint", transcript: ["half"] };
        await forever();
      },
    };
    await startGateway({ chat, agent: running, store: first.store, clock });
    await chat.says("/background write");
    await clock.advance(2000);
    first.end();
    chat.endProcess();
    const resumed: Agent = {
      ...running,
      async *run(turn) {
        yield text(`Second half after ${turn.resume?.after}.`);
      },
    };
    await startGateway({ chat, agent: resumed, store, clock });
    await clock.advance(4000);
    expect(chat.texts().slice(1)).toEqual([expect.stringContaining("is done"), "First half.\n\nSecond half after crash."]);
  });

  it("begins no more than a few tasks at once", async () => {
    const { agent, turns } = createHeldAgent(able);
    const { says } = await open(agent);
    for (let number = 0; number < 20; number += 1) await says(`/background task ${number}`);
    expect(await says("/background one too many")).toContain("/background");
    expect(turns).toHaveLength(20);
  });
});

describe("/btw", () => {
  it("is answered out of what the conversation knows, while it goes on, and is not remembered in it", async () => {
    const { says } = await open(remembering());
    await says("one");
    expect(await says("/btw what was that?")).toBe("aside:one|one,answer:|");
    expect(await says("two")).toBe("answer:one|one,answer:|");
  });

  it("says so where the agent cannot do that", async () => {
    const { agent } = createHeldAgent();
    const { says } = await open(agent);
    expect(await says("/btw really?")).toContain("I do not know /btw");
  });
});

describe("/compress", () => {
  it("is a task of the agent's, in its turn", async () => {
    const seen: Turn["task"][] = [];
    const agent: Agent = {
      ...remembering(),
      async *run(turn) {
        seen.push(turn.task);
        yield { type: "notice", text: "Compressed." };
      },
    };
    const { says } = await open(agent);
    expect(await says("/compress the names")).toBe("Compressed.");
    await says("/compress");
    expect(seen).toEqual([{ kind: "compress", focus: "the names" }, { kind: "compress" }]);
  });
});

describe("/undo and /retry", () => {
  it("take the last exchange out of what the agent knows; /retry then asks again", async () => {
    const { chat, says } = await open(remembering());
    await says("one");
    await says("two");
    expect(await says("/undo")).toBe("I have forgotten the last exchange: “two”");
    expect(await says("three")).toBe("answer:one|one,answer:|");
    expect(await says("/retry")).toBe("answer:one|one,answer:|");
    expect(chat.texts()).toContain("Once more, then.");
    expect(await says("four")).toBe("answer:one,three|one,answer:|,three,answer:one|one,answer:|");
  });

  it("undo nothing of an agent that cannot forget, and nothing while it works", async () => {
    const { agent, turns } = createHeldAgent({ undo: true });
    const { says } = await open(agent);
    await says("one");
    expect(await says("/undo")).toBe("I am still working on it: /stop first.");
    turns[0]?.end();
    const plain = await open(createHeldAgent().agent);
    expect(await plain.says("/undo")).toContain("I do not know /undo");
  });
});

describe("/usage", () => {
  it("tells what was used for the last answer, in the conversation and by whoever asks", async () => {
    const { says } = await open(remembering());
    expect(await says("/usage")).toBe("Nothing was used yet, or this agent does not count.");
    await says("one");
    await says("two");
    expect(await says("/usage")).toBe(
      [
        "**Last answer**",
        "- `m`: 1 calls · 10 in · 2 out · $0.0100",
        "**This conversation**",
        "- `m`: 2 calls · 20 in · 4 out · $0.0200",
        "**You, in 30 days**",
        "- `m`: 2 calls · 20 in · 4 out · $0.0200",
      ].join("\n"),
    );
    expect(await says("/usage", "8")).not.toContain("You, in");
  });
});
