import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildSessionKey, type ChatType, type SessionKeyOptions, type SessionPlace } from "@hermes/core";

function chat(type: ChatType, chatId: string, threadId?: string, userId?: string, platform = "telegram"): SessionPlace {
  const ref = { platform, chatId, ...(threadId === undefined ? {} : { threadId }) };
  return { kind: "chat", chat: { ref, type }, ...(userId === undefined ? {} : { userId }) };
}

describe("A session key", () => {
  it.each<[SessionPlace, SessionKeyOptions, string]>([
    [chat("dm", "123"), {}, "agent:main:telegram:dm:123"],
    [chat("dm", "123", undefined, "123"), {}, "agent:main:telegram:dm:123"],
    [chat("dm", "123", "7"), {}, "agent:main:telegram:dm:123:7"],
    [chat("group", "-100", undefined, "42"), {}, "agent:main:telegram:group:-100:42"],
    [chat("channel", "-100", undefined, "42"), {}, "agent:main:telegram:group:-100:42"],
    [chat("group", "-100", "5", "42"), {}, "agent:main:telegram:thread:-100:5"],
    [chat("group", "-100", "5", "42"), { splitThreads: true }, "agent:main:telegram:thread:-100:5:42"],
    [chat("group", "-100"), {}, "agent:main:telegram:group:-100"],
    [chat("group", "-100", undefined, ""), {}, "agent:main:telegram:group:-100"],
    [chat("group", "-100", undefined, "42"), { shareGroups: true }, "agent:main:telegram:group:-100"],
    [{ kind: "unknown", platform: "telegram", chatType: "group" }, {}, "agent:main:telegram:group"],
    [{ kind: "background", id: "bg_1" }, {}, "agent:main:background:bg_1"],
    [{ kind: "cron", job: "daily", run: "9" }, {}, "agent:main:cron:daily:9"],
    [{ kind: "request", platform: "openai-api", id: "r1" }, {}, "agent:main:openai-api:request:r1"],
    [chat("dm", "T1/C2", undefined, undefined, "slack"), {}, "agent:main:slack:dm:T1/C2"],
    [chat("dm", "123"), { agent: "helper" }, "agent:helper:telegram:dm:123"],
  ])("of %j with %j is %s", (place, options, key) => {
    expect(buildSessionKey(place, options)).toBe(key);
  });

  it("keeps ids apart that try to look like other parts", () => {
    expect(buildSessionKey(chat("dm", "!room:server.org", undefined, undefined, "m"))).toBe("agent:main:m:dm:!room%3Aserver.org");
    expect(buildSessionKey(chat("group", "1:2"))).not.toBe(buildSessionKey(chat("group", "1", undefined, "2")));
    expect(buildSessionKey(chat("group", "1%3A2"))).not.toBe(buildSessionKey(chat("group", "1:2")));
  });

  it.each<[string, SessionPlace]>([
    ["no chat id", chat("dm", "")],
    ["an empty thread id", chat("group", "1", "")],
    ["no platform", chat("dm", "1", undefined, undefined, "")],
    ["a request without an id", { kind: "request", platform: "x", id: "" }],
  ])("is refused for %s, where two conversations could share it", (_what, place) => {
    expect(() => buildSessionKey(place)).toThrow(/non-empty/u);
  });

  it.each(["background", "cron"])("is refused for a platform called %s", (platform) => {
    expect(() => buildSessionKey(chat("dm", "1", undefined, undefined, platform))).toThrow(/gateway's own tasks/u);
  });
});

/** What tells two places apart under the given options: anything else may share a session on purpose. */
function identity(place: SessionPlace, { shareGroups = false, splitThreads = false }: SessionKeyOptions): string {
  if (place.kind !== "chat") return JSON.stringify(place, Object.keys(place).sort());
  const { ref, type } = place.chat;
  const user = place.userId === undefined || place.userId === "" ? null : place.userId;
  if (type === "dm") return JSON.stringify(["dm", ref.platform, ref.chatId, ref.threadId ?? null]);
  if (ref.threadId !== undefined)
    return JSON.stringify(["thread", ref.platform, ref.chatId, ref.threadId, splitThreads ? user : null]);
  return JSON.stringify(["group", ref.platform, ref.chatId, shareGroups ? null : user]);
}

const id = fc.oneof(
  fc.constantFrom("1", "2", "dm", "group", "thread", "request", "1:2", "1%3A2", "%", ":", "%25"),
  fc.string({ minLength: 1, maxLength: 6 }),
);
const platform = fc.constantFrom("a", "b", "a:dm", "dm");
const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
const place: fc.Arbitrary<SessionPlace> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom<ChatType>("dm", "group", "channel"),
      id,
      optional(id),
      optional(fc.oneof(id, fc.constant(""))),
      platform,
    )
    .map(([type, chatId, threadId, userId, name]) => chat(type, chatId, threadId, userId, name)),
  fc.record({ kind: fc.constant("unknown" as const), platform, chatType: fc.constantFrom<ChatType>("dm", "group", "channel") }),
  fc.record({ kind: fc.constant("request" as const), platform, id }),
  fc.record({ kind: fc.constant("background" as const), id }),
  fc.record({ kind: fc.constant("cron" as const), job: id, run: id }),
);
const options = fc.record({ shareGroups: fc.boolean(), splitThreads: fc.boolean() });

describe("Session keys", () => {
  it("are equal exactly where the places are the same", () => {
    fc.assert(
      fc.property(place, place, options, (one, other, settings) => {
        const isSame = identity(one, settings) === identity(other, settings);
        expect(buildSessionKey(one, settings) === buildSessionKey(other, settings)).toBe(isSame);
      }),
      { numRuns: 5000 },
    );
  });

  it("cannot be forged: whatever the ids are, the parts are those of the place", () => {
    fc.assert(
      fc.property(id, id, (chatId, userId) => {
        const parts = buildSessionKey(chat("group", chatId, undefined, userId)).split(":");
        expect(parts).toHaveLength(6);
        expect(parts.slice(0, 4)).toEqual(["agent", "main", "telegram", "group"]);
        expect(parts.slice(4).map((part) => part.replaceAll("%3A", ":").replaceAll("%25", "%"))).toEqual([chatId, userId]);
      }),
    );
  });
});
