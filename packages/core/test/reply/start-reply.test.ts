import { describe, expect, test } from "vitest";
import {
  newPart,
  restartReply,
  resumeReply,
  utf16Length,
  type Part,
  type ReplyContext,
  type ReplyState,
} from "../../src/index.ts";
import { ScriptedServer, type ServerMessage } from "./scripted-server.ts";
import { contextOf, deltas, mark, Simulation } from "./simulation.ts";

const edit = { minIntervalMs: 1000 };
const editing = contextOf({ edit, remove: {} });
const nowMs = 2_000_000;

/** A server where these texts stand already. */
function serverWith(texts: readonly string[], idempotent = false): ScriptedServer {
  const server = new ScriptedServer({ maxLength: 100, measure: utf16Length, idempotent, textsPerSend: 1 });
  for (const [part, text] of texts.entries()) {
    const request = {
      part,
      key: `${part}`,
      revision: 1,
      texts: [text],
      refs: [],
      final: true,
      inDoubt: false,
      firstCalledAtMs: nowMs,
      files: [],
      actions: [],
      tools: [],
    };
    server.call(request, nowMs);
  }
  return server;
}

function shownPart(index: number, message: ServerMessage | undefined, more: Partial<Part> = {}): Part {
  const text = message?.text ?? "";
  return {
    ...newPart(index),
    state: "sent",
    desired: [text],
    desiredRevision: 1,
    shown: [text],
    shownRevision: 1,
    refs: message === undefined ? [] : [message.ref],
    ...more,
  };
}

function closedPart(index: number, text: string, more: Partial<Part> = {}): Part {
  const covers = { desired: text.length, inFlight: text.length, shown: 0, maybeShown: 0 };
  return { ...newPart(index), state: "closed", desired: [text], desiredRevision: 1, source: text, covers, ...more };
}

function run(context: ReplyContext, server: ScriptedServer, state: ReplyState): Simulation {
  return new Simulation({ context, server, state, nowMs });
}

describe("A reply that is taken up again", () => {
  test("says what was not said, at once", () => {
    const server = serverWith(["First"]);
    const parts = [shownPart(0, server.messages[0]), closedPart(1, "Second"), closedPart(2, "Third")];
    const simulation = run(editing, server, resumeReply({ parts, phase: "ended" }, editing, nowMs)).run();
    simulation.expectSettled();
    expect(server.texts).toEqual(["First", "Second", "Third"]);
    expect(simulation.callsAtMs[0]).toBe(nowMs);
  });

  test("takes a send that was in flight for one that may have happened", () => {
    const inFlight = { inFlightRevision: 1, inFlightTexts: ["Hello"] };
    const outcomes = [
      [editing, [`${mark}\n\nHello`], "sent"],
      [contextOf({ edit }, { unknown: "leave" }), [], "unknown"],
      [contextOf({ edit, idempotentSend: true }), ["Hello"], "sent"],
    ] as const;
    for (const [context, texts, state] of outcomes) {
      const server = serverWith([]);
      const resumed = resumeReply({ parts: [closedPart(0, "Hello", inFlight)], phase: "ended" }, context, nowMs);
      const simulation = run(context, server, resumed).run();
      expect(server.texts).toEqual(texts);
      expect(simulation.state.parts.map((part) => part.state)).toEqual([state]);
    }
  });

  test("repeats an edit that was in flight", () => {
    const server = serverWith(["Hel"]);
    const covers = { desired: 5, inFlight: 5, shown: 3, maybeShown: 0 };
    const part = closedPart(0, "Hello", {
      ...shownPart(0, server.messages[0]),
      state: "closed",
      desired: ["Hello"],
      desiredRevision: 2,
      source: "Hello",
      inFlightRevision: 2,
      inFlightTexts: ["Hello"],
      covers,
    });
    run(editing, server, resumeReply({ parts: [part], phase: "ended" }, editing, nowMs)).run();
    expect(server.texts).toEqual(["Hello"]);
  });

  test("goes on behind a stream that only grew, and repeats a draft with the mark", () => {
    const shown = {
      state: "closed",
      shown: ["Hello"],
      shownRevision: 1,
      desired: ["Hello world"],
      desiredRevision: 2,
      covers: { desired: 11, inFlight: 5, shown: 5, maybeShown: 0 },
    } as const;
    const context = contextOf({ live: true, edit });
    const said = (["append", "replace"] as const).map((live) => {
      const server = serverWith([]);
      run(
        context,
        server,
        resumeReply({ parts: [closedPart(0, "Hello world", { ...shown, live })], phase: "ended" }, context, nowMs),
      ).run();
      return server.texts;
    });
    expect(said).toEqual([["world"], [`${mark}\n\nHello world`]]);
  });

  test("takes in more, if its turn has not ended", () => {
    const server = serverWith(["Hel"]);
    const covers = { desired: 5, inFlight: 0, shown: 3, maybeShown: 0 };
    const part: Part = {
      ...shownPart(0, server.messages[0]),
      state: "open",
      desired: ["Hello"],
      desiredRevision: 2,
      source: "Hello",
      covers,
    };
    const simulation = run(editing, server, resumeReply({ parts: [part], phase: "streaming" }, editing, nowMs));
    simulation.play([{ afterMs: 0, event: { type: "notice", text: "Interrupted" } }], "interrupted");
    expect(server.texts).toEqual(["Hello", "Interrupted"]);
  });

  test("keeps its place when parts before it are no longer stored", () => {
    const server = serverWith([]);
    const simulation = run(
      editing,
      server,
      resumeReply({ parts: [closedPart(2, "Third")], phase: "ended" }, editing, nowMs),
    ).run();
    expect(simulation.calls.map(({ part }) => part)).toEqual([2]);
    expect(simulation.state.parts.map(({ index }) => index)).toEqual([0, 1, 2]);
  });
});

describe("A reply that starts over", () => {
  test("writes over what stands there, and removes what is too much", () => {
    const server = serverWith(["Old one", "Old two", "Old three"]);
    const parts = server.messages.map((message, index) => shownPart(index, message));
    const simulation = run(editing, server, restartReply({ parts }, editing, nowMs));
    simulation.play([...deltas("New one", 3), { afterMs: 0, event: { type: "segment-end" } }, ...deltas("New two", 3)]);
    simulation.expectSettled();
    expect(server.texts).toEqual(["New one", "New two"]);
    expect(server.messages).toHaveLength(3);
  });

  test("leaves what is too much where nothing can be removed", () => {
    const context = contextOf({ edit });
    const server = serverWith(["Old one", "Old two"]);
    const parts = server.messages.map((message, index) => shownPart(index, message));
    const simulation = run(context, server, restartReply({ parts }, context, nowMs)).play(deltas("New", 3));
    simulation.expectSettled();
    expect(server.texts).toEqual(["New", "Old two"]);
  });

  test("goes on behind what stands there where nothing can be edited", () => {
    const context = contextOf();
    const server = serverWith(["Old"]);
    run(context, server, restartReply({ parts: [shownPart(0, server.messages[0])] }, context, nowMs)).play(deltas("New", 3));
    expect(server.texts).toEqual(["Old", "New"]);
  });

  test("writes a text that stands there already only if an edit of it was in flight", () => {
    const server = serverWith(["Same"]);
    const part = shownPart(0, server.messages[0], { state: "open" });
    const still = run(editing, server, restartReply({ parts: [part] }, editing, nowMs)).play(deltas("Same", 4));
    expect(still.calls).toEqual([]);
    const calling: Part = { ...part, inFlightRevision: 2, inFlightTexts: ["Same or other"] };
    const doubtful = run(editing, server, restartReply({ parts: [calling] }, editing, nowMs)).play(deltas("Same", 4));
    expect(doubtful.calls.map(({ texts }) => texts)).toEqual([["Same"]]);
  });

  test("marks its first message if an earlier send of it may have happened", () => {
    const server = serverWith([]);
    const part = closedPart(0, "Old", { inFlightRevision: 1, inFlightTexts: ["Old"] });
    run(editing, server, restartReply({ parts: [part] }, editing, nowMs)).play(deltas("New", 3));
    expect(server.texts).toEqual([`${mark}\n\nNew`]);
  });

  test("finds a message again whose send was in flight, where the platform drops repetitions", () => {
    const context = contextOf({ edit, idempotentSend: true });
    const server = serverWith(["Old"], true);
    const part = closedPart(0, "Old", { inFlightRevision: 1, inFlightTexts: ["Old"] });
    const simulation = run(context, server, restartReply({ parts: [part] }, context, nowMs)).play(deltas("New", 3));
    simulation.expectSettled();
    expect(server.texts).toEqual(["New"]);
  });
});
