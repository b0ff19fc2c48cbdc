import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTargetError } from "@hermes/runtime";
import { formatTarget, parseTargets, type Target } from "../src/delivery/target.ts";
import { TargetForms, type TargetForm } from "../src/delivery/target-form.ts";

const platform = fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,8}$/u).filter((word) => word !== "all" && word !== "origin");
/** Any text somebody could mean by a chat or a name. */
const words = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
  .map((text) => text.trim())
  .filter((text) => text !== "");
const target: fc.Arbitrary<Target> = fc.oneof(
  fc.constant<Target>({ kind: "origin" }),
  fc.constant<Target>({ kind: "all" }),
  platform.map((word): Target => ({ kind: "word", word })),
  fc
    .record({ platform, place: words.filter((text) => !text.startsWith("#")) })
    .map((place): Target => ({ kind: "place", ...place })),
  fc.record({ platform, name: words }).map((name): Target => ({ kind: "name", ...name })),
);

describe("A target", () => {
  it("is read as it was written, alone and in a list, whatever stands in ids and names", () => {
    fc.assert(
      fc.property(fc.array(target, { minLength: 1, maxLength: 4 }), (targets) => {
        expect(parseTargets(targets.map(formatTarget).join(","))).toEqual(targets);
      }),
    );
  });

  it("never means two places: what is written alike is alike", () => {
    fc.assert(
      fc.property(target, target, (one, other) => {
        fc.pre(formatTarget(one) === formatTarget(other));
        expect(one).toEqual(other);
      }),
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (text) => {
        let first: readonly Target[];
        try {
          first = parseTargets(text);
        } catch (error) {
          expect(isTargetError(error) && error.code).toBe("malformed");
          return;
        }
        expect(parseTargets(first.map(formatTarget).join(","))).toEqual(first);
      }),
    );
  });

  it("may be written in any case up to the colon, and with space around it", () => {
    expect(parseTargets(" Telegram : -100:7 , ORIGIN,All,slack:#General")).toEqual([
      { kind: "place", platform: "telegram", place: "-100:7" },
      { kind: "origin" },
      { kind: "all" },
      { kind: "name", platform: "slack", name: "General" },
    ]);
  });

  it("keeps every colon of an id behind the platform's own", () => {
    expect(parseTargets("matrix:!room:example.org")).toEqual([{ kind: "place", platform: "matrix", place: "!room:example.org" }]);
  });

  it.each(["", " ", ",", "telegram,", "telegram:", ":42", "telegram:#", "telegram,,slack"])("is not %j", (text) => {
    expect(() => parseTargets(text)).toThrow(/is no target\. Write `platform`/u);
  });
});

describe("How a platform writes its chats", () => {
  const matrix: TargetForm = {
    name: "Matrix",
    documentationUrl: "https://example.org/matrix",
    parseTarget(text) {
      const [room, thread] = text.split(" ");
      if (!/^!\w+:[\w.]+$/u.test(room ?? "") || room === undefined) return undefined;
      return { chatId: room, ...(thread === undefined ? {} : { threadId: thread }), type: "group" };
    },
  };

  it("is the manifest's business: an id may hold colons", () => {
    const forms = new TargetForms({ matrix });
    expect(forms.parse("matrix", "!room:example.org")).toEqual({ chatId: "!room:example.org", type: "group" });
    expect(forms.write({ platform: "matrix", chatId: "!room:example.org" })).toBe("!room:example.org");
    // What cannot be written so that it is read as the same place is not written.
    expect(forms.write({ platform: "matrix", chatId: "!room:example.org", threadId: "t1" })).toBeUndefined();
  });

  it("is `chat` or `chat:thread` where nobody says otherwise, and leads back to the same place", () => {
    const forms = new TargetForms({});
    const id = fc.string({ minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(id, fc.option(id, { nil: undefined }), (chatId, threadId) => {
        const place = { chatId, ...(threadId === undefined ? {} : { threadId }) };
        const text = forms.write({ platform: "any", ...place });
        if (text !== undefined) expect(forms.parse("any", text)).toEqual(place);
        else expect(`${chatId}${threadId ?? ""}`).toMatch(/:|^[#\s]|\s$/u);
      }),
    );
    expect(forms.parse("any", "a:b:c")).toBeUndefined();
  });

  it("may begin ids with the sign of names: then the name is looked for first, and the id is meant otherwise", () => {
    const irc: TargetForm = { ...matrix, parseTarget: (text) => (/^#?\w+$/u.test(text) ? { chatId: text } : undefined) };
    expect(new TargetForms({ irc }).write({ platform: "irc", chatId: "#ops" })).toBe("#ops");
    expect(parseTargets("irc:#ops")).toEqual([{ kind: "name", platform: "irc", name: "ops" }]);
  });

  it("counts for nothing where a stranger's manifest throws or answers nonsense", () => {
    const faulty = (parseTarget: () => unknown): TargetForm => ({
      ...matrix,
      parseTarget: parseTarget as TargetForm["parseTarget"],
    });
    const forms = new TargetForms({
      throws: faulty(() => {
        throw new Error("broken");
      }),
      number: faulty(() => 5),
      empty: faulty(() => ({ chatId: "" })),
      type: faulty(() => ({ chatId: "1", type: "moon" })),
    });
    for (const id of ["throws", "number", "empty", "type"]) expect(forms.parse(id, "1")).toBeUndefined();
  });
});
