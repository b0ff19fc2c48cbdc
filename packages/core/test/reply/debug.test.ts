import { test } from "vitest";
import { writeFileSync } from "node:fs";
import { utf16Length } from "../../src/index.ts";
import { ScriptedServer } from "./scripted-server.ts";
import { contextOf, Simulation } from "./simulation.ts";
const a = {"maxLength":111,"idempotentSend":false,"unknown":"leave","faults":[],"latenciesMs":[10],"story":[{"afterMs":0,"event":{"type":"text-delta","text":"w0\n   ```py\nw1 w2 w3\n## w4 w5\n```\n"}},{"afterMs":450,"event":{"type":"text-delta","text":"w6\n```ts\nw7 "}},{"afterMs":450,"event":{"type":"text-delta","text":"w8\n```\nw9\n```"}},{"afterMs":450,"event":{"type":"text-delta","text":"ts\nw10\n```\nw11** w12\n   ```py\nw13 "}},{"afterMs":450,"event":{"type":"text-delta","text":"w14 w15 w16 "}},{"afterMs":450,"event":{"type":"text-delta","text":"w17\n```\n"}}]} as any;
const b = {"maxLength":90,"idempotentSend":false,"unknown":"repeat-marked","measure":"utf16Length","latenciesMs":[100,10],"faults":[{"kind":"invalid"},{"kind":"deleted"},{"kind":"rate-limited"},{"kind":"vanished"}],"story":[{"afterMs":450,"event":{"type":"text-delta","text":"w0 w1"}},{"afterMs":450,"event":{"type":"text-delta","text":" w2 👩‍👩‍👧‍👦 w3 "}},{"afterMs":450,"event":{"type":"text-delta","text":"w4 w5 "}},{"afterMs":450,"event":{"type":"text-delta","text":"w6 w7"}},{"afterMs":450,"event":{"type":"text-delta","text":"\n   ```py\nw8\n```\nw9"}},{"afterMs":450,"event":{"type":"text-delta","text":" 👩‍👩"}},{"afterMs":450,"event":{"type":"text-delta","text":"‍👧‍\ud83d"}},{"afterMs":450,"event":{"type":"text-delta","text":"\udc66 w10\n```ts\nw11 w12"}},{"afterMs":450,"event":{"type":"text-delta","text":" w13 w"}},{"afterMs":450,"event":{"type":"text-delta","text":"14 w1"}},{"afterMs":450,"event":{"type":"text-delta","text":"5 w16 👩‍👩‍👧‍👦 w"}},{"afterMs":450,"event":{"type":"text-delta","text":"17\n```"}},{"afterMs":450,"event":{"type":"text-delta","text":"\n"}}]} as any;
test("debug", () => {
  let out = "";
  for (const [s, live, edit] of [[a, { mode: "append", maxLength: null, minIntervalMs: 300 }, undefined],[b, { mode: "append", maxLength: 90, minIntervalMs: 300, expiresAfterMs: 5000 }, { minIntervalMs: 500 }]] as const) {
    const context = contextOf({ text: { maxLength: s.maxLength, partsPerSend: 1, markdown: "full", tables: false }, live: true, ...(edit ? { edit } : {}), idempotentSend: s.idempotentSend }, { unknown: s.unknown });
    const server = new ScriptedServer({ maxLength: s.maxLength, measure: utf16Length, idempotent: s.idempotentSend, textsPerSend: 1, live }, s.faults);
    const sim = new Simulation({ context, server, latenciesMs: s.latenciesMs, between: (st) => { const last = sim.inputs.at(-1); out += `${sim.nowMs - 1000000} ${JSON.stringify(last)}\n   ${JSON.stringify(st.parts.map((p) => [p.state, p.kind, p.live, p.desired, p.source, p.covers, p.refs.length]))} mode ${st.mode} max ${st.maxLength}\n`; return st; } });
    sim.play(s.story);
    out += sim.calls.map((c) => `${c.part} ${c.texts[0]?.length} ${JSON.stringify(c.texts)}`).join("\n") + "\n" + JSON.stringify(server.violations) + "\n\n";
  }
  writeFileSync("/tmp/debug.txt", out);
});
