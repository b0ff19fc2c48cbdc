import { describe, expect, it } from "vitest";
import { settle, type ScriptedStyle } from "@hermes/runtime/testing";
import { createHeldAgent, startGateway, type BenchOptions } from "./set-up.ts";

const acked = /^[⚡⏳⏩]/u;

/** A gateway as it is by default, whose agent waits for the test. */
async function start(options: BenchOptions = {}, features: Parameters<typeof createHeldAgent>[0] = {}) {
  const { agent, turns } = createHeldAgent(features);
  const bench = await startGateway({ agent, busy: {}, ...options });
  const say = async (text: string, more: Parameters<typeof bench.chat.says>[1] = {}) => {
    const answer = await bench.chat.says(text, more);
    await settle();
    return answer;
  };
  return { ...bench, turns, say, texts: () => turns.map((turn) => turn.text) };
}

async function stop({ gateway, clock }: Awaited<ReturnType<typeof start>>): Promise<void> {
  const stopping = gateway.stop();
  await clock.advance(10_000);
  await stopping;
}

describe.each<ScriptedStyle>(["edit", "live"])(
  "By default, on a platform of style %s, a message that comes while one is answered",
  (style) => {
    it("cuts the answer off, keeps what was said, and is answered next", async () => {
      const bench = await start({ scripted: { style } });
      const { turns, say, clock, chat } = bench;
      await say("one");
      turns[0]?.say("The beginning. ");
      await clock.advance(1000);
      await say("two");
      expect([turns[0]?.signal.aborted, turns[0]?.signal.reason]).toEqual([true, "interrupt"]);
      await clock.advance(5000);
      expect(bench.texts()).toEqual(["one", "two"]);
      turns[1]?.say("The end.");
      turns[1]?.end();
      await clock.advance(5000);
      expect(chat.texts().join("\n")).toMatch(/The beginning\.[\s\S]*The end\./u);
      await stop(bench);
      expect(clock.pending).toBe(0);
    });
  },
);

describe("Messages that come while an interrupted answer ends", () => {
  it("are answered together, in their order", async () => {
    const bench = await start();
    const { turns, chat, clock } = bench;
    await bench.say("one");
    chat.fail({ on: "send", failure: { kind: "unavailable" }, hangs: true });
    turns[0]?.say("The beginning. ");
    await clock.advance(1000);
    await bench.say("two");
    await bench.say("three");
    await bench.say("four", { userId: "8" });
    await clock.advance(120_000);
    expect(bench.texts().slice(0, 2)).toEqual(["one", "two\nthree"]);
    await stop(bench);
  });
});

describe("In the mode `queue`", () => {
  it("each message waits for its turn, and people are told how many are before it", async () => {
    const bench = await start({ busy: { mode: "queue" } });
    const { turns, say, clock, chat } = bench;
    await say("one");
    await say("two");
    await clock.advance(1000);
    expect(chat.texts().filter((text) => acked.test(text))).toEqual([
      expect.stringMatching(/^⏳ I answer that next\.\n\n.*\/busy queue/u),
    ]);
    await clock.advance(31_000);
    await say("three");
    await clock.advance(1000);
    expect(chat.texts().filter((text) => acked.test(text))[1]).toBe("⏳ I answer that next. 1 message waits before it.");
    for (const index of [0, 1, 2]) {
      turns[index]?.end();
      await clock.advance(1000);
    }
    expect(bench.texts()).toEqual(["one", "two", "three"]);
    await stop(bench);
  });
});

describe("In the mode `steer`", () => {
  it("the agent gets at its next step what was said, and it is no turn of its own", async () => {
    const bench = await start({ busy: { mode: "steer" } }, { steer: true });
    const { turns, say, clock, gateway, store } = bench;
    await say("one");
    await say("more");
    const steering = await turns[0]?.turn.takeSteering();
    expect(steering?.map(({ text, author }) => [text, author.id])).toEqual([["more", "7"]]);
    expect(await turns[0]?.turn.takeSteering()).toEqual([]);
    turns[0]?.end();
    await clock.advance(1000);
    expect(bench.texts()).toEqual(["one"]);
    await gateway.idle();
    const [session] = await store.listSessions({ limit: 1 });
    const history = await store.history({ sessionId: session?.id ?? "", limit: 10 });
    expect(history.map(({ text }) => text)).toEqual(["one", "more"]);
    await stop(bench);
  });

  it("what no agent takes becomes the next turn", async () => {
    const bench = await start({ busy: { mode: "steer" } }, { steer: true });
    await bench.say("one");
    await bench.say("more");
    bench.turns[0]?.end();
    await bench.clock.advance(1000);
    expect(bench.texts()).toEqual(["one", "more"]);
    await stop(bench);
  });

  it("an agent that cannot be steered is not: it waits, and that is said", async () => {
    const bench = await start({ busy: { mode: "steer" } });
    await bench.say("one");
    await bench.say("more");
    await bench.clock.advance(1000);
    expect(bench.chat.texts()[0]).toMatch(/^⏳ I cannot take that in while I work/u);
    await stop(bench);
  });
});

describe("What is said about a message that comes meanwhile", () => {
  it("is said once in half a minute, and the tip once for all", async () => {
    const bench = await start({ busy: { mode: "queue" } });
    const tips = () => bench.chat.standing.filter(({ text }) => text.includes("/busy")).length;
    const acks = () => bench.chat.standing.filter(({ text }) => acked.test(text)).length;
    await bench.say("one");
    for (const text of ["two", "three", "four"]) await bench.say(text);
    await bench.clock.advance(29_000);
    expect([acks(), tips()]).toEqual([1, 1]);
    await bench.clock.advance(2000);
    await bench.say("five");
    await bench.say("one", { chatId: "c2" });
    await bench.say("two", { chatId: "c2" });
    await bench.clock.advance(1000);
    expect([acks(), tips()]).toEqual([3, 1]);
    await stop(bench);
  });

  it("is not said where that is switched off, nor where each right to answer is counted", async () => {
    for (const options of [{ busy: { acknowledge: false } }, { scripted: { style: "final" } }] as const) {
      const bench = await start(options);
      await bench.say("one");
      await bench.say("two");
      await bench.clock.advance(1000);
      expect(bench.chat.standing.filter(({ text }) => acked.test(text))).toEqual([]);
      await stop(bench);
    }
  });
});

describe("An answer is not cut off by a message", () => {
  it("while something is done that must not be done by half; /stop ends it all the same", async () => {
    const bench = await start();
    const { turns, say, clock } = bench;
    await say("one");
    turns[0]?.tell({ type: "tool-start", callId: "t", title: "pay", effect: "once" });
    await clock.advance(100);
    await say("two");
    expect(turns[0]?.signal.aborted).toBe(false);
    expect(bench.chat.texts()[0]).toMatch(/half done/u);
    turns[0]?.tell({ type: "tool-end", callId: "t", outcome: "done" });
    await clock.advance(100);
    await say("three");
    expect(turns[0]?.signal.reason).toBe("interrupt");
    await stop(bench);
  });

  it("while its agent says so", async () => {
    const bench = await start();
    await bench.say("one");
    bench.turns[0]?.tell({ type: "uninterruptible", active: true });
    await bench.clock.advance(100);
    await bench.say("two");
    expect(bench.turns[0]?.signal.aborted).toBe(false);
    await bench.say("/stop");
    expect(bench.turns[0]?.signal.reason).toBe("stop");
    await stop(bench);
  });

  it("while it waits for an answer to a question", async () => {
    const bench = await start();
    await bench.say("one");
    const asked = bench.turns[0]?.turn.ask({
      key: "k",
      kind: "choice",
      prompt: "Shall I?",
      options: [{ id: "y", label: "yes" }],
      expiresAfterMs: 600_000,
      onExpiry: "",
    });
    await bench.clock.advance(1000);
    await bench.say("what do you mean?");
    expect(bench.turns[0]?.signal.aborted).toBe(false);
    await bench.say("yes");
    expect(await asked).toEqual({ by: "7", option: "y" });
    await stop(bench);
  });

  it("where somebody waits for each answer", async () => {
    const bench = await start({ scripted: { style: "own" } });
    await bench.say("one");
    await bench.say("two");
    await bench.clock.advance(1000);
    expect([bench.turns[0]?.signal.aborted, bench.chat.texts()]).toEqual([false, []]);
    await stop(bench);
  });

  it("that is worked off once more by hand", async () => {
    const bench = await start();
    await bench.say("one");
    bench.turns[0]?.end();
    await bench.clock.advance(1000);
    const [event] = (await bench.gateway.ledger.listEvents({ limit: 1 })).rows;
    await bench.say("two");
    await bench.gateway.ledger.replayEvent(event?.seq ?? 0);
    await settle();
    expect(bench.turns[1]?.signal.aborted).toBe(false);
    await stop(bench);
  });
});

describe("Two people in one group", () => {
  it("never cut each other off", async () => {
    const bench = await start();
    const group = { chatId: "g", type: "group" } as const;
    await bench.say("one", { ...group, userId: "7" });
    await bench.say("two", { ...group, userId: "8" });
    await bench.say("/stop", { ...group, userId: "8" });
    await bench.say("three", { ...group, userId: "9" });
    expect(bench.turns.map(({ signal }) => signal.reason as unknown)).toEqual([undefined, "stop", undefined]);
    await stop(bench);
  });

  it("in a shared thread only those cut an answer off who asked for it, or look after the gateway", async () => {
    const access = { allow: ["scripted:7", "scripted:8", "scripted:9"], admins: ["scripted:9"] };
    const thread = { chatId: "g", type: "group", threadId: "t" } as const;
    const bench = await start({ access });
    await bench.say("one", { ...thread, userId: "7" });
    await bench.say("two", { ...thread, userId: "8" });
    expect(bench.turns[0]?.signal.aborted).toBe(false);
    await bench.say("/stop", { ...thread, userId: "8" });
    await bench.say("/new", { ...thread, userId: "8" });
    expect(bench.turns[0]?.signal.aborted).toBe(false);
    expect(bench.chat.texts("g").filter((text) => text.startsWith("Somebody else is being answered"))).toHaveLength(2);
    await bench.say("/stop", { ...thread, userId: "9" });
    expect(bench.turns[0]?.signal.reason).toBe("stop");
    await stop(bench);
  });

  it("/stop of one leaves in a shared thread what others have asked", async () => {
    const access = { allow: ["scripted:7", "scripted:8"], admins: ["scripted:9"] };
    const thread = { chatId: "g", type: "group", threadId: "t" } as const;
    const bench = await start({ access, busy: { mode: "queue" } });
    await bench.say("one", { ...thread, userId: "7" });
    await bench.say("two", { ...thread, userId: "8" });
    await bench.say("three", { ...thread, userId: "7" });
    await bench.say("/stop", { ...thread, userId: "7" });
    await bench.clock.advance(2000);
    expect(bench.texts()).toEqual(["one", "two"]);
    await stop(bench);
  });
});

describe("/busy", () => {
  it("chooses for one conversation or for a chat, goes before the configuration, and outlives a restart", async () => {
    const access = { allow: ["scripted:7", "scripted:8"], admins: ["scripted:8"] };
    const policy = { mode: "interrupt", chats: { "scripted:g": "queue" } } as const;
    const group = { chatId: "g", type: "group" } as const;
    const bench = await start({ access, busy: policy });
    const asked = async (more: object) => {
      await bench.say("/busy", more);
      await bench.clock.advance(1000);
      return bench.chat.standing.at(-1)?.text.split(":")[1]?.split(".")[0]?.trim();
    };
    const interrupts = "I leave what I do and turn to the new message";
    const queues = "it waits, and I answer it next";
    const steers = "I take it in at the next step, or answer it afterwards";
    expect([await asked({}), await asked(group)]).toEqual([interrupts, queues]);
    await bench.say("/busy steer", group);
    await bench.say("/busy chat interrupt", group);
    expect([await asked(group), await asked({ ...group, userId: "8" })]).toEqual([steers, queues]);
    await bench.say("/busy chat interrupt", { ...group, userId: "8" });
    expect([await asked(group), await asked({ ...group, userId: "8" })]).toEqual([steers, interrupts]);
    await stop(bench);
    const { store } = bench;
    const next = await start({ access, busy: policy, store, chat: bench.chat });
    await next.say("/busy", group);
    await next.clock.advance(1000);
    expect(next.chat.standing.at(-1)?.text).toContain(steers);
    await next.say("/busy default", group);
    await next.clock.advance(1000);
    expect(next.chat.standing.at(-1)?.text).toBe(`As configured again: ${interrupts}.`);
    await stop(next);
  });

  it("says how it is written", async () => {
    const bench = await start();
    for (const wrong of ["/busy fast", "/busy queue now", "/busy chat"]) {
      await bench.say(wrong);
      await bench.clock.advance(1000);
      expect(bench.chat.standing.at(-1)?.text, wrong).toMatch(/^Write `\/busy interrupt`/u);
    }
    await stop(bench);
  });
});
