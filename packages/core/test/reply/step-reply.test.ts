import { describe, expect, test } from "vitest";
import {
  isReplySettled,
  startReply,
  stepReply,
  utf16Length,
  type AgentEvent,
  type ReplyContext,
  type ReplyState,
} from "../../src/index.ts";
import { ScriptedServer, type Fault, type ServerOptions } from "./scripted-server.ts";
import { contextOf, deltas, mark, Simulation, undelivered } from "./simulation.ts";

const edit = { minIntervalMs: 1000 };
const editing = contextOf({ edit });
const finalOnly = contextOf();
const rateLimited: Fault = { kind: "rate-limited" };
const tool: AgentEvent = { type: "tool-start", callId: "t", title: "look", effect: "none" };

function text(content: string): AgentEvent {
  return { type: "text-delta", text: content };
}

interface Scene {
  readonly simulation: Simulation;
  readonly server: ScriptedServer;
  readonly say: (...events: readonly AgentEvent[]) => void;
  readonly wait: (ms: number) => void;
  readonly end: () => void;
}

function scene(context: ReplyContext = editing, more: Partial<ServerOptions> = {}, state?: ReplyState): Scene {
  const { capabilities } = context;
  const server = new ScriptedServer({
    maxLength: capabilities.text.maxLength ?? Number.POSITIVE_INFINITY,
    measure: utf16Length,
    idempotent: capabilities.idempotentSend,
    textsPerSend: capabilities.text.partsPerSend,
    ...more,
  });
  const simulation = new Simulation({ context, server, ...(state === undefined ? {} : { state }) });
  return {
    simulation,
    server,
    say: (...events) => events.forEach((event) => simulation.tell({ type: "agent", event })),
    wait: (ms) => void simulation.run(simulation.nowMs + ms),
    end: () => {
      simulation.tell({ type: "end", how: "finished" });
      simulation.run();
    },
  };
}

describe("The two moments that lose text elsewhere", () => {
  test("the third rate limit falls on the final edit: the unseen rest follows as a message of its own", () => {
    const { simulation, server, say, wait, end } = scene();
    say(text("The beginning "));
    wait(600);
    expect(server.texts).toEqual(["The beginning"]);
    server.failNext(rateLimited, rateLimited, rateLimited);
    say(text("and the end"));
    wait(4000);
    expect(simulation.state.strikes).toBe(2);
    end();
    expect(simulation.state.strikes).toBe(0);
    expect(server.texts).toEqual(["The beginning", "and the end"]);
    expect(simulation.state.parts.map((part) => part.state)).toEqual(["sent", "sent"]);
  });

  test("a segment ends while only the end is shown any more: nothing is lost, nothing said twice", () => {
    const { simulation, server, say, wait, end } = scene();
    say(text("One "));
    wait(600);
    server.failNext(rateLimited, rateLimited, rateLimited);
    say(text("two "));
    wait(20_000);
    expect(simulation.state.mode).toBe("final");
    say(text("three"), tool, text("four"));
    wait(20_000);
    expect(server.texts).toEqual(["One"]);
    end();
    expect(server.texts).toEqual(["One", "two three\n\nfour"]);
  });
});

describe("When something is shown", () => {
  test("an answer that is complete in time is one send", () => {
    const { simulation, server, say, end } = scene();
    say(text("Hello"), text(" world"));
    end();
    expect(server.texts).toEqual(["Hello world"]);
    expect(simulation.calls).toHaveLength(1);
    expect(simulation.calls[0]).toMatchObject({ part: 0, revision: 1, texts: ["Hello world"], refs: [], final: true });
  });

  test("an answer that takes longer is shown after that time, and then edited", () => {
    const { simulation, server, say, wait, end } = scene();
    say(text("Hello"));
    wait(399);
    expect(server.texts).toEqual([]);
    wait(1);
    expect(server.texts).toEqual(["Hello"]);
    say(text(" world"));
    end();
    expect(server.texts).toEqual(["Hello world"]);
    expect(simulation.calls.map((call) => call.final)).toEqual([false, true]);
  });

  test("edits keep the platform's distance, and the latest text wins", () => {
    const { simulation, server } = scene();
    simulation.play(deltas("word ".repeat(18).trim(), 1, 100));
    const times = server.edits.map(({ atMs }) => atMs);
    expect(times.length).toBeGreaterThan(5);
    expect(times.length).toBeLessThan(12);
    for (const [index, atMs] of times.slice(1).entries()) expect(atMs - (times[index] ?? 0)).toBeGreaterThanOrEqual(1000);
    expect(server.texts).toEqual(["word ".repeat(18).trim()]);
  });

  test("one call is in flight at a time, however slow it is", () => {
    const server = new ScriptedServer({ maxLength: 100, measure: utf16Length, idempotent: false, textsPerSend: 1 });
    const simulation = new Simulation({ context: editing, server, latenciesMs: [5000] });
    simulation.play(deltas(Array.from({ length: 60 }, (_, index) => `word${index}`).join(" "), 5, 30));
    let inFlight = 0;
    for (const input of simulation.inputs) if (input.type === "settled") inFlight += 1;
    expect(inFlight).toBe(simulation.calls.length);
    expect(server.texts.join(" ")).toBe(Array.from({ length: 60 }, (_, index) => `word${index}`).join(" "));
  });

  test("text that did not change is not shown again", () => {
    const { simulation, say, wait, end } = scene();
    say(text("Done."));
    wait(500);
    say(text("\n\n"));
    end();
    expect(simulation.calls).toHaveLength(1);
  });

  test("an answer without anything visible has no part", () => {
    const { simulation, say, wait, end } = scene();
    say(text(" \n"), tool, text("<think>hm</think>\n"));
    wait(5000);
    end();
    expect(simulation.state.parts).toEqual([]);
    expect(isReplySettled(simulation.state)).toBe(true);
  });

  test("reasoning is not shown, whichever way it comes", () => {
    const { server, say, end } = scene();
    say({ type: "reasoning-delta", text: "secret" }, text("<thi"), text("nk>secret</think>\n\nAnswer"));
    end();
    expect(server.texts).toEqual(["Answer"]);
  });

  test("half-written Markdown is healed while it is edited", () => {
    const { server, say, wait, end } = scene();
    say(text("Some **bold"));
    wait(500);
    expect(server.texts).toEqual(["Some **bold**"]);
    say(text("er** text\n\n```ts\nconst a"));
    wait(1100);
    expect(server.texts).toEqual(["Some **bolder** text\n\n```ts\nconst a\n```"]);
    say(text(" = 1\n```"));
    end();
    expect(server.texts).toEqual(["Some **bolder** text\n\n```ts\nconst a = 1\n```"]);
  });

  test("the last edit that a platform allows is kept for the end", () => {
    const { simulation, server } = scene(contextOf({ edit: { minIntervalMs: 100, maxEdits: 3 } }));
    simulation.play(deltas("abcdefghijklmnopqrstuvwxyz", 1, 100));
    expect(server.edits).toHaveLength(3);
    expect(server.texts).toEqual(["abcdefghijklmnopqrstuvwxyz"]);
  });

  test("what is too old to be edited stays, and the rest follows", () => {
    const { simulation, server, say, wait, end } = scene(contextOf({ edit: { minIntervalMs: 100, maxAgeMs: 2000 } }));
    say(text("Early words"));
    wait(5000);
    say(text(" and late ones"));
    end();
    expect(server.texts).toEqual(["Early words", "and late ones"]);
    expect(simulation.state.parts.map((part) => part.state)).toEqual(["sent", "sent"]);
  });

  test("a wake-up is asked for once, not for every piece of text", () => {
    let state = startReply(editing);
    const wakes = Array.from({ length: 10 }, () => {
      const step = stepReply(state, { type: "agent", event: text("a") }, editing, 1000);
      state = step.state;
      return step.effects;
    });
    expect(wakes[0]).toEqual([{ type: "wake", atMs: 1400 }]);
    expect(wakes.slice(1).flat()).toEqual([]);
  });
});

describe("Parts", () => {
  test("a tool closes what was said before it", () => {
    const { server, say, end } = scene();
    say(text("Before"), tool, text("After"), { type: "segment-end" }, text("Last"));
    end();
    expect(server.texts).toEqual(["Before", "After", "Last"]);
  });

  test("where nothing can be edited, segments are one final message", () => {
    const { simulation, server, say, wait, end } = scene(finalOnly);
    say(text("Before"), tool);
    wait(5000);
    expect(server.texts).toEqual([]);
    say(text("After"));
    end();
    expect(server.texts).toEqual(["Before\n\nAfter"]);
    expect(simulation.calls).toHaveLength(1);
  });

  test("a segment that leaves a fence open does not draw the next one into it", () => {
    const { server, say, end } = scene(finalOnly);
    say(text("```ts\nconst a = 1"), tool, text("After"));
    end();
    expect(server.texts).toEqual(["```ts\nconst a = 1\n```\n\nAfter"]);
  });

  test("what grows too long goes on in a next message, from the end of a block", () => {
    const { server, say, wait, end } = scene();
    say(text("The first block, which is a sentence.\n\nThe second one, which "));
    wait(500);
    expect(server.texts).toHaveLength(1);
    say(text("goes on for so long that it does not fit beside it."));
    wait(1100);
    expect(server.texts[0]).toBe("The first block, which is a sentence.");
    end();
    expect(server.texts.slice(1)).toEqual(["The second one, which goes on for so long that it does not fit beside it."]);
  });

  test("a notice is a message of its own", () => {
    const { server, say, end } = scene();
    say(text("Before"), { type: "notice", text: "Careful" }, text("After"));
    end();
    expect(server.texts).toEqual(["Before", "Careful", "After"]);
  });

  test("a file that cannot be sent is told of", () => {
    const { server, say, end } = scene();
    const file = {
      kind: "file",
      name: "a.txt",
      mimeType: "text/plain",
      sizeBytes: 1,
      open: () => Promise.reject(new Error("never")),
    } as const;
    say(text("Here:"), { type: "file", file });
    end();
    expect(server.texts).toEqual(["Here:", "[[no a.txt]]"]);
  });

  test("where a send may carry several texts, it does", () => {
    const context = contextOf(
      { text: { maxLength: 20, partsPerSend: 3, markdown: "none", tables: false } },
      { unknown: "leave" },
    );
    const { simulation, server, say, end } = scene(context);
    say(text("one two three four five six seven eight nine ten eleven twelve thirteen"));
    end();
    expect(server.texts).toEqual(["one two three four", "five six seven eight", "nine ten eleven", "twelve thirteen"]);
    expect(simulation.calls.map((call) => call.texts.length)).toEqual([3, 1]);
  });

  test("a scarce right to answer is used once, for text and notices alike", () => {
    const context = contextOf(
      { text: { maxLength: 40, partsPerSend: 5, markdown: "none", tables: false } },
      { grant: { uses: 1, partsPerUse: 5 } },
    );
    const { simulation, server, say, wait, end } = scene(context);
    say(text("First things first"), { type: "notice", text: "A notice" }, tool, text("and then the others, which are many"));
    wait(10_000);
    expect(simulation.calls).toEqual([]);
    end();
    expect(simulation.calls).toHaveLength(1);
    expect(server.texts.join(" ").replace(/\s+/gu, " ")).toBe("First things first A notice and then the others, which are many");
  });

  test("a grant for one text at a time is not given more", () => {
    const context = contextOf(
      { text: { maxLength: 20, partsPerSend: 5, markdown: "none", tables: false } },
      { grant: { uses: 5 }, unknown: "leave" },
    );
    const { simulation, say, end } = scene(context);
    say(text("one two three four five six seven eight nine ten"));
    end();
    expect(simulation.calls.map((call) => call.texts.length)).toEqual([1, 1, 1]);
  });

  test.each(["finished", "interrupted", "failed"] as const)("an end that is called %s closes everything", (how) => {
    const { simulation, server } = scene();
    simulation.tell({ type: "agent", event: text("Half a sen") });
    simulation.run(simulation.nowMs + 500);
    simulation.tell({ type: "agent", event: text("tence") });
    simulation.tell({ type: "end", how });
    simulation.run();
    simulation.expectSettled();
    expect(server.texts).toEqual(["Half a sentence"]);
  });

  test("after the end nothing is taken in", () => {
    const { simulation, server, say, end } = scene();
    say(text("All"));
    end();
    say(text(" and more"), tool, { type: "notice", text: "late" });
    simulation.run();
    expect(server.texts).toEqual(["All"]);
  });
});

describe("Live messages", () => {
  const append = { mode: "append", maxLength: 80, minIntervalMs: 500 } as const;
  const replace = { mode: "replace", maxLength: null, minIntervalMs: 300 } as const;
  const live = contextOf({ edit, live: true });

  test("a short answer needs none", () => {
    const { simulation, server, say, end } = scene(live, { live: append });
    say(text("Hello"));
    end();
    expect(server.texts).toEqual(["Hello"]);
    expect(simulation.state.parts[0]?.live).toBe("none");
  });

  test.each([append, replace])("a longer one is shown in it: $mode", (limits) => {
    const { simulation, server, say, wait, end } = scene(live, { live: limits });
    say(text("Hello **wor"));
    wait(600);
    expect(simulation.calls[0]?.texts).toEqual([limits.mode === "append" ? "Hello **wor" : "Hello **wor**"]);
    say(text("ld**"));
    end();
    expect(server.violations).toEqual([]);
    expect(server.texts).toEqual(["Hello **world**"]);
    expect(simulation.state.parts[0]).toMatchObject({ state: "sent", refs: [{ messageId: "m0" }] });
  });

  test("without one the reply is edited, or shown at its end", () => {
    for (const context of [live, contextOf({ live: true })]) {
      const { simulation, server, say, wait, end } = scene(context, { live: null });
      say(text("Hello"));
      wait(2000);
      expect(server.texts).toEqual(context === live ? ["Hello"] : []);
      say(text(" world"));
      end();
      expect(server.texts).toEqual(["Hello world"]);
      expect(simulation.state.mode).toBe(context === live ? "edit" : "final");
    }
  });

  test("what overflows goes on in a live message of its own, inside its fence", () => {
    const { server, simulation } = scene(live, { live: append });
    const source = `\`\`\`ts\n${Array.from({ length: 12 }, (_, index) => `const a${index} = ${index}`).join("\n")}\n\`\`\`\nDone.`;
    simulation.play(deltas(source, 3, 100));
    expect(server.violations).toEqual([]);
    expect(server.texts.length).toBeGreaterThan(2);
    expect(server.texts.join("\n").replaceAll("\n```\n```ts", "")).toBe(source);
    for (const shown of server.texts) expect(shown.length).toBeLessThanOrEqual(80);
  });

  test("an answer that ends while the live message is being opened is finished in it", () => {
    const server = new ScriptedServer({ maxLength: 100, measure: utf16Length, idempotent: false, textsPerSend: 1, live: append });
    const simulation = new Simulation({ context: live, server, latenciesMs: [2000] });
    simulation.tell({ type: "agent", event: text("Hello") });
    simulation.run(simulation.nowMs + 500);
    expect(simulation.state.parts[0]?.live).toBe("opening");
    simulation.tell({ type: "end", how: "finished" });
    simulation.run();
    expect(server.texts).toEqual(["Hello"]);
    simulation.expectSettled();
  });

  test("one that vanished is replaced by an ordinary message", () => {
    const { simulation, server, say, wait, end } = scene(live, { live: replace });
    say(text("Hello"));
    wait(600);
    server.failNext({ kind: "vanished" });
    say(text(" world"));
    end();
    expect(server.texts).toEqual(["Hello world"]);
    expect(simulation.state.mode).toBe("edit");
  });

  test("one that expires is finished in time, and the text goes on in the next", () => {
    const { server, simulation } = scene(live, { live: { ...append, expiresAfterMs: 3000 } });
    simulation.play([...deltas("one two three", 4, 100), { afterMs: 10_000, event: text(" four five six") }]);
    expect(server.violations).toEqual([]);
    expect(server.texts).toEqual(["one two three", "four five six"]);
    const firstFinal = simulation.calls.findIndex((call) => call.final);
    expect(firstFinal).toBeLessThan(simulation.calls.length - 1);
  });
});

describe("What a failed call leads to", () => {
  test("a rate limit is waited for, and halves the pace", () => {
    const { simulation, server, say, wait } = scene();
    say(text("One"));
    wait(500);
    server.failNext({ kind: "rate-limited", retryAfterMs: 7000 });
    say(text(" two"));
    wait(7400);
    expect(server.texts).toEqual(["One"]);
    expect(simulation.state).toMatchObject({ strikes: 1, intervalMs: 2000 });
    wait(2000);
    expect(server.texts).toEqual(["One two"]);
    expect(simulation.state.strikes).toBe(0);
  });

  test("the pace never becomes slower than ten seconds", () => {
    const { simulation, server, say, wait } = scene(contextOf({ edit: { minIntervalMs: 6000 } }));
    say(text("One"));
    server.failNext(rateLimited, rateLimited);
    wait(40_000);
    expect(simulation.state.intervalMs).toBe(10_000);
  });

  test("already as wanted is a success", () => {
    const { simulation, server, say, wait, end } = scene();
    say(text("One"));
    wait(500);
    server.failNext({ kind: "not-modified" });
    say(text(" two"));
    end();
    expect(simulation.state.parts[0]).toMatchObject({ state: "sent", attempts: 0 });
    expect(simulation.calls).toHaveLength(2);
  });

  test("what surely did not happen is done again, ever later", () => {
    const { simulation, server, say, end } = scene();
    server.failNext(...Array.from({ length: 12 }, (): Fault => ({ kind: "down" })));
    const startedAtMs = simulation.nowMs;
    say(text("Hello"));
    end();
    expect(server.texts).toEqual(["Hello"]);
    const secondsWaited = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300].reduce((sum, seconds) => sum + seconds, 0);
    expect(simulation.nowMs - startedAtMs).toBe(secondsWaited * 1000 + 13 * 100);
  });

  test("a send that may have happened is repeated with the mark, and room was kept for it", () => {
    const { simulation, server, say, end } = scene();
    server.failNext({ kind: "acted" });
    const source = "a".repeat(100 - mark.length - 2);
    say(text(source));
    end();
    expect(server.texts).toEqual([source, `${mark}\n\n${source}`]);
    expect(simulation.state.parts[0]).toMatchObject({ state: "sent", marked: true });
    expect(server.violations).toEqual([]);
  });

  test("a limit too small for the mark goes without it", () => {
    const { server, say, end } = scene(contextOf({ text: { maxLength: 10, partsPerSend: 1, markdown: "none", tables: false } }));
    server.failNext({ kind: "lost" });
    say(text("abcdefghij"));
    end();
    expect(server.texts).toEqual(["abcdefghij"]);
  });

  test("a send that may have happened is left alone where that is the policy", () => {
    const { simulation, server, say, wait, end } = scene(contextOf({ edit }, { unknown: "leave" }));
    server.failNext({ kind: "acted" });
    say(text("The beginning"));
    wait(5000);
    say(text(" and the end"));
    end();
    expect(simulation.state.parts.map((part) => part.state)).toEqual(["unknown", "sent"]);
    expect(server.texts).toEqual(["The beginning", "and the end"]);
  });

  test("where the platform drops repetitions, the same text is sent again before anything else", () => {
    const { simulation, server, say, wait, end } = scene(contextOf({ edit, idempotentSend: true }));
    server.failNext({ kind: "acted" });
    say(text("The beginning"));
    wait(600);
    say(text(" and the end"));
    end();
    expect(simulation.calls.map((call) => [call.texts[0], call.refs.length])).toEqual([
      ["The beginning", 0],
      ["The beginning", 0],
      ["The beginning and the end", 1],
    ]);
    expect(server.texts).toEqual(["The beginning and the end"]);
  });

  test("an edit that may have happened is simply done again", () => {
    const { simulation, server, say, wait, end } = scene();
    say(text("One"));
    wait(500);
    server.failNext({ kind: "acted" });
    say(text(" two"));
    end();
    expect(server.texts).toEqual(["One two"]);
    expect(simulation.state.parts[0]?.marked).toBe(false);
  });

  test("a message that somebody deleted is sent anew as a whole", () => {
    const { simulation, server, say, wait, end } = scene();
    say(text("One"));
    wait(500);
    server.failNext({ kind: "deleted" });
    say(text(" two"));
    end();
    expect(server.texts).toEqual(["One two"]);
    expect(simulation.state.parts.map((part) => part.refs.length)).toEqual([0, 1]);
  });

  test("a text that is too long after all is cut smaller", () => {
    const context = contextOf({ text: { maxLength: 1000, partsPerSend: 1, markdown: "full", tables: false } });
    const { simulation, server, say, end } = scene(context, { refusesAbove: 300 });
    const source = Array.from({ length: 150 }, (_, index) => `w${index}`).join(" ");
    say(text(source));
    end();
    expect(server.texts.join(" ")).toBe(source);
    for (const shown of server.texts) expect(shown.length).toBeLessThanOrEqual(300);
    expect(simulation.calls.length).toBeLessThan(12);
  });

  test("a platform that finds everything too long is told so, not asked for ever", () => {
    const { simulation, server, say, end } = scene(contextOf(), { refusesAbove: 0 });
    say(text("Hello world"));
    end();
    expect(server.texts).toEqual([]);
    expect(simulation.state.parts.every((part) => part.state === "failed")).toBe(true);
    expect(simulation.state.parts.map((part) => part.kind).slice(0, 2)).toEqual(["text", "undelivered"]);
    expect(simulation.calls.length).toBeLessThan(10);
  });

  test("a part that cannot be delivered is followed by a notice, and the rest goes on", () => {
    const { simulation, server, say, end } = scene();
    server.failNext({ kind: "invalid" });
    say(text("Bad"), tool, text("Good"));
    end();
    expect(server.texts).toEqual([undelivered, "Good"]);
    expect(simulation.state.parts.map((part) => part.state)).toEqual(["failed", "sent", "sent"]);
  });

  test.each(["forbidden", "gone"] as const)("where nothing can be said (%s), there is no notice", (kind) => {
    const { simulation, server, say, end } = scene();
    server.failNext({ kind });
    say(text("Lost"));
    end();
    expect(simulation.state.parts.map((part) => part.state)).toEqual(["failed"]);
    expect(server.texts).toEqual([]);
  });

  test("half-written text that is refused is tried again when it is complete", () => {
    const { simulation, server, say, wait, end } = scene();
    server.failNext({ kind: "invalid" });
    say(text("Half"));
    wait(5000);
    say(text(" whole"));
    end();
    expect(server.texts).toEqual(["Half whole"]);
    expect(simulation.calls).toHaveLength(2);
  });

  test("an edit that is refused leaves what stands there, and the rest follows at the end", () => {
    const { simulation, server, say, wait, end } = scene();
    say(text("One"));
    wait(500);
    server.failNext({ kind: "invalid" });
    say(text(" two"));
    wait(5000);
    say(text(" three"), tool, text("four"));
    wait(5000);
    expect(server.texts).toEqual(["One"]);
    end();
    expect(server.texts).toEqual(["One", "two three\n\nfour"]);
    simulation.expectSettled();
  });

  test("an answer to a call that nobody waits for changes nothing", () => {
    const { simulation, say } = scene();
    say(text("One"));
    const { state } = simulation;
    simulation.tell({ type: "settled", part: 7, revision: 1, result: { kind: "shown", refs: [] } });
    simulation.tell({ type: "opened", live: null });
    expect(simulation.state).toEqual(state);
  });
});

describe("What a reply costs", () => {
  function measured(
    source: string,
    size: number,
  ): { readonly calls: number; readonly characters: number; readonly steps: number } {
    let calls = 0;
    let characters = 0;
    const context = contextOf(
      { text: { maxLength: 4096, partsPerSend: 1, markdown: "full", tables: false }, edit },
      {
        measure: (markdown) => {
          calls += 1;
          characters += markdown.length;
          return markdown.length;
        },
      },
    );
    const server = new ScriptedServer({ maxLength: 4096, measure: utf16Length, idempotent: false, textsPerSend: 1 });
    const simulation = new Simulation({ context, server, between: (state) => state });
    simulation.play(deltas(source, size, 10));
    expect(server.texts.join("")).toHaveLength(source.length - (server.texts.length - 1));
    return { calls, characters, steps: simulation.inputs.length };
  }

  test("a short answer is measured once or twice", () => {
    expect(measured("Hello world, how are you?", 5).calls).toBeLessThanOrEqual(3);
  });

  test("a long stream is measured when it is shown, not for each piece", () => {
    const { calls, characters, steps } = measured("word ".repeat(4000).trim(), 4);
    expect(steps).toBeGreaterThan(5000);
    expect(calls).toBeLessThan(400);
    expect(characters).toBeLessThan(20_000 * 40);
  });
});
