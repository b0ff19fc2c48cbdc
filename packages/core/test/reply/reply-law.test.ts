import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { restartReply, resumeReply, type AgentEvent } from "../../src/index.ts";
import { expectLaw, isProgress, said, saidBy } from "./law.ts";
import { Simulation, uncertain, type Step } from "./simulation.ts";
import { edit, platforms, scene, setting, story } from "./reply-lives.ts";

const runs = 150;
/** How it may be known, however much later, whether a send happened. */
const alwaysTells: ReadonlySet<string> = new Set(["drops repetitions", "answers"]);
/** How long nobody was there after a crash. */
const pauseMs = fc.constantFrom(1000, 60_000);

describe.each(Object.keys(platforms))("On a platform that %s", (name) => {
  test("what stands there at the end contains every character once and in order, or it is said that it does not", () => {
    fc.assert(
      fc.property(setting, (setting) => {
        const { simulation, server } = scene(name, setting);
        simulation.play(setting.story);
        simulation.expectSettled();
        const canTell = !setting.faults.some(({ kind }) => kind === "forbidden");
        expectLaw(simulation.state, server, saidBy(setting.story), canTell);
      }),
      { numRuns: runs },
    );
  });
});

describe.each(Object.keys(platforms))("After a crash on a platform that %s", (name) => {
  test("what was left to be said is said, once, or marked", () => {
    fc.assert(
      fc.property(setting, fc.nat({ max: 20_000 }), pauseMs, (setting, crashMs, awayMs) => {
        const { simulation, server, context } = scene(name, setting);
        for (const { event } of setting.story) simulation.tell({ type: "agent", event });
        simulation.tell({ type: "end", how: "finished" });
        simulation.run(simulation.nowMs + crashMs);
        const { parts } = simulation.crash();
        server.forget(parts.flatMap((part) => part.refs));
        const nowMs = simulation.nowMs + awayMs;
        const resumed = new Simulation({ context, server, state: resumeReply({ parts, phase: "ended" }, context, nowMs), nowMs });
        resumed.run();
        resumed.expectSettled();
        expectLaw(resumed.state, server, saidBy(setting.story), false);
      }),
      { numRuns: runs },
    );
  });
});

describe.each(["edits"])("When the agent starts over on a platform that %s", (name) => {
  test("its new answer takes the place of the old one, and what files it sent again were sent once", () => {
    fc.assert(
      fc.property(setting, story, fc.nat({ max: 20_000 }), pauseMs, (setting, again, crashMs, awayMs) => {
        const { simulation, server, context } = scene(name, { ...setting, faults: [] });
        simulation.play(setting.story, "finished", simulation.nowMs + crashMs);
        const { parts } = simulation.crash();
        server.forget(parts.flatMap((part) => part.refs));
        const nowMs = simulation.nowMs + awayMs;
        const restarted = new Simulation({ context, server, state: restartReply({ parts }, context, nowMs), nowMs });
        restarted.play(again);
        restarted.expectSettled();
        expect(server.violations).toEqual([]);
        const known = server.messages.filter((message) => !message.deleted && !message.orphaned);
        const texts = known.filter(({ hasFiles, text }) => !hasFiles && !isProgress(text) && !text.includes(uncertain));
        expect(said(texts.map((message) => message.text).join("\n"))).toBe(saidBy(again.filter(({ event }) => !isFiles(event))));
        const isSure = setting.unknown === "repeat-marked" || alwaysTells.has(setting.tells);
        for (const { event } of again.filter((step) => isFiles(step.event))) {
          const files = saidBy([{ afterMs: 0, event }]);
          const sent = known.filter(({ text }) => said(text) === files).length;
          expect(sent).toBeLessThanOrEqual(1);
          if (isSure) expect(sent).toBe(1);
        }
      }),
      { numRuns: runs },
    );
  });
});

describe("When the agent goes on from its last checkpoint", () => {
  test("nothing is lost or repeated that was said before or after it", () => {
    fc.assert(
      fc.property(setting, fc.nat({ max: 20_000 }), pauseMs, (setting, crashMs, awayMs) => {
        const { simulation, server, context } = scene("edits", { ...setting, faults: [] });
        simulation.play(setting.story, "finished", simulation.nowMs + crashMs);
        const { parts, step, phase } = simulation.crash();
        if (phase === "ended") return;
        server.forget(parts.flatMap((part) => part.refs));
        const nowMs = simulation.nowMs + awayMs;
        const keep = parts.filter((part) => part.step < step).length;
        const state = restartReply({ parts, step, keep }, context, nowMs);
        const resumed = new Simulation({ context, server, state, nowMs });
        resumed.play(behind(setting.story, step));
        resumed.expectSettled();
        expect(server.violations).toEqual([]);
        const known = server.messages.filter((message) => !message.deleted && !message.orphaned);
        const texts = known.map((message) => message.text).filter((text) => !isProgress(text) && !text.includes(uncertain));
        const shown = texts.join("\n");
        if (setting.unknown === "repeat-marked" || alwaysTells.has(setting.tells))
          expect(said(shown)).toBe(saidBy(setting.story));
      }),
      { numRuns: runs },
    );
  });
});

function isFiles({ type }: AgentEvent): boolean {
  return type === "file" || type === "album";
}

/** What an agent says after so many checkpoints. */
function behind(story: readonly Step[], checkpoints: number): readonly Step[] {
  let left = checkpoints;
  const at = story.findIndex(({ event }) => event.type === "checkpoint" && (left -= 1) === 0);
  return checkpoints === 0 ? story : story.slice(at + 1);
}

describe("However a reply goes", () => {
  test("it is the same when its state passes through JSON after each step", () => {
    fc.assert(
      fc.property(setting, fc.constantFrom(...Object.keys(platforms)), (setting, name) => {
        const stored = scene(name, setting).simulation.play(setting.story);
        const kept = scene(name, setting, (state) => state).simulation.play(setting.story);
        expect(stored.calls).toEqual(kept.calls);
        expect(stored.state).toEqual(kept.state);
      }),
      { numRuns: 200 },
    );
  });

  test("edits keep their distance from the call before", () => {
    fc.assert(
      fc.property(setting, (setting) => {
        const { simulation } = scene("edits", setting);
        simulation.play(setting.story);
        for (const [index, call] of simulation.calls.entries()) {
          const beforeMs = simulation.callsAtMs[index - 1];
          if (beforeMs === undefined || call.refs.length === 0) continue;
          expect((simulation.callsAtMs[index] ?? 0) - beforeMs).toBeGreaterThanOrEqual(edit.minIntervalMs);
        }
      }),
      { numRuns: 200 },
    );
  });
});
