import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Author, MessageEvent, PlatformEvent } from "@hermes/core";
import { compileAccess, letsAnybodyIn, type AccessRules } from "../src/access.ts";
import { admit, type AdmissionState } from "../src/admission.ts";

const quiet: AdmissionState = { claims: false, waiting: 0, maxWaiting: 32 };

function message(
  more: {
    author?: Partial<Author>;
    platform?: string;
    type?: "dm" | "group" | "channel";
    addressed?: boolean;
    text?: string;
  } = {},
): MessageEvent {
  return {
    version: 1,
    type: "message",
    eventId: "e1",
    messageId: "e1",
    chat: { ref: { platform: more.platform ?? "one", chatId: "c1" }, type: more.type ?? "dm" },
    origin: { author: { id: "7", isBot: false, assurance: "platform", ...more.author }, lifetime: "durable" },
    at: "2026-01-01T00:00:00.000Z",
    text: more.text ?? "hello",
    addressed: more.addressed ?? true,
    attachments: [],
  };
}

const rules = (policy: Parameters<typeof compileAccess>[0], owners: readonly string[] = []): AccessRules =>
  compileAccess(
    policy,
    owners.map((userId) => ({ platform: "one", userId, role: "owner", grantedAtMs: 0 })),
  );

describe("Admission", () => {
  it("refuses everybody where nobody was let in", () => {
    for (const policy of [{}, { allow: [] }, { allowAll: false }, { allowAllOn: [] }]) {
      expect(admit(message(), rules(policy), quiet)).toMatchObject({ verdict: "refuse", rule: "not-allowed" });
      expect(letsAnybodyIn(rules(policy))).toBe(false);
    }
  });

  it("lets in who is listed, on the platform the list names", () => {
    expect(admit(message(), rules({ allow: ["one:7"] }), quiet)).toMatchObject({ verdict: "run", rule: "allow:one:7" });
    expect(admit(message({ platform: "two" }), rules({ allow: ["one:7"] }), quiet).verdict).toBe("refuse");
    expect(admit(message({ platform: "two" }), rules({ allow: ["*:7"] }), quiet)).toMatchObject({
      verdict: "run",
      rule: "allow:*:7",
    });
  });

  it("lets in who has a listed role where they speak, on the platform the list names", () => {
    const moderators = rules({ allowRoles: ["one:12"] });
    expect(letsAnybodyIn(moderators)).toBe(true);
    expect(admit(message({ author: { roles: ["11", "12"] } }), moderators, quiet)).toMatchObject({
      verdict: "run",
      rule: "role:one:12",
    });
    for (const author of [{}, { roles: [] }, { roles: ["11", "012", "one:12"] }, { id: "12" }]) {
      expect(admit(message({ author }), moderators, quiet).verdict).toBe("refuse");
    }
    expect(admit(message({ platform: "two", author: { roles: ["12"] } }), moderators, quiet).verdict).toBe("refuse");
  });

  it("believes no role of a sender who can be forged", () => {
    const author = { roles: ["12"], assurance: "asserted" } as const;
    expect(admit(message({ author }), rules({ allowRoles: ["one:12"] }), quiet).verdict).toBe("refuse");
  });

  it("compares ids exactly", () => {
    for (const id of ["07", "7 ", " 7", "77", "7:7", "*", "one:7"]) {
      expect(admit(message({ author: { id } }), rules({ allow: ["one:7"] }), quiet).verdict, id).toBe("refuse");
    }
  });

  it("never takes a name for an id", () => {
    expect(admit(message({ author: { id: "9", name: "7" } }), rules({ allow: ["one:7", "*:7"] }), quiet).verdict).toBe("refuse");
  });

  it("refuses a sender without an id even where everybody is let in", () => {
    expect(admit(message({ author: { id: "" } }), rules({ allowAll: true }), quiet)).toMatchObject({
      verdict: "refuse",
      rule: "no-author",
    });
  });

  it("refuses other bots even where everybody is let in", () => {
    expect(admit(message({ author: { isBot: true } }), rules({ allowAll: true }), quiet)).toMatchObject({
      verdict: "refuse",
      rule: "bot",
    });
  });

  it("does not believe a list about a sender that can be forged", () => {
    const forged = message({ author: { assurance: "asserted" } });
    expect(admit(forged, rules({ allow: ["one:7"] }, ["7"]), quiet).verdict).toBe("refuse");
    expect(admit(forged, rules({ allowAllOn: ["one"] }), quiet).verdict).toBe("run");
  });

  it("lets everybody in on the platforms that say so, and only there", () => {
    expect(admit(message(), rules({ allowAllOn: ["one"] }), quiet).verdict).toBe("run");
    expect(admit(message({ platform: "two" }), rules({ allowAllOn: ["one"] }), quiet).verdict).toBe("refuse");
  });

  it("lets an owner in on the platform the claim was made on", () => {
    expect(admit(message(), rules({}, ["7"]), quiet)).toMatchObject({ verdict: "run", rule: "owner" });
    expect(admit(message({ platform: "two" }), rules({}, ["7"]), quiet).verdict).toBe("refuse");
  });

  it("only notes what is said among others", () => {
    expect(admit(message({ type: "group", addressed: false }), rules({ allow: ["one:7"] }), quiet)).toMatchObject({
      verdict: "observe",
      rule: "not-addressed",
    });
  });

  it("refuses a stranger's words among others like all the rest", () => {
    expect(admit(message({ type: "group", addressed: false }), rules({}), quiet).verdict).toBe("refuse");
  });

  it("pairs who sends the owner's code in private, and nobody in a group", () => {
    const state = { ...quiet, claims: true };
    expect(admit(message(), rules({}), state)).toMatchObject({ verdict: "pair", rule: "owner-claim" });
    expect(admit(message({ type: "group" }), rules({}), state).verdict).toBe("refuse");
    expect(admit(message({ author: { isBot: true } }), rules({}), state).verdict).toBe("refuse");
    expect(admit(message({ author: { assurance: "asserted" } }), rules({}), state).verdict).toBe("refuse");
  });

  it("refuses what would wait behind too much, but never a command", () => {
    const full = { ...quiet, waiting: 32 };
    expect(admit(message(), rules({ allowAll: true }), full)).toMatchObject({ verdict: "refuse", rule: "queue-full" });
    expect(admit(message({ text: "/stop" }), rules({ allowAll: true }), full).verdict).toBe("run");
  });

  it("asks the same of every kind of event", () => {
    const common = {
      version: 1,
      eventId: "x",
      chat: message().chat,
      origin: message().origin,
      at: "2026-01-01T00:00:00.000Z",
    } as const;
    const secondary: readonly PlatformEvent[] = [
      { ...common, type: "edit", messageId: "1", text: "x" },
      { ...common, type: "reaction", messageId: "1", emoji: "👍", added: true },
      { ...common, type: "action", token: "t" },
      { ...common, type: "command", name: "stop", arguments: "" },
      { ...common, type: "control", control: "stop" },
      { ...common, type: "membership", change: "joined" },
    ];
    for (const event of secondary) {
      expect(admit(event, rules({}), quiet).verdict, event.type).toBe("refuse");
      expect(admit(event, rules({ allow: ["one:7"] }), quiet).verdict, event.type).not.toBe("refuse");
    }
  });

  it("lets what is gone be gone, whoever removed it", () => {
    const { verdict, rule } = admit(
      {
        version: 1,
        type: "delete",
        eventId: "x",
        chat: message().chat,
        origin: message().origin,
        at: "2026-01-01T00:00:00.000Z",
        messageIds: ["1"],
      },
      rules({}),
      quiet,
    );
    expect([verdict, rule]).toEqual(["run", "deleted"]);
  });

  it("lets nobody in by chance: whoever is let in is on a list", () => {
    const id = fc.oneof(fc.constantFrom("7", "8", "*", "", "one:7", "7:8"), fc.string());
    fc.assert(
      fc.property(
        id,
        fc.constantFrom("one", "two", "on"),
        fc.array(fc.constantFrom("one:7", "two:8", "*:9")),
        (userId, platform, allow) => {
          const { verdict } = admit(message({ author: { id: userId }, platform }), rules({ allow }), quiet);
          const listed =
            userId !== "" && (allow as string[]).some((entry) => entry === `${platform}:${userId}` || entry === `*:${userId}`);
          expect(verdict === "run").toBe(listed);
        },
      ),
    );
  });
});

describe("An access policy", () => {
  it.each([
    ["123456", /platform:user-id/u],
    [":123", /platform:user-id/u],
    ["one:", /platform:user-id/u],
    ["one:*", /allowAll/u],
    ["*:*", /allowAll/u],
  ])("refuses the entry %s and says what to write", (entry, message) => {
    expect(() => compileAccess({ allow: [entry] }, [])).toThrow(message);
  });

  it.each([
    ["12", /platform:role-id/u],
    ["*:12", /names no platform/u],
    ["one:*", /allowAll/u],
  ])("refuses the role %s and says what to write", (entry, message) => {
    expect(() => compileAccess({ allowRoles: [entry] }, [])).toThrow(message);
  });
});
