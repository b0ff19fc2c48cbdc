import { describe, expect, test } from "vitest";
import { isReplySettled, startReply, stepReply, utf16Length } from "../../src/index.ts";
import { edit, editing, finalOnly, rateLimited, tool, text, scene } from "./scene.ts";
import { ScriptedServer } from "./scripted-server.ts";
import { contextOf, deltas, Simulation } from "./simulation.ts";

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
