import { describe, expect, test } from "vitest";
import { edit, rateLimited, tool, text, scene } from "./scene.ts";
import { type Fault } from "./scripted-server.ts";
import { contextOf, mark, undelivered } from "./simulation.ts";

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

  test("where it drops them for a while only, what is repeated later is marked", () => {
    const context = contextOf({ edit, idempotentSend: { withinMs: 60_000 } });
    const { simulation, server, say, wait, end } = scene(context);
    server.failNext({ kind: "acted" }, { kind: "rate-limited", retryAfterMs: 90_000 });
    say(text("The beginning"));
    wait(600);
    say(text(" and the end"));
    end();
    expect(simulation.calls.map((call) => [call.texts[0], call.inDoubt])).toEqual([
      ["The beginning", false],
      ["The beginning", true],
      [`${mark}\n\nThe beginning and the end`, false],
    ]);
    expect(server.texts).toEqual(["The beginning", `${mark}\n\nThe beginning and the end`]);
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
