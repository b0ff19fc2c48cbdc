import type { Delivery, DeliveryDetails, EventDetails, Page } from "@hermes/protocol";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asJson } from "../../../src/cli/ledger/as-json.ts";
import { howToGetMore } from "../../../src/cli/ledger/how-to-get-more.ts";
import { ago, briefMoment, fullMoment, span } from "../../../src/cli/ledger/moments.ts";
import { showDeliveries, showDelivery } from "../../../src/cli/ledger/show-deliveries.ts";
import { showEvent, showEvents } from "../../../src/cli/ledger/show-events.ts";
import { showTimeline } from "../../../src/cli/ledger/show-timeline.ts";
import { textWidth } from "../../../src/cli/ledger/text-width.ts";
import { mapDeliveryDetails, mapEventDetails } from "../../../src/rpc/map-ledger.ts";
import { deliveryOf, eventOf, messageOf, partOf } from "../../rpc/ledger-book.ts";

const view = { nowMs: 125_400, width: 80 };
const id = "turn_0mgz3k2a10000a1b2c3d4e5f60718";
const hostile = "\u001B]0;owned\u0007\u001B[2Jhello\nsecond\rline\u202E 你好";

const delivery = (change: Parameters<typeof deliveryOf>[1] = {}): DeliveryDetails => mapDeliveryDetails(deliveryOf(id, change));
const event = (change: Parameters<typeof eventOf>[2] = {}, text = "hello"): EventDetails =>
  mapEventDetails(eventOf(5, messageOf(text), change));
const page = (rows: readonly Delivery[]): Page<Delivery> => ({ rows });
const widest = (text: string): number => Math.max(...text.split("\n").map(textWidth));

describe("Moments", () => {
  it.each([
    [9_999, "just now"],
    [-5, "just now"],
    [59_000, "59 s ago"],
    [60_000, "1 min ago"],
    [3_600_000, "1 h ago"],
    [47 * 3_600_000, "47 h ago"],
    [72 * 3_600_000, "3 days ago"],
  ])("%i ms ago is %s", (passedMs, words) => {
    expect(ago(1e12, 1e12 + passedMs)).toBe(words);
  });

  it("are absolute and relative", () => {
    const atMs = new Date(2026, 10, 21, 14, 3, 22).getTime();
    expect(briefMoment(atMs, atMs + 120_000)).toBe("14:03 2m ago");
    expect(briefMoment(atMs, atMs + 72 * 3_600_000)).toBe("21 Nov 3d ago");
    expect(fullMoment(atMs, atMs + 120_000)).toBe("2026-11-21 14:03:22 (2 min ago)");
    expect([span(12), span(1234), span(90_000), span(5_400_000)]).toEqual(["12 ms", "1.2 s", "2 min", "1.5 h"]);
  });
});

describe("A list of deliveries", () => {
  const rows = [
    delivery({ state: "parked", partsSent: 0, attempts: 3, failure: "forbidden" }),
    delivery({ chat: { ref: { platform: "acme", chatId: "42" }, type: "group", name: hostile.repeat(5) } }),
  ];

  it.each([60, 80, 100, 120])("keeps the ids whole, and fits %i columns", (width) => {
    const table = showDeliveries(page(rows), { ...view, width });
    expect(table.match(new RegExp(id, "gu"))).toHaveLength(2);
    if (width >= 80) expect(widest(table)).toBeLessThanOrEqual(width);
    expect(table).toContain("parked 0/1");
    // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(table.replaceAll("\n", "")).not.toMatch(/[\u0000-\u001F\u202E]/u);
    expect(table.trimEnd().split("\n")).toHaveLength(3);
  });

  it("says why where there is room for it", () => {
    expect(showDeliveries(page(rows), { ...view, width: 120 })).toContain("forbidden, 3 tries");
    expect(showDeliveries(page(rows), view)).not.toContain("forbidden");
  });
});

describe("One delivery", () => {
  it("is shown with its state in words, its parts and what to do next", () => {
    const parts = [
      partOf("echo: hello"),
      partOf("second", { index: 1, state: "failed", failure: "forbidden", attempts: 2, refs: [] }),
    ];
    const shown = showDelivery(delivery({ state: "failed", parts: 2, failure: "forbidden", details: parts }), view);
    expect(shown).toContain("State     failed: a part of it was refused or given up (forbidden)");
    expect(shown).toContain("Answers   message 5 in acme 42 from Ada (42)");
    expect(shown).toMatch(/Part 1 {2}shown\n[\s\S]*Where {3}message 6 in acme 42\n {2}\| echo: hello\n/u);
    expect(shown).toContain("Part 2  not shown, forbidden, 2 calls failed");
    expect(shown.trimEnd().split("\n").at(-1)).toBe(`Show it again: hermes deliveries retry ${id}`);
  });

  it("shows a few lines of a long text and says how to get the rest", () => {
    const shown = showDelivery(delivery({ details: [partOf("line\n".repeat(20).trimEnd())] }), view);
    expect(shown.match(/\| line/gu)).toHaveLength(6);
    expect(shown).toContain("(14 more lines: --json has all of it)");
  });

  it("steers no terminal, whatever people wrote", () => {
    const shown = showDelivery(delivery({ details: [partOf(hostile)] }), view);
    expect(shown).toContain("  | hello\n  | second\n  | line 你好\n");
    expect(shown).not.toContain("\u001B");
  });
});

describe("Events", () => {
  it("are listed with number, verdict and rule in 80 columns", () => {
    const table = showEvents({ rows: [event(), event({ verdict: "refuse", rule: "not-allowed", state: "recorded" })] }, view);
    expect(table).toMatch(/^NUMBER +WHEN +PLATFORM +VERDICT +STATE +RULE +EVENT\n5 .* run +taken +allow:acme:42 +e5\n/u);
    expect(widest(table)).toBeLessThanOrEqual(80);
  });

  it("are shown with what they said, the reason in words, and where to look next", () => {
    const shown = showEvent(event({}, hostile), view);
    expect(shown).toContain("Rule      let in by `allow:acme:42`: who wrote it is let in");
    expect(shown).toContain("Content   message 5 from Ada (42) with 1 file\n  | hello\n  | second\n  | line 你好\n");
    expect(shown).toContain("What became of it: hermes timeline 5\n");
  });
});

describe("A timeline", () => {
  it("goes from received over rule, lane and turn to parts and refs", () => {
    const [head, foot = ""] = showTimeline({ event: event(), deliveries: [delivery()] }, view).split("\n\n");
    const lines = (head ?? "").split("\n");
    expect(lines[0]).toMatch(/^\d{4}-\d{2}-\d{2} \(2 min ago\)$/u);
    expect(lines.slice(1).map((line) => line.slice(14))).toEqual([
      "received  acme: message 5 from Ada (42) with 1 file: hello",
      "rule      let in by `allow:acme:42`: who wrote it is let in",
      "lane      agent:main:acme:dm:42: a turn took it",
      "turn      the agent, finished after 300 ms:",
      `          ${id}`,
      "part 1    shown: echo: hello",
      "ref       message 6 in acme 42",
    ]);
    expect(foot).toBe("Answered: all of it is shown.\n");
    expect(lines[1]).toMatch(/^\d\d:\d\d:05\.000 {2}received/u);
  });

  it("says why a message was not answered", () => {
    const { content: _, ...refused } = event({ verdict: "refuse", rule: "not-allowed", state: "recorded" });
    const { sessionKey: __, ...bare } = refused;
    const shown = showTimeline({ event: bare, deliveries: [] }, view);
    expect(shown).toContain("rule      refused by `not-allowed`: nobody let in who wrote it;");
    expect(shown.trimEnd().split("\n").at(-1)).toMatch(/^Not answered: it was refused\./u);
    const conclusions = [
      [event({ state: "waiting" }), "Not answered yet: it waits for its turn."],
      [event({ state: "dropped" }), "Not answered: taken out of the queue before its turn."],
      [event({ verdict: "observe", state: "recorded" }), "Not answered: it was noted only."],
    ] as const;
    for (const [one, words] of conclusions) expect(showTimeline({ event: one, deliveries: [] }, view)).toContain(words);
  });

  it("says what is wrong with the answer, and what to do", () => {
    const shown = showTimeline({ deliveries: [delivery({ state: "failed", details: [] }), delivery()] }, view);
    expect(shown).toContain(`The answer: a part of it was refused or given up.\nTry it again: hermes deliveries retry ${id}`);
  });

  it("keeps to its line and its width, whatever people wrote", () => {
    const deliveries = [delivery({ details: [partOf(hostile.repeat(20))] })];
    const shown = showTimeline({ event: event({}, hostile.repeat(20)), deliveries }, view);
    expect(shown).not.toContain("\u001B");
    expect(shown.split("\n").filter((line) => !line.startsWith("The answer"))).toSatisfy((lines: string[]) =>
      lines.every((line) => textWidth(line) <= 80),
    );
  });
});

it("A list that goes on says how to get more, quoted for a shell", () => {
  expect(howToGetMore("deliveries", ["--platform", "a b'c"], "turn_1")).toBe(
    `There is more:\n  hermes deliveries list --platform 'a b'\\''c' --after turn_1\n`,
  );
});

it("JSON for scripts is the same value when it is read again, and steers no terminal", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      expect(JSON.parse(asJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
  const json = asJson({ text: "\u001B[31m\u009B31m\u202Eabc\u2028" });
  expect(json).toBe('{\n  "text": "\\u001b[31m\\u009b31m\\u202eabc\\u2028"\n}\n');
});
