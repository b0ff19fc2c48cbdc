import { describe, expect, it } from "vitest";
import { text, type Agent, type Question, type Turn } from "@hermes/core";
import { createMemoryStore, type Store } from "@hermes/runtime";
import { createScriptedPlatform, settle } from "@hermes/runtime/testing";
import { startGateway } from "./set-up.ts";

const hangs = { on: "send", failure: { kind: "unavailable" }, hangs: true } as const;
const blocked = { on: "send", failure: { kind: "forbidden" } } as const;

async function newest({ gateway }: Pick<Awaited<ReturnType<typeof startGateway>>, "gateway">): Promise<string> {
  const { rows } = await gateway.ledger.listDeliveries({ limit: 1 });
  return rows[0]?.replyId ?? "";
}

/** The store of a process that ends at one of its writes. */
function endingAt(store: Store, write: keyof Store): Store {
  let isOver = false;
  return new Proxy(store, {
    get(target, name: keyof Store) {
      const method = target[name] as (...parameters: unknown[]) => unknown;
      return (...parameters: unknown[]) => {
        isOver ||= name === write;
        return isOver ? new Promise(() => undefined) : method.apply(target, parameters);
      };
    },
  });
}

describe("What is done by hand", () => {
  it("may stand there already, where a call was in flight when it was dropped", async () => {
    const bench = await startGateway();
    bench.chat.fail(hangs);
    await bench.chat.says("hello");
    await bench.clock.advance(1000);
    await bench.gateway.ledger.dropDelivery(await newest(bench));
    expect(await bench.gateway.ledger.delivery(await newest(bench))).toMatchObject({ state: "unknown", failure: "dropped" });
    await bench.gateway.ledger.retryDelivery(await newest(bench));
    await bench.clock.advance(70_000);
    expect(bench.chat.texts()).toEqual(["(This may be a repetition.)\n\necho: hello"]);
    await bench.gateway.stop();
  });

  it("holds also for what waits behind another answer of its conversation", async () => {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "edit" });
    const first = await startGateway({ chat, store });
    chat.fail(blocked);
    await chat.says("one");
    await first.gateway.idle();
    await first.gateway.stop();
    const bench = await startGateway({ chat, store, clock: first.clock });
    // Two wait: the first for a platform that does not answer, the second for the first.
    await store.postNotice({
      replyId: "turn_zz",
      sessionKey: (await store.listUnsettledReplies({ limit: 1 }))[0]?.sessionKey ?? ("" as never),
      chat: { ref: { platform: "scripted", chatId: "c1" }, type: "dm" },
      parts: (await store.listUnsettledReplies({ limit: 1 })).flatMap(({ parts }) => parts),
      nowMs: bench.clock.now(),
    });
    chat.fail(hangs);
    await bench.clock.advance(61 * 60_000 - 30_000);
    await bench.gateway.ledger.dropDelivery("turn_zz");
    await bench.clock.advance(10 * 60_000);
    expect(chat.texts().filter((said) => said.includes("echo: one"))).toHaveLength(1);
    await bench.gateway.stop();
  });

  it("lets a message in once, however often /retry is worked off", async () => {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "edit" });
    const turns: Turn[] = [];
    const agent: Agent = {
      features: { steer: false, undo: false, resume: "replay" },
      async *run(turn) {
        turns.push(turn);
        if (turns.length === 1) throw new Error("It does not work");
        yield text("It works.");
      },
    };
    const first = await startGateway({ chat, store: endingAt(store, "postNotice"), agent });
    await chat.says("hello");
    await first.gateway.idle();
    await chat.says("/retry");
    await first.clock.advance(1000);
    const { gateway, clock } = await startGateway({ chat, store, agent, clock: first.clock });
    await clock.advance(5000);
    await gateway.idle();
    expect(chat.texts().filter((said) => said.includes("It works."))).toHaveLength(1);
    expect(chat.texts().at(-1)).not.toContain("nothing to repeat");
    await gateway.stop();
  });
});

describe("Questions", () => {
  const question = (key: string, expiresAfterMs = 60_000): Question => ({
    key,
    kind: "text",
    prompt: `${key}?`,
    expiresAfterMs,
    onExpiry: "",
  });

  it("that nobody waits for any more take no words", async () => {
    const heard: string[] = [];
    const { gateway, chat, clock } = await startGateway({
      agent: async function* (turn) {
        heard.push(turn.input[0].text);
        if (heard.length === 1) void turn.ask(question("name"));
        await settle();
        yield text("Well.");
      },
    });
    const pending = clock.pending;
    await chat.says("hello");
    await gateway.idle();
    expect(clock.pending).toBe(pending);
    await chat.says("Ann");
    await gateway.idle();
    expect(heard).toEqual(["hello", "Ann"]);
    await gateway.stop();
  });

  it("of an earlier process are answered also before their turn is taken up", async () => {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "edit" });
    const answers: unknown[] = [];
    const asks = async function* (turn: Turn) {
      if (turn.input[0].text === "busy") await new Promise(() => undefined);
      answers.push(await turn.ask(question("name", 3_600_000)));
      yield text("Thank you.");
    };
    const first = await startGateway({ chat, store, agent: asks });
    await chat.says("busy", { chatId: "c2" });
    await chat.says("hello");
    await first.clock.advance(3000);
    const stopped = first.gateway.stop();
    await first.clock.advance(5000);
    await stopped;
    const { gateway, clock } = await startGateway({ chat, store, agent: asks, clock: first.clock, limits: { maxTurns: 1 } });
    await chat.says("Ann");
    await chat.says("/stop", { chatId: "c2" });
    await clock.advance(3000);
    await gateway.idle();
    expect(answers).toEqual([{ by: "7", text: "Ann" }]);
    expect(chat.texts()).toEqual(["name?", "Thank you."]);
    await gateway.stop();
  });
});

it("What a cut-off turn left open is kept until it is told, however much happens elsewhere", async () => {
  const store = createMemoryStore();
  const chat = createScriptedPlatform({ style: "edit" });
  const resumes: Turn["resume"][] = [];
  const agent: Agent = {
    features: { steer: false, undo: false, resume: "replay" },
    async *run(turn) {
      const said = turn.input[0].text;
      if (said === "pay") {
        yield { type: "tool-start", callId: "pay", title: "pay", effect: "once" };
        await new Promise(() => undefined);
      }
      if (said === "go on") resumes.push(turn.resume);
    },
  };
  const first = await startGateway({ chat, store, agent });
  await chat.says("pay");
  await settle();
  const stopped = first.gateway.stop();
  await first.clock.advance(5000);
  await stopped;
  const { gateway } = await startGateway({ chat, store, agent, clock: first.clock });
  await gateway.idle();
  for (let index = 0; index < 1001; index += 1) await chat.says("hello", { chatId: `d${index}` });
  await gateway.idle();
  await chat.says("go on");
  await gateway.idle();
  expect(resumes).toMatchObject([{ after: "restart", open: [{ callId: "pay" }] }]);
  await gateway.stop();
});
