import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  restartReply,
  resumeReply,
  utf16Length,
  utf8Length,
  type AgentEvent,
  type CapabilityTable,
  type LiveLimits,
  type OutboundFile,
  type ReplyContext,
  type ReplyState,
} from "../../src/index.ts";
import { expectLaw, said, saidBy } from "./law.ts";
import { ScriptedServer, type Fault } from "./scripted-server.ts";
import { contextOf, Simulation, uncertain, type Step } from "./simulation.ts";

const runs = 150;
const escaped = (text: string): number => text.replace(/[_*[\]()~`>#+\-=|{}.!]/gu, "\\$&").length;
const measures = { utf16Length, utf8Length, escaped };

/** Words that are all different, so that what is lost, repeated or out of order can be told. */
function numbered(pattern: readonly string[], from: number): string {
  return pattern.map((gap, index) => `w${from + index}${gap}`).join("");
}

const gap = fc.constantFrom(
  " ",
  " ",
  " ",
  " ",
  ". ",
  ", ",
  "\n",
  "\n\n",
  "。",
  " **",
  "** ",
  " `",
  "` ",
  " 👩‍👩‍👧‍👦 ",
  "\n- ",
  "\n## ",
  "é ",
);
const fenced = fc.tuple(fc.constantFrom("```ts", "~~~", "   ```py"), fc.array(gap, { maxLength: 30 })).map(([fence, gaps]) => {
  const marker = fence.trim().slice(0, 3);
  return [`\n${fence}\n`, ...gaps.map((gap) => (gap.includes("`") ? " " : gap)), `\n${marker}\n`];
});
const text = fc
  .array(fc.oneof({ weight: 6, arbitrary: gap.map((gap) => [gap]) }, fenced), { maxLength: 60 })
  .map((gaps) => gaps.flat());
const boundary = fc.constantFrom<AgentEvent | "notice" | "file" | "album">(
  "file",
  "album",
  { type: "segment-end" },
  { type: "tool-start", callId: "t", title: "t", effect: "none" },
  { type: "tool-end", callId: "t", outcome: "done" },
  { type: "usage", usage: null },
  { type: "checkpoint", transcript: [] },
  { type: "reasoning-delta", text: "hidden" },
  "notice",
);
const delay = fc.constantFrom(0, 1, 20, 150, 450, 3000);

/** What an agent says: texts cut into deltas anywhere, with tools, notices and pauses between them. */
const story: fc.Arbitrary<readonly Step[]> = fc
  .array(
    fc.record({
      gaps: text,
      cuts: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 }),
      delay,
      ending: fc.option(boundary),
    }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((chapters) => {
    let from = 0;
    return chapters.flatMap(({ gaps, cuts, delay, ending }, index) => {
      const source = numbered(gaps, from);
      from += gaps.length;
      const steps: Step[] = [];
      for (let at = 0, cut = 0; at < source.length; cut++) {
        const size = cuts[cut % cuts.length] ?? 1;
        steps.push({ afterMs: delay, event: { type: "text-delta", text: source.slice(at, at + size) } });
        at += size;
      }
      if (ending === "notice") steps.push({ afterMs: delay, event: { type: "notice", text: `[[n${index}]]` } });
      else if (ending === "file") steps.push({ afterMs: delay, event: { type: "file", file: fileNamed(`f${index}`, "file") } });
      else if (ending === "album") steps.push({ afterMs: delay, event: albumNamed(`a${index}`) });
      else if (ending !== null) steps.push({ afterMs: delay, event: ending });
      return steps;
    });
  });

function fileNamed(name: string, kind: "file" | "image"): OutboundFile {
  return { key: name, kind, name, mimeType: "text/plain", sizeBytes: 3, open: async () => new Blob(["abc"]).stream() };
}

function albumNamed(name: string): AgentEvent {
  const files = ["1", "2"].map((number) => fileNamed(`${name}.${number}`, "image"));
  return { type: "album", files, caption: `[[${name}]]` };
}

const passing = fc.constantFrom<Fault>(
  { kind: "rate-limited" },
  { kind: "rate-limited", retryAfterMs: 1500 },
  { kind: "deferred", forMs: 700 },
  { kind: "down" },
  { kind: "lost" },
  { kind: "acted" },
  { kind: "aborted" },
);
const lasting = fc.constantFrom<Fault>(
  { kind: "deleted" },
  { kind: "vanished" },
  { kind: "invalid" },
  { kind: "forbidden" },
  { kind: "too-long" },
);
const faults = fc.array(
  fc.oneof({ weight: 3, arbitrary: fc.constant<Fault>({ kind: "none" }) }, { weight: 3, arbitrary: passing }, lasting),
  {
    maxLength: 20,
  },
);

interface Platform {
  readonly table: Partial<CapabilityTable>;
  readonly live?: LiveLimits | null;
  readonly more?: Partial<ReplyContext>;
}

const edit = { minIntervalMs: 500 };
const platforms: Readonly<Record<string, (maxLength: number) => Platform>> = {
  edits: (maxLength) => ({ table: { text: textOf(maxLength), edit } }),
  "edits a few times": (maxLength) => ({ table: { text: textOf(maxLength), edit: { ...edit, maxEdits: 3, maxAgeMs: 4000 } } }),
  "shows only the end": (maxLength) => ({ table: { text: textOf(maxLength) } }),
  "gives one use of five texts": (maxLength) => ({
    table: { text: textOf(maxLength, 5) },
    more: { grant: { uses: 1, partsPerUse: 5 } },
  }),
  streams: (maxLength) => ({
    table: { text: textOf(maxLength), live: true },
    live: { mode: "append", maxLength: null, minIntervalMs: 300 },
  }),
  "streams for a while, and edits": (maxLength) => ({
    table: { text: textOf(maxLength), live: true, edit },
    live: { mode: "append", maxLength: 90, minIntervalMs: 300, expiresAfterMs: 5000 },
  }),
  "shows drafts": (maxLength) => ({
    table: { text: textOf(maxLength), live: true, edit },
    live: { mode: "replace", maxLength, minIntervalMs: 300 },
  }),
  "has no live messages after all": (maxLength) => ({ table: { text: textOf(maxLength), live: true, edit }, live: null }),
};

function textOf(maxLength: number, partsPerSend = 1): CapabilityTable["text"] {
  return { maxLength, partsPerSend, markdown: "full", tables: false };
}

const setting = fc.record({
  maxLength: fc.integer({ min: 90, max: 300 }),
  /** How it is known whether a send that was not answered happened. */
  tells: fc.constantFrom("not at all", "drops repetitions", "answers"),
  unknown: fc.constantFrom("repeat-marked", "leave", "ask"),
  measure: fc.constantFrom<keyof typeof measures>("utf16Length", "utf8Length", "escaped"),
  latenciesMs: fc.array(fc.constantFrom(10, 100, 700, 4000), { minLength: 1, maxLength: 5 }),
  faults,
  story,
});

type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

function scene(
  name: string,
  { maxLength, tells, unknown, measure, latenciesMs, faults }: Setting,
  between?: (state: ReplyState) => ReplyState,
): { readonly simulation: Simulation; readonly server: ScriptedServer; readonly context: ReplyContext } {
  const { table, live = null, more } = platforms[name]?.(maxLength) ?? { table: {} };
  const [idempotentSend, lookup] = [tells === "drops repetitions", tells === "answers"];
  const media = {
    send: { image: 9, file: 9 },
    receive: [],
    captionMaxLength: 60,
    album: { max: 2, together: [["image"]] },
  } as const;
  const context = contextOf(
    { media, ...table, idempotentSend, lookup, remove: {} },
    { unknown, measure: measures[measure], ...more },
  );
  const { partsPerSend } = context.capabilities.text;
  const server = new ScriptedServer(
    { maxLength, measure: measures[measure], idempotent: idempotentSend, answers: lookup, textsPerSend: partsPerSend, live },
    faults,
  );
  return {
    context,
    server,
    simulation: new Simulation({ context, server, latenciesMs, ...(between === undefined ? {} : { between }) }),
  };
}

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
      fc.property(setting, fc.nat({ max: 20_000 }), (setting, crashMs) => {
        const { simulation, server, context } = scene(name, setting);
        for (const { event } of setting.story) simulation.tell({ type: "agent", event });
        simulation.tell({ type: "end", how: "finished" });
        simulation.run(simulation.nowMs + crashMs);
        const { parts } = simulation.crash();
        server.forget(parts.flatMap((part) => part.refs));
        const state = resumeReply({ parts, phase: "ended" }, context, simulation.nowMs + 1000);
        const resumed = new Simulation({ context, server, state, nowMs: simulation.nowMs + 1000 });
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
      fc.property(setting, story, fc.nat({ max: 20_000 }), (setting, again, crashMs) => {
        const { simulation, server, context } = scene(name, { ...setting, faults: [] });
        simulation.play(setting.story, "finished", simulation.nowMs + crashMs);
        const { parts } = simulation.crash();
        server.forget(parts.flatMap((part) => part.refs));
        const restarted = new Simulation({
          context,
          server,
          state: restartReply({ parts }, context, simulation.nowMs),
          nowMs: simulation.nowMs + 1000,
        });
        restarted.play(again);
        restarted.expectSettled();
        expect(server.violations).toEqual([]);
        const known = server.messages.filter((message) => !message.deleted && !message.orphaned);
        const texts = known.filter(({ hasFiles, text }) => !hasFiles && !text.includes(uncertain));
        expect(said(texts.map((message) => message.text).join("\n"))).toBe(saidBy(again.filter(({ event }) => !isFiles(event))));
        const isSure = setting.unknown === "repeat-marked" || setting.tells !== "not at all";
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
      fc.property(setting, fc.nat({ max: 20_000 }), (setting, crashMs) => {
        const { simulation, server, context } = scene("edits", { ...setting, faults: [] });
        simulation.play(setting.story, "finished", simulation.nowMs + crashMs);
        const { parts, step, phase } = simulation.crash();
        if (phase === "ended") return;
        server.forget(parts.flatMap((part) => part.refs));
        const nowMs = simulation.nowMs + 1000;
        const keep = parts.filter((part) => part.step < step).length;
        const state = restartReply({ parts, step, keep }, context, nowMs);
        const resumed = new Simulation({ context, server, state, nowMs });
        resumed.play(behind(setting.story, step));
        resumed.expectSettled();
        expect(server.violations).toEqual([]);
        const known = server.messages.filter((message) => !message.deleted && !message.orphaned);
        const texts = known.map((message) => message.text).filter((text) => !text.includes(uncertain));
        const shown = texts.join("\n");
        if (setting.unknown === "repeat-marked" || setting.tells !== "not at all")
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
