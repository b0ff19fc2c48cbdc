import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import { chooseOffer, type Choice } from "../../src/first-start/choose-offer.ts";
import type { Offers } from "../../src/first-start/find-offers.ts";

const offers: Offers = {
  ready: ["Claude Code", "qwen3:8b in Ollama"].map((label) => ({ label, section: { use: "ai" } })),
  unready: [{ label: "Codex", section: { use: "acp" }, hint: "Install its adapter first" }],
  missing: [],
};

/** A keyboard, and what became of it. */
function keyboard(limitMs = 10_000) {
  const ending = new AbortController();
  const seen = { shown: "", modes: [] as boolean[], interrupts: 0, isRead: false };
  const keys = new EventEmitter();
  const input = Object.assign(keys, {
    setRawMode: (isRaw: boolean) => void seen.modes.push(isRaw),
    resume: () => void (seen.isRead = true),
    pause: () => void (seen.isRead = false),
  });
  const choice = chooseOffer(offers, {
    // Only as much of a terminal as is asked for.
    input: input as never,
    show: (text) => void (seen.shown += text),
    interrupt: () => void (seen.interrupts += 1),
    signal: ending.signal,
    limitMs,
  });
  return { choice, ending, seen, keys, press: (text: string) => void keys.emit("data", Buffer.from(text)) };
}

describe("One key press", () => {
  it.each<readonly [string, string, Choice["state"]]>([
    ["a number", "2", "chosen"],
    ["a number with Enter behind it", "2\r", "chosen"],
    ["Enter", "\r", "none"],
    ["Escape", "\u001B", "none"],
    ["Ctrl-D", "\u0004", "none"],
    ["Ctrl-C", "\u0003", "ended"],
    ["Ctrl-C among others", "ab\u0003", "ended"],
    ["Enter behind an arrow", "\u001B[A\r", "none"],
  ])("%s", async (_, pressed, state) => {
    const { choice, seen, press, keys } = keyboard();
    press(pressed);
    const chosen = await choice;
    expect(chosen.state).toBe(state);
    if (chosen.state === "chosen") expect(chosen.offer.label).toBe("qwen3:8b in Ollama");
    expect(seen).toMatchObject({ modes: [true, false], isRead: false, interrupts: state === "ended" ? 1 : 0 });
    expect(keys.listenerCount("data")).toBe(0);
    expect(seen.shown).toContain("  1  Claude Code\n  2  qwen3:8b in Ollama\n  -  Codex: Install its adapter first\n");
  });

  it.each(["0", "3", "9", "\u001B[A", "\u001BOP", "x", "ls -1\r", "12", "1\r2\r", ""])(
    "that is %j chooses nobody",
    async (pressed) => {
      const { choice, press } = keyboard();
      press(pressed);
      press("1");
      expect(await choice).toMatchObject({ state: "chosen", offer: { label: "Claude Code" } });
    },
  );
});

it("Nobody in front of it: after a while it goes on by itself", async () => {
  const { choice, seen } = keyboard(5);
  expect(await choice).toEqual({ state: "none" });
  expect(seen).toMatchObject({ modes: [true, false], isRead: false });
});

it("A gateway that is told to end while it asks does not go on asking", async () => {
  const { choice, ending, seen } = keyboard();
  ending.abort();
  expect(await choice).toEqual({ state: "ended" });
  expect(seen).toMatchObject({ modes: [true, false], interrupts: 0 });
});
