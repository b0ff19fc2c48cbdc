import type { ChatStep, ProtocolEvent } from "@hermes/protocol";
import { describe, expect, it } from "vitest";
import { plain } from "../../src/cli/chat/style.ts";
import { Transcript } from "../../src/cli/chat/transcript.ts";

type Body = ProtocolEvent extends infer Event
  ? Event extends ProtocolEvent
    ? Omit<Event, "seq" | "session_key">
    : never
  : never;

const at = "2026-01-01T00:00:00.000Z";
const transcript = (): { readonly of: Transcript; readonly tell: (...events: readonly Body[]) => void; shown: () => string } => {
  const of = new Transcript({ columns: () => 60 }, plain);
  let text = "";
  return {
    of,
    tell(...events) {
      for (const event of events) of.apply({ ...event, session_key: "s", seq: 1 });
    },
    shown() {
      text += of
        .take()
        .map((line) => `${line}\n`)
        .join("");
      return text;
    },
  };
};
const delta = (message_id: string, text: string, part = 0): Body => ({ type: "chat.delta", message_id, delta: text, part });
const done = (message_id: string, text: string, outcome: "finished" | "interrupted" = "finished"): Body => ({
  type: "chat.done",
  message_id,
  outcome,
  text,
  timestamp: at,
});
const message = (message_id: string, text: string): Body => ({ type: "chat.message", message_id, text, timestamp: at });
const step = (call_id: string, state: ChatStep["state"], after_part: number): Body => ({
  type: "chat.step",
  message_id: "m",
  after_part,
  step: { call_id, title: `Step ${call_id}`, state },
});

describe("A transcript", () => {
  it("shows a message that waits below the answer that runs, and above its own once it has its turn", () => {
    const { of, tell, shown } = transcript();
    of.say("k1", "first");
    of.taken("k1", "m");
    tell(delta("m", "One.\n\nTw"));
    of.say("k2", "second");
    of.taken("k2", "n");
    expect(shown()).toBe("› first\n\nOne.\n");
    expect(of.open("*")).toEqual(["", "Tw", "", "› second"]);
    tell(delta("m", "o."), done("m", "One.\n\nTwo."), delta("n", "Three."), done("n", "Three."));
    expect(shown()).toBe("› first\n\nOne.\n\nTwo.\n\n› second\n\nThree.\n");
    expect(of.isBusy).toBe(false);
  });

  it("shows the answer to an agent's question where it was given", () => {
    const { of, tell, shown } = transcript();
    of.say("k1", "travel");
    of.taken("k1", "m");
    tell(delta("m", "Where to?"));
    of.say("k2", "Paris");
    of.taken("k2", "n");
    tell(done("n", ""), delta("m", "\n\nOff we go.", 1), done("m", "Where to?\n\nOff we go."));
    expect(shown()).toBe("› travel\n\nWhere to?\n\n› Paris\n\nOff we go.\n");
  });

  it("puts tools where they belong, also when the words before them come late", () => {
    const { of, tell, shown } = transcript();
    tell(delta("m", "Let me"), step("a", "running", 1), step("b", "running", 1), step("a", "done", 1));
    tell(delta("m", " look."));
    expect(shown()).toBe("");
    expect(of.open("*")).toEqual(["Let me look.", "", "  ✓ Step a", "  * Step b"]);
    tell(step("b", "failed", 1), delta("m", "\n\nFound.", 1), done("m", "Let me look.\n\nFound."));
    expect(shown()).toBe("Let me look.\n\n  ✓ Step a\n  ✗ Step b\n\nFound.\n");
  });

  it("tells that somebody thinks, and not what", () => {
    const { of, tell, shown } = transcript();
    of.say("k", "?");
    of.taken("k", "m");
    tell({ type: "chat.reasoning", message_id: "m", delta: "secret" });
    expect([of.isThinking, shown(), of.open("*")]).toEqual([true, "› ?\n", []]);
    tell(delta("m", "!"));
    expect(of.isThinking).toBe(false);
  });

  it("marks what others said, notices, and answers that have no end", () => {
    const { tell, shown } = transcript();
    tell(message("x", "from the page"), delta("x", "Begun"), done("x", "Begun", "interrupted"));
    tell({ type: "chat.notice", message_id: "n", text: "Stopped.", timestamp: at });
    expect(shown()).toBe("» from the page\n\nBegun\n\n(interrupted)\n\n▪ Stopped.\n");
  });

  it("tells a part again that reads differently, where it is shown for good already, and rewrites it where not", () => {
    const { of, tell, shown } = transcript();
    tell(delta("m", "Open"), { type: "chat.part", message_id: "m", part: 0, text: "Other" });
    expect([shown(), of.open("*")]).toEqual(["", ["Other"]]);
    tell(delta("m", " text\n\nmore"));
    expect(shown()).toBe("Other text\n");
    tell({ type: "chat.part", message_id: "m", part: 0, text: "All new" }, done("m", "All new"));
    expect(shown()).toBe("Other text\n\nmore\n\nAll new\n");
  });

  it("says what deltas did not tell", () => {
    const { tell, shown } = transcript();
    tell(delta("m", "Half"), done("m", "Half of it.\n\nAnd the rest."));
    expect(shown()).toBe("Half of it.\n\nAnd the rest.\n");
  });

  it("goes on without loss or repetition when another process tells the rest", () => {
    const { of, tell, shown } = transcript();
    of.say("k", "go");
    of.taken("k", "m");
    tell(delta("m", "One."), delta("m", "\n\nTwo", 1));
    of.resume([], [{ message_id: "m", role: "user", text: "go", timestamp: at, state: "running" }]);
    expect(of.unanswered).toEqual([{ key: "k", text: "go" }]);
    tell(delta("m", "Two and a half."), delta("m", "\n\nThree.", 1), done("m", "One.\n\nTwo and a half.\n\nThree."));
    expect(shown()).toBe("› go\n\nOne.\n\nTwo and a half.\n\nThree.\n");
  });

  it("shows what was said while nobody listened, once", () => {
    const { of, tell, shown } = transcript();
    of.recall([{ message_id: "a", role: "user", text: "before", timestamp: at }]);
    of.resume(
      [{ message_id: "c", parts: ["Beg"], steps: [] }],
      [
        { message_id: "a", role: "user", text: "before", timestamp: at, state: "finished" },
        { message_id: "b", role: "user", text: "meanwhile", timestamp: at, state: "finished" },
        { message_id: "b", role: "assistant", text: "Answered.", timestamp: at },
        { message_id: "c", role: "user", text: "now", timestamp: at, state: "running" },
      ],
    );
    tell(delta("b", "Answered."), done("b", "Answered."), delta("c", "un."), done("c", "Begun."));
    expect(shown()).toBe("› before\n\n» meanwhile\n\nAnswered.\n\n» now\n\nBegun.\n");
  });

  it("says why a message was not taken", () => {
    const { of, shown } = transcript();
    of.say("k", "too much");
    of.refused("k", "(not sent: too many wait)");
    expect(shown()).toBe("› too much\n\n(not sent: too many wait)\n");
  });

  it("takes out of what others say whatever would steer the terminal", () => {
    const { tell, shown } = transcript();
    tell(message("x", "a\u001B[2Jb"), delta("x", "c\u001B]0;ti"), delta("x", "tle\u0007d"), done("x", "c\u001B]0;title\u0007d"));
    expect(shown()).toBe("» ab\n\ncd\n");
  });
});
