import { setImmediate } from "node:timers/promises";
import { text, type AgentFunction } from "@hermes/core";
import { createGateway, createMemoryStore, type Gateway } from "@hermes/runtime";
import { describe, expect, it, onTestFinished } from "vitest";
import { converse } from "../../src/terminal/converse.ts";
import type { TerminalOutcome } from "../../src/terminal/protocol.ts";
import { watchReplies } from "../../src/terminal/settled-replies.ts";
import { createTerminal, terminalId } from "../../src/terminal/terminal.ts";

const token = "a-token-for-tests-only";

interface Conversation {
  readonly gateway: Gateway;
  /** Says something; `heard` grows while the answer comes. */
  readonly say: (message: string, heard?: string[]) => Promise<{ readonly outcome: TerminalOutcome; readonly heard: string }>;
  readonly close: () => void;
}

async function talkingTo(agent: AgentFunction): Promise<Conversation> {
  const terminal = createTerminal({ token, now: Date.now });
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const gateway = createGateway({
    platforms: [terminal.platform],
    agent,
    access: { allowAllOn: [terminalId] },
    store: watchReplies(createMemoryStore(), terminalId, terminal.settle),
    logger: silent,
    limits: { maxQueuedPerSession: 2, firstShowMs: 1 },
  });
  await gateway.start();
  onTestFinished(() => gateway.stop());
  return {
    gateway,
    close: () => terminal.close(),
    async say(message, heard = []) {
      const transport = (_path: string, init: RequestInit): Promise<Response> =>
        gateway.fetch(new Request("http://x/webhooks/terminal", init));
      const listener = { onText: (delta: string) => void heard.push(delta), onMessageEnd: () => void heard.push("\n") };
      const outcome = await converse(transport, token, { user: "anna", text: message }, listener);
      return { outcome, heard: heard.join("").trim() };
    },
  };
}

/** An agent that says something and then goes on until it is stopped. */
const endless: AgentFunction = async function* (turn) {
  yield text("I begin. ");
  await new Promise((resolve) => turn.signal.addEventListener("abort", resolve, { once: true }));
};

describe("a conversation at the terminal's door", () => {
  it("ends each answer when all of it is shown", async () => {
    const { say } = await talkingTo(async function* (turn) {
      yield text("You said: ");
      yield text(turn.input[0].text);
    });
    expect(await say("one")).toEqual({ outcome: "finished", heard: "You said: one" });
    expect(await say("two")).toEqual({ outcome: "finished", heard: "You said: two" });
  });

  it("hears an answer while it grows", async () => {
    const heard: string[] = [];
    const listening = Promise.withResolvers<void>();
    const { say } = await talkingTo(async function* () {
      yield text("The first words. ");
      await listening.promise;
      yield text("The rest.");
    });
    const answer = say("x", heard);
    while (heard.length === 0) await setImmediate();
    listening.resolve();
    expect((await answer).heard).toBe("The first words. The rest.");
  });

  it("hears every segment of an answer, in order", async () => {
    const { say } = await talkingTo(async function* () {
      yield text("first");
      yield { type: "segment-end" };
      yield text("second");
    });
    expect((await say("x")).heard).toMatch(/^first\s+second$/u);
  });

  it("ends when the agent says nothing, and when it fails", async () => {
    const silent = await talkingTo(async function* () {});
    expect(await silent.say("x")).toEqual({ outcome: "finished", heard: "" });
    const failing = await talkingTo(() => {
      throw new Error("broken");
    });
    expect(await failing.say("x")).toEqual({ outcome: "failed", heard: expect.stringMatching(/wrong/u) as unknown });
  });

  it("can be stopped while an answer comes, which drops what waits behind it", async () => {
    const { say, gateway } = await talkingTo(endless);
    const first = say("one");
    while (gateway.status().runningTurns === 0) await setImmediate();
    const second = say("two");
    await setImmediate();
    expect((await say("/stop")).outcome).toBe("finished");
    expect((await first).outcome).toBe("interrupted");
    expect((await second).outcome).toBe("dropped");
  });

  it("says so when too many messages wait", async () => {
    const { say, gateway } = await talkingTo(endless);
    const outcomes = [say("one")];
    while (gateway.status().runningTurns === 0) await setImmediate();
    for (const message of ["two", "three", "four"]) {
      outcomes.push(say(message));
      // Messages that come at the very same moment are counted together only once they are stored.
      await setImmediate();
    }
    expect((await outcomes.at(-1))?.outcome).toBe("refused");
    await say("/stop");
    expect((await Promise.all(outcomes)).map(({ outcome }) => outcome)).toEqual(["interrupted", "dropped", "dropped", "refused"]);
  });

  it("can answer what the agent asks, and the answer to that comes where the question came", async () => {
    const { say, gateway } = await talkingTo(async function* (turn) {
      const answer = await turn.ask({ key: "c", kind: "text", prompt: "Which colour?", expiresAfterMs: 60_000, onExpiry: "" });
      yield text(`You like ${"expired" in answer ? "none" : (answer.text ?? "")}.`);
    });
    const heard: string[] = [];
    const first = say("hello", heard);
    while (!heard.join("").includes("Which colour?")) await setImmediate();
    expect(await say("blue")).toEqual({ outcome: "finished", heard: "" });
    expect(await first).toEqual({ outcome: "finished", heard: "Which colour?\nYou like blue." });
    await gateway.idle();
  });

  it("is told when the gateway ends first", async () => {
    const { say, close, gateway } = await talkingTo(endless);
    const answer = say("one");
    while (gateway.status().runningTurns === 0) await setImmediate();
    close();
    expect((await answer).outcome).toBe("shutdown");
  });
});
