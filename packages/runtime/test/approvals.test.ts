import type { Agent, AgentEvent, Answer, Question, Turn } from "@hermes/core";
import { text } from "@hermes/core";
import { createMemoryStore, type ApprovalPolicy } from "@hermes/runtime";
import { createFakeClock } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { createAblePlatform } from "./able-platform.ts";
import { forever, mortal } from "./mortal.ts";
import { startGateway, type BenchOptions } from "./set-up.ts";

const command = "rm -rf build";
const question: Question = {
  key: "call-1",
  kind: "approval",
  prompt: `Deletes files:\n\`\`\`\n${command}\n\`\`\``,
  remember: "terminal:rm",
  expiresAfterMs: 300_000,
  onExpiry: "Nobody said yes, so I left it.",
};
const group = { chatId: "g", type: "group" } as const;

/** An agent that wants to do something dangerous whenever it is told to clean. */
function cleaner(more: Partial<Question> = {}) {
  const answers: Answer[] = [];
  const run = async function* (turn: Turn): AsyncGenerator<AgentEvent> {
    if (turn.input[0].text !== "clean") {
      yield text(`heard ${turn.input[0].text}`);
      return;
    }
    const answer = await turn.ask({ ...question, ...more });
    answers.push(answer);
    yield text("by" in answer ? `done: ${answer.option}` : "left");
  };
  const agent: Agent = { features: { steer: false, undo: false, resume: "continue" }, run };
  return { agent, answers };
}

async function asked(options: BenchOptions & { readonly approvals?: ApprovalPolicy; readonly more?: Partial<Question> } = {}) {
  const { more = {}, ...rest } = options;
  const { agent, answers } = cleaner(more);
  const chat = createAblePlatform();
  const bench = await startGateway({ chat, agent, ...rest });
  const clean = async (userId = "7"): Promise<void> => {
    await chat.says("clean", { userId, ...group });
    await bench.clock.advance(2000);
  };
  return { ...bench, chat, answers, clean };
}

const admin = { allowAll: true, admins: ["scripted:7"] } as const;

describe("Something dangerous", () => {
  it("waits for whoever asked for it: others can neither press nor write a yes, and then it counts once", async () => {
    const { chat, answers, clean, clock } = await asked();
    await clean();
    expect(chat.sent.at(-1)).toMatchObject({ texts: [question.prompt], buttons: ["Yes, once", "In this conversation", "No"] });
    await chat.presses("Yes, once", "8");
    await chat.says("/approve", { userId: "8", ...group });
    await chat.says("yes", { userId: "8", ...group });
    await clock.advance(2000);
    expect(answers).toEqual([]);
    expect(chat.settled).toEqual(["Somebody else was asked this."]);
    expect(chat.texts("g")).toContain("Nothing waits for an approval here.");
    await chat.presses("Yes, once");
    await chat.presses("No");
    await clock.advance(2000);
    expect(answers).toEqual([{ by: "7", option: "approve" }]);
    expect(chat.settled.at(-1)).toBe("This question is not open any more.");
  });

  it.each([
    ["/approve", "approve"],
    ["yes", "approve"],
    ["OK.", "approve"],
    ["/approve session", "session"],
    ["/approve always", "session"],
    ["/deny", "deny"],
    ["no", "deny"],
  ])("is answered by `%s`", async (words, option) => {
    const { chat, answers, clean, clock } = await asked();
    await clean();
    await chat.says(words, { ...group });
    await clock.advance(2000);
    expect(answers).toEqual([{ by: "7", option }]);
  });

  it("is decided by those whom the configuration names, and by nobody else, not even by whoever asked", async () => {
    const { chat, answers, clean, clock } = await asked({ approvals: { approvers: ["scripted:9"] } });
    await clean();
    await chat.presses("Yes, once", "7");
    await chat.says("/approve", { userId: "7", ...group });
    await clock.advance(2000);
    expect(answers).toEqual([]);
    await chat.says("/approve", { userId: "9", ...group });
    await clock.advance(2000);
    expect(answers).toEqual([{ by: "9", option: "approve" }]);
  });

  it("is asked about again where what was approved before is asked for by a name that can be forged", async () => {
    const { chat, answers, clean, clock } = await asked();
    await clean();
    await chat.says("/approve session", { ...group });
    await clock.advance(2000);
    const { origin, ...message } = chat.message("clean", { ...group });
    const author = { ...origin.author, id: "7", assurance: "asserted" } as const;
    await chat.offer([{ ...message, eventId: "forged", origin: { ...origin, author } }]);
    await clock.advance(2000);
    expect(answers).toEqual([{ by: "7", option: "session" }]);
    expect(chat.sent.at(-1)?.texts).toEqual([question.prompt]);
  });

  it("that was approved for ever is asked about again once whoever said so looks after nothing any more", async () => {
    const store = createMemoryStore();
    const earlier = mortal(store);
    const first = await asked({ access: admin, store: earlier.store });
    await first.clean();
    await first.chat.says("/approve always", { ...group });
    await first.clock.advance(2000);
    expect(first.answers).toEqual([{ by: "7", option: "always" }]);
    earlier.end();
    first.chat.endProcess();
    const { chat, answers, clock } = await asked({ store: mortal(store).store, clock: first.clock });
    await chat.offer([{ ...chat.message("clean", { ...group }), eventId: "later" }]);
    await clock.advance(2000);
    expect(answers).toEqual([]);
    expect(chat.sent.at(-1)?.texts).toEqual([question.prompt]);
  });

  it("is not decided by an approver who was let out meanwhile, nor by a name that can be forged", async () => {
    const { chat, answers, clean } = await asked({
      approvals: { approvers: ["scripted:9"] },
      access: { allow: ["scripted:7"] },
    });
    await clean();
    expect(await chat.presses("Yes, once", "9")).toBe("refused");
    const { chat: where, origin, at } = chat.message("", { ...group });
    const author = { ...origin.author, id: "9", assurance: "asserted" } as const;
    const forged = {
      ...chat.message("/approve", { ...group }),
      eventId: "forged",
      chat: where,
      at,
      origin: { ...origin, author },
    };
    await chat.offer([forged]);
    expect(answers).toEqual([]);
  });

  it("is refused after five minutes, also where the agent would wait for longer, and told so", async () => {
    const { chat, answers, clean, clock } = await asked({ more: { expiresAfterMs: 3_600_000 } });
    await clean();
    await clock.advance(296_000);
    expect(answers).toEqual([]);
    await clock.advance(5000);
    expect(answers).toEqual([{ expired: true }]);
    expect(chat.texts("g")).toContain("Nobody said yes, so I left it.");
    await chat.says("/approve", { ...group });
    await clock.advance(2000);
    expect(answers).toEqual([{ expired: true }]);
  });

  it("is refused, and nobody asked, where it cannot be shown in full", async () => {
    const { chat, answers, clean } = await asked({ more: { prompt: `Deletes: ${"x".repeat(2000)}` } });
    await clean();
    expect(answers).toEqual([{ refused: expect.stringContaining("cannot be shown here in full") }]);
    expect(chat.sent.every(({ buttons }) => buttons.length === 0)).toBe(true);
  });

  it("is not asked about again in a conversation in which it was approved, but again in the next one and for others", async () => {
    const { chat, answers, clean, clock } = await asked();
    await clean();
    await chat.presses("In this conversation");
    await clock.advance(2000);
    await clean();
    expect(answers).toEqual([
      { by: "7", option: "session" },
      { by: "7", option: "session" },
    ]);
    await clean("8");
    expect(answers).toHaveLength(2);
    await chat.says("/new", { ...group });
    await clock.advance(2000);
    await clean();
    expect(answers).toHaveLength(2);
  });

  it("may be approved for ever only by those who look after the gateway", async () => {
    const { chat, answers, clean, clock } = await asked({ access: admin });
    await clean();
    expect(chat.sent.at(-1)?.buttons).toContain("Always");
    await chat.presses("Always");
    await clock.advance(2000);
    await chat.says("/new", { ...group });
    await clock.advance(2000);
    await clean();
    expect(answers).toEqual([
      { by: "7", option: "always" },
      { by: "7", option: "always" },
    ]);
    await clean("8");
    expect(chat.sent.at(-1)?.buttons).toEqual(["Yes, once", "In this conversation", "No"]);
  });

  it("waits for nobody after /yolo, for the admin who said so, until they take it back or begin anew", async () => {
    const { chat, answers, clean, clock } = await asked({ access: admin });
    await chat.says("/yolo on", { userId: "8", ...group });
    await clock.advance(2000);
    expect(chat.texts("g").at(-1)).toContain("for those who look after this gateway");
    await chat.says("/yolo on", { ...group });
    await clock.advance(2000);
    await clean();
    expect(answers).toHaveLength(1);
    await clean("8");
    expect(answers).toHaveLength(1);
    await chat.says("/yolo off", { ...group });
    await clock.advance(2000);
    await clean();
    expect(answers).toHaveLength(1);
  });

  it("still waits after a crash: the wrong person is told so, the right one brings it on", async () => {
    const clock = createFakeClock();
    const store = createMemoryStore();
    const chat = createAblePlatform();
    const first = mortal(store);
    const { agent } = cleaner();
    const stuck: Agent = {
      ...agent,
      async *run(turn) {
        yield* agent.run(turn);
        await forever();
      },
    };
    await startGateway({ chat, agent: stuck, store: first.store, clock });
    await chat.says("clean", { ...group });
    await clock.advance(2000);
    first.end();
    chat.endProcess();
    const { agent: next, answers } = cleaner();
    await startGateway({ chat, agent: next, store, clock });
    await clock.advance(2000);
    await chat.presses("Yes, once", "8");
    expect(answers).toEqual([]);
    await chat.presses("Yes, once");
    await clock.advance(4000);
    expect(answers).toEqual([{ by: "7", option: "approve" }]);
    expect(chat.texts("g").at(-1)).toBe("done: approve");
  });
});

describe("A tool that waits for an approval", () => {
  /** Begins a call, asks for leave, and does it; counts what it has done. */
  function doing(deeds: string[], shown: string[], afterwards: () => Promise<void> = async () => undefined): Agent {
    return {
      features: { steer: false, undo: false, resume: "continue" },
      async *run(turn): AsyncGenerator<AgentEvent> {
        if (turn.input[0].text !== "clean") return yield text(`open: ${turn.resume?.open.length ?? 0}`);
        if (turn.resume !== undefined) shown.push(turn.resume.shown);
        yield { type: "tool-start", callId: "call-1", title: command, effect: "once" };
        const answer = await turn.ask({ ...question, callId: "call-1" });
        if ("by" in answer) deeds.push(turn.id);
        await afterwards();
        yield { type: "tool-end", callId: "call-1", outcome: "done" };
        yield { type: "checkpoint", transcript: [] };
        yield text("Cleaned.");
      },
    };
  }

  async function killedWhile(asking: boolean) {
    const clock = createFakeClock();
    const store = createMemoryStore();
    const chat = createAblePlatform();
    const deeds: string[] = [];
    const shown: string[] = [];
    const first = mortal(store);
    await startGateway({ chat, agent: doing(deeds, shown, forever), store: first.store, clock });
    await chat.says("clean");
    await clock.advance(2000);
    if (!asking) {
      await chat.presses("Yes, once");
      await clock.advance(2000);
    }
    first.end();
    chat.endProcess();
    await startGateway({ chat, agent: doing(deeds, shown), store, clock });
    await clock.advance(2000);
    return { chat, clock, deeds, shown };
  }

  it("has not happened before the answer: after a crash the answer brings it on, once", async () => {
    const { chat, clock, deeds, shown } = await killedWhile(true);
    expect(deeds).toEqual([]);
    await chat.presses("Yes, once");
    await clock.advance(4000);
    expect(deeds).toHaveLength(1);
    expect(chat.texts().at(-1)).toBe("Cleaned.");
    // The question stands there, but it is nothing that the agent has said.
    expect(shown).toEqual([""]);
  });

  it("may have happened after it: after a crash it is not done again by itself", async () => {
    const { chat, clock, deeds } = await killedWhile(false);
    expect(deeds).toHaveLength(1);
    expect(chat.texts().at(-1)).toContain("I was restarted while I was working on this");
    await chat.says("well?");
    await clock.advance(4000);
    expect(chat.texts().at(-1)).toBe("open: 1");
    expect(deeds).toHaveLength(1);
  });
});

describe("An approval whose options are the agent's own", () => {
  const options = [
    { id: "opt-1", label: "Allow", means: "approve" },
    { id: "opt-2", label: "Allow always", means: "always" },
    { id: "opt-3", label: "Reject", means: "deny" },
  ] as const;

  it("is not offered for ever to those who may not say so: the agent would remember it for everybody", async () => {
    const { chat, answers, clean, clock } = await asked({ more: { options } });
    await clean();
    expect(chat.sent.at(-1)?.buttons).toEqual(["Allow", "Reject"]);
    await chat.says("opt-2", { ...group });
    await chat.says("/approve always", { ...group });
    await clock.advance(2000);
    expect(answers).toEqual([{ by: "7", option: "opt-1" }]);
  });

  it("is answered by the words that mean them", async () => {
    const { chat, answers, clean, clock } = await asked({ more: { options }, access: admin });
    await clean();
    await chat.says("no", { ...group });
    await clock.advance(2000);
    await clean();
    await chat.says("/approve always", { ...group });
    await clock.advance(2000);
    expect(answers).toEqual([
      { by: "7", option: "opt-3" },
      { by: "7", option: "opt-2" },
    ]);
  });
});
