import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildSessionKey, platformOfSession, type ChatType, type SessionKeyOptions, type SessionPlace } from "../src/index.ts";

function chat(
  type: ChatType,
  chatId: string,
  more: { readonly threadId?: string; readonly userId?: string; readonly platform?: string } = {},
): SessionPlace {
  const { threadId, userId, platform = "telegram" } = more;
  const ref = { platform, chatId, ...(threadId === undefined ? {} : { threadId }) };
  return { kind: "chat", chat: { ref, type }, ...(userId === undefined ? {} : { userId }) };
}

describe("The key of a place is exactly", () => {
  const rows: readonly (readonly [string, SessionPlace, SessionKeyOptions, string])[] = [
    ["a direct message", chat("dm", "42", { userId: "7" }), {}, "agent:main:telegram:dm:42"],
    ["a thread in a direct message", chat("dm", "42", { threadId: "9", userId: "7" }), {}, "agent:main:telegram:dm:42:9"],
    ["a group, one person", chat("group", "-100", { userId: "7" }), {}, "agent:main:telegram:group:-100:7"],
    ["a channel, one person", chat("channel", "C1", { userId: "U1", platform: "slack" }), {}, "agent:main:slack:group:C1:U1"],
    ["a group whose speaker is not known", chat("group", "-100"), {}, "agent:main:telegram:group:-100"],
    ["a group whose speaker has an empty id", chat("group", "-100", { userId: "" }), {}, "agent:main:telegram:group:-100"],
    ["an id with a slash", chat("dm", "T1/C2", { platform: "slack" }), {}, "agent:main:slack:dm:T1/C2"],
    ["a group that is shared", chat("group", "-100", { userId: "7" }), { shareGroups: true }, "agent:main:telegram:group:-100"],
    ["a thread, shared", chat("group", "-100", { threadId: "9", userId: "7" }), {}, "agent:main:telegram:thread:-100:9"],
    [
      "a thread, one person",
      chat("group", "-100", { threadId: "9", userId: "7" }),
      { splitThreads: true },
      "agent:main:telegram:thread:-100:9:7",
    ],
    [
      "a thread, one person, the speaker not known",
      chat("group", "-100", { threadId: "9" }),
      { splitThreads: true },
      "agent:main:telegram:thread:-100:9",
    ],
    ["nothing known", { kind: "unknown", platform: "sms", chatType: "dm" }, {}, "agent:main:sms:dm"],
    ["a background task", { kind: "background", id: "b1" }, {}, "agent:main:background:b1"],
    ["a scheduled job", { kind: "cron", job: "daily", run: "r1" }, {}, "agent:main:cron:daily:r1"],
    ["a request without a session", { kind: "request", platform: "api", id: "q1" }, {}, "agent:main:api:request:q1"],
    ["another instance of a platform", chat("dm", "42", { platform: "telegram-work" }), {}, "agent:main:telegram-work:dm:42"],
    ["another agent", chat("dm", "42"), { agent: "helper" }, "agent:helper:telegram:dm:42"],
    ["an id with a colon", chat("dm", "!room:example.test"), {}, "agent:main:telegram:dm:!room%3Aexample.test"],
    ["an id that looks escaped", chat("dm", "a%3Ab"), {}, "agent:main:telegram:dm:a%253Ab"],
  ];

  test.each(rows)("%s", (_name, place, options, key) => {
    expect(buildSessionKey(place, options)).toBe(key);
  });
});

const id = fc.oneof(
  fc.constantFrom(
    "1",
    "2",
    "main",
    "dm",
    "group",
    "thread",
    "request",
    "1:2",
    "1%3A2",
    "%",
    ":",
    "::",
    "%25",
    "a:b:c",
    "你好",
    "👩‍👩‍👧‍👦",
    "é",
    "e\u0301",
    " ",
    "\ud83d",
  ),
  fc.string({ minLength: 1, maxLength: 6 }),
  fc.string({ unit: "binary", minLength: 1, maxLength: 4 }),
);
const platform = id.filter((name) => name !== "background" && name !== "cron");
const place: fc.Arbitrary<SessionPlace> = fc.oneof(
  fc
    .record({
      type: fc.constantFrom<ChatType>("dm", "group", "channel"),
      platform,
      chatId: id,
      threadId: fc.option(id, { nil: undefined }),
      userId: fc.option(fc.oneof(id, fc.constant("")), { nil: undefined }),
    })
    .map(({ type, platform, chatId, threadId, userId }) =>
      chat(type, chatId, {
        platform,
        ...(threadId === undefined ? {} : { threadId }),
        ...(userId === undefined ? {} : { userId }),
      }),
    ),
  fc.record({ kind: fc.constant("unknown" as const), platform, chatType: fc.constantFrom<ChatType>("dm", "group", "channel") }),
  fc.record({ kind: fc.constant("request" as const), platform, id }),
  fc.record({ kind: fc.constant("background" as const), id }),
  fc.record({ kind: fc.constant("cron" as const), job: id, run: id }),
);
const options: fc.Arbitrary<SessionKeyOptions> = fc.record({ agent: id, shareGroups: fc.boolean(), splitThreads: fc.boolean() });

/** What makes a place a session of its own under these options, said without a key. */
function identity(place: SessionPlace, { shareGroups, splitThreads }: SessionKeyOptions): string {
  if (place.kind !== "chat") return JSON.stringify(place, ["kind", "platform", "chatType", "id", "job", "run"]);
  const { ref, type } = place.chat;
  const isAlone = type !== "dm" && (ref.threadId === undefined ? shareGroups !== true : splitThreads === true);
  // A chat is a direct message or it is not: two chats of one instance never share an id.
  return JSON.stringify([
    ref.platform,
    ref.chatId,
    type === "dm",
    ref.threadId ?? null,
    isAlone && place.userId !== "" ? (place.userId ?? null) : null,
  ]);
}

describe("Session keys", () => {
  test("are the same for two places exactly if these are one session", () => {
    fc.assert(
      fc.property(place, place, options, (one, other, options) => {
        const areSame = identity(one, options) === identity(other, options);
        expect(buildSessionKey(one, options) === buildSessionKey(other, options)).toBe(areSame);
      }),
      { numRuns: 5000 },
    );
  });

  test("have as many parts as their place, whatever the ids hold", () => {
    fc.assert(
      fc.property(id, id, id, (chatId, threadId, userId) => {
        const key = buildSessionKey(chat("group", chatId, { threadId, userId }), { splitThreads: true });
        const parts = key.split(":");
        expect(parts).toHaveLength(7);
        const unescape = (part: string | undefined): string | undefined => part?.replaceAll("%3A", ":").replaceAll("%25", "%");
        expect(parts.slice(4).map(unescape)).toEqual([chatId, threadId, userId]);
      }),
    );
  });

  test("keep the look of ordinary ids", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w.@!#$+=/~ -]{1,30}$/u), (chatId) => {
        expect(buildSessionKey(chat("dm", chatId))).toBe(`agent:main:telegram:dm:${chatId}`);
      }),
    );
  });

  test("are different for two agents", () => {
    fc.assert(
      fc.property(place, id, id, (place, one, other) => {
        expect(buildSessionKey(place, { agent: one }) === buildSessionKey(place, { agent: other })).toBe(one === other);
      }),
    );
  });

  test("tell the platform they belong to, and the gateway's own tell none", () => {
    fc.assert(
      fc.property(place, id, (place, agent) => {
        const platform = place.kind === "chat" ? place.chat.ref.platform : "platform" in place ? place.platform : undefined;
        expect(platformOfSession(buildSessionKey(place, { agent }))).toBe(platform);
      }),
    );
  });

  test.each(["background", "cron"])("are not made for a platform that is called %s", (platform) => {
    expect(() => buildSessionKey(chat("dm", "1", { platform }))).toThrow(TypeError);
    expect(() => buildSessionKey({ kind: "unknown", platform, chatType: "dm" })).toThrow(TypeError);
  });

  test("are not made of empty ids, which two conversations could share", () => {
    const empty: readonly (readonly [SessionPlace, SessionKeyOptions])[] = [
      [chat("dm", ""), {}],
      [chat("group", "1", { threadId: "" }), {}],
      [chat("dm", "1", { platform: "" }), {}],
      [chat("dm", "1"), { agent: "" }],
      [{ kind: "background", id: "" }, {}],
      [{ kind: "cron", job: "", run: "1" }, {}],
      [{ kind: "cron", job: "1", run: "" }, {}],
      [{ kind: "request", platform: "api", id: "" }, {}],
    ];
    for (const [place, options] of empty) expect(() => buildSessionKey(place, options)).toThrow(/non-empty/u);
  });
});
