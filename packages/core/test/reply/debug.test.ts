// @ts-nocheck
import { test } from "vitest";
import { readFileSync, writeFileSync } from "node:fs";
import { utf16Length, utf8Length } from "../../src/index.ts";
import { ScriptedServer } from "./scripted-server.ts";
import { contextOf, Simulation } from "./simulation.ts";
const escaped = (text: string): number => text.replace(/[_*[\]()~`>#+\-=|{}.!]/gu, "\\$&").length;
const measures = { utf16Length, utf8Length, escaped };
const lives = { streams: [{ mode: "append", maxLength: null, minIntervalMs: 300 }, {}], streamsEdits: [{ mode: "append", maxLength: 90, minIntervalMs: 300, expiresAfterMs: 5000 }, { edit: { minIntervalMs: 500 } }], edits: [undefined, {edit:{minIntervalMs:500}}] };
test("debug", () => {
  let out = "";
  const s = JSON.parse(readFileSync("/tmp/ce.json", "utf8"));
  const [live, extra] = lives[process.env.P ?? "streams"];
  const measure = measures[s.measure];
  const context = contextOf({ text: { maxLength: s.maxLength, partsPerSend: 1, markdown: "full", tables: false }, live: live !== undefined, ...extra, idempotentSend: s.idempotentSend }, { unknown: s.unknown, measure });
  const server = new ScriptedServer({ maxLength: s.maxLength, measure, idempotent: s.idempotentSend, textsPerSend: 1, live }, s.faults);
  const sim = new Simulation({ context, server, latenciesMs: s.latenciesMs, between: (st) => { const last = sim.inputs.at(-1); out += `${sim.nowMs - 1000000} ${JSON.stringify(last)}\n${st.parts.filter((p)=>p.state==="open"||p.state==="closed").map((p) => "     " + JSON.stringify([p.index, p.state, p.kind, p.live, p.desired, p.source, p.covers, p.refs.length])).join("\n")} mode ${st.mode} max ${st.maxLength} pend ${JSON.stringify(st.pending)}\n`; return st; } });
  try { sim.play(s.story); } catch (e) { out += e.stack; }
  out += sim.calls.map((c) => `${c.part} ${c.texts[0] && measure(c.texts[0])} ${JSON.stringify(c.texts)}`).join("\n") + "\n" + JSON.stringify(server.violations) + "\n\n";
  writeFileSync("/tmp/debug.txt", out);
});
