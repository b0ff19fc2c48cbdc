import { describe, expect, test } from "vitest";
import { utf16Length } from "../../src/index.ts";
import { edit, text, scene } from "./scene.ts";
import { ScriptedServer } from "./scripted-server.ts";
import { contextOf, deltas, Simulation } from "./simulation.ts";

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
