import fc from "fast-check";
import type { AgentEvent, CapabilityTable, LiveLimits, OutboundFile, ReplyContext, ReplyState } from "../../src/index.ts";
import { measures } from "../measures.ts";
import { ScriptedServer, type Fault } from "./scripted-server.ts";
import { contextOf, Simulation, type Step } from "./simulation.ts";

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
  { type: "tool-start", callId: "t", title: "reads `a*b`", effect: "none" },
  { type: "tool-start", callId: "u", title: "looks up something with a name that is far too long for one line", effect: "none" },
  { type: "tool-end", callId: "t", outcome: "done", summary: "three lines" },
  { type: "tool-end", callId: "u", outcome: "failed" },
  {
    type: "plan",
    entries: [
      { text: "Think", state: "done" },
      { text: "Act", state: "running" },
    ],
  },
  { type: "usage", usage: { inputTokens: 3, outputTokens: 4 } },
  { type: "checkpoint", transcript: [] },
  { type: "reasoning-delta", text: "hidden" },
  "notice",
);
const delay = fc.constantFrom(0, 1, 20, 150, 450, 3000);

/** What an agent says: texts cut into deltas anywhere, with tools, notices and pauses between them. */
export const story: fc.Arbitrary<readonly Step[]> = fc
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

export const edit = { minIntervalMs: 500 };
export const platforms: Readonly<Record<string, (maxLength: number) => Platform>> = {
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

export const setting = fc.record({
  maxLength: fc.integer({ min: 90, max: 300 }),
  /** How it is known whether a send that was not answered happened. */
  tells: fc.constantFrom("not at all", "drops repetitions", "drops them for a while", "answers"),
  unknown: fc.constantFrom("repeat-marked", "leave", "ask"),
  measure: fc.constantFrom<keyof typeof measures>("utf16Length", "utf8Length", "escaped"),
  latenciesMs: fc.array(fc.constantFrom(10, 100, 700, 4000), { minLength: 1, maxLength: 5 }),
  faults,
  story,
  progress: fc.option(
    fc.record({ tools: fc.constantFrom("new", "all", "verbose"), cleanUp: fc.boolean(), titleLength: fc.constantFrom(10, 60) }),
    { nil: undefined },
  ),
});

type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never;

export function scene(
  name: string,
  { maxLength, tells, unknown, measure, latenciesMs, faults, progress }: Setting,
  between?: (state: ReplyState) => ReplyState,
): { readonly simulation: Simulation; readonly server: ScriptedServer; readonly context: ReplyContext } {
  const { table, live = null, more } = platforms[name]?.(maxLength) ?? { table: {} };
  const idempotentSend = tells === "drops them for a while" ? { withinMs: 3000 } : tells === "drops repetitions";
  const lookup = tells === "answers";
  const media = {
    send: { image: 9, file: 9 },
    receive: [],
    captionMaxLength: 60,
    album: { max: 2, together: [["image"]] },
  } as const;
  const context = contextOf(
    { media, ...table, idempotentSend, lookup, remove: {} },
    { unknown, measure: measures[measure], ...(progress === undefined ? {} : { progress }), ...more },
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
