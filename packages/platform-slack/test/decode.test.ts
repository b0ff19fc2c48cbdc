import fc from "fast-check";
import type { MessageEvent } from "@hermes/core";
import { describe, expect, test } from "vitest";
import { decodeUpdate } from "../src/decode.ts";
import { readText } from "../src/decode/text.ts";
import { context, decode, event, fixture, fixtureNames } from "./fixtures.ts";

describe("A mention in a channel", () => {
  test("means the bot, begins a thread, and reads as people would write it", () => {
    expect(event("channel-mention")).toMatchObject({
      type: "message",
      eventId: "message:T0ONE/C0CLUB/1767225600.000200",
      messageId: "1767225600.000200",
      addressed: true,
      chat: { ref: { platform: "slack", chatId: "T0ONE/C0CLUB", threadId: "1767225600.000200" }, type: "channel" },
      text: "what is in #club & [this page](https://example.com/a?b=1&c=2)?",
      origin: { author: { id: "U0ADA", isBot: false, assurance: "platform" } },
    });
  });

  test("is told twice and is one event, whichever comes first", () => {
    expect(event("channel-mention-as-app-mention")).toEqual(event("channel-mention"));
  });

  test("with files that it only names waits for its twin, which has them", () => {
    const { event: said, ...around } = fixture("channel-mention-as-app-mention") as { readonly event: object };
    const blocks = [
      { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "file", file_id: "F0REPORT" }] }] },
    ];
    const files = [{ id: "F0REPORT", name: "report.csv", mimetype: "text/csv", size: 3, mode: "hosted" }];
    const heard = (more: object): readonly unknown[] =>
      decodeUpdate({ kind: "event", payload: { ...around, event: { ...said, blocks, ...more } } }, context);
    expect(heard({})).toMatchObject([{ type: "other", name: "app_mention" }]);
    expect(heard({ files })).toMatchObject([{ type: "message", attachments: [{ name: "report.csv" }] }]);
    expect(heard({ type: "message", subtype: "file_share", files })).toEqual(heard({ files }));
  });

  test("begins no thread where answers stand in the channel", () => {
    expect(event("channel-mention", { replyInThread: false }).chat.ref).toEqual({ platform: "slack", chatId: "T0ONE/C0CLUB" });
  });

  test("is understood before anybody signed in: the event says who the bot is", () => {
    expect(event("channel-mention", { bots: new Map() })).toEqual(event("channel-mention"));
  });
});

describe("A message", () => {
  test("to the bot alone means the bot, in no thread", () => {
    expect(event("direct-message")).toMatchObject({
      addressed: true,
      chat: { ref: { chatId: "T0ONE/D0ADA" }, type: "dm" },
      text: "hello <b> <@U0GRACE> 1 January ada@example.com",
    });
    expect(event("direct-message").chat.ref).not.toHaveProperty("threadId");
  });

  test("below the bot's own message means the bot", () => {
    expect(event("thread-reply-to-the-bot")).toMatchObject({
      addressed: true,
      chat: { ref: { threadId: "1767225600.000300" } },
      replyTo: { message: { messageId: "1767225600.000300" }, ofBot: true },
    });
  });

  test("below somebody's message is the gateway's to judge, unless somebody else is named", () => {
    expect(event("thread-reply-to-somebody")).toMatchObject({ addressed: false, replyTo: { ofBot: false } });
    expect(event("thread-reply-to-somebody")).not.toHaveProperty("forOthers");
  });

  test.each([
    ["thread-reply-to-somebody", "<@U0GRACE> what do you think?", { addressed: false, forOthers: true }],
    ["thread-reply-to-the-bot", "<@U0GRACE|grace> and you?", { addressed: false, forOthers: true }],
    ["thread-reply-to-the-bot", "<!here> look", { addressed: false, forOthers: true }],
    ["thread-reply-to-the-bot", "<!subteam^S0TEAM|@team> look", { addressed: false, forOthers: true }],
    ["thread-reply-to-the-bot", "&lt;!here&gt; is a mark", { addressed: true }],
    ["channel-mention", "<@U0GRACE> and <@U0BOT0>, look", { addressed: true }],
    ["direct-message", "<@U0GRACE> is who?", { addressed: true }],
  ])("%s that says %j is for whom it names", (name, text, expected) => {
    const { event: said, ...around } = fixture(name) as { readonly event: object };
    const [heard] = decodeUpdate({ kind: "event", payload: { ...around, event: { ...said, text } } }, context);
    expect(heard).toMatchObject(expected);
    if (!("forOthers" in expected)) expect(heard).not.toHaveProperty("forOthers");
  });

  test("with files has those that lie at Slack; what was recorded there is a voice message", () => {
    expect(event("voice-clip")).toMatchObject({
      text: "",
      attachments: [{ kind: "voice", ticket: { team: "T0ONE", fileId: "F0VOICE" }, mimeType: "audio/mp4", sizeBytes: 52431 }],
    });
    expect(JSON.stringify(event("voice-clip"))).not.toContain("url_private");
  });

  test("that was passed on says whose words it holds, so that no command in it is run", () => {
    expect(event("forwarded-message")).toMatchObject({ text: "[Forwarded from Grace]\n/stop everything" });
  });

  test("of a bot is flagged, and read from its blocks where it has no text", () => {
    expect(event("bot-with-blocks-only")).toMatchObject({
      text: "*Disk* is full on [host](https://example.com)",
      addressed: false,
      origin: { author: { id: "B0ALERT", name: "Alerts", isBot: true } },
    });
  });

  test("of the bot itself is none, also before anybody signed in", () => {
    expect(decode("own-message")).toEqual([]);
    expect(decode("own-message", { bots: new Map() })).toEqual([]);
  });

  test("that Slack wrote about somebody is no message", () => {
    expect(event("channel-join-note")).toMatchObject({ type: "other", name: "channel_join" });
  });

  test("in a channel that workspaces share is for the workspace that is authorized", () => {
    expect(event("shared-channel-of-another-workspace").chat.ref.chatId).toBe("T0ONE/C0SHARED");
  });

  test("of a workspace without a token is kept, and not answered", () => {
    const bots = new Map([["T0OTHER", { userId: "U9", botId: undefined }]]);
    expect(event("channel-mention", { bots })).toMatchObject({ type: "other", name: "message_of_another_workspace" });
  });

  test("of a workspace that could not be signed in to yet is heard all the same", () => {
    const bots = new Map([["T0OTHER", { userId: "U9", botId: undefined }]]);
    expect(event("channel-mention", { bots, isIncomplete: true })).toEqual(event("channel-mention"));
    expect(decode("own-message", { bots, isIncomplete: true })).toEqual([]);
  });
});

describe("What changes about a message", () => {
  test("is an edit where somebody edited its text", () => {
    expect(event("edited-message")).toMatchObject({ type: "edit", messageId: "1767225600.000600", text: "after" });
    expect(event("edited-message").eventId).toBe("edit:T0ONE/D0ADA/1767225600.000600:1767225660.000000");
  });

  test("is said to the bot where it names it for the first time, and no more than once", () => {
    const { event: mention, ...around } = fixture("channel-mention") as { readonly event: Readonly<Record<string, unknown>> };
    const edited = { user: "U0ADA", ts: "1767225660.000000" };
    const heard = (said: object): readonly unknown[] =>
      decodeUpdate({ kind: "event", payload: { ...around, event: said } }, context);
    const change = { type: "message", subtype: "message_changed", channel: "C0CLUB", message: { ...mention, edited } };
    const before = { ...mention, text: "what is it?" };
    const { type, text, addressed, chat } = event("channel-mention") as MessageEvent;
    const [named] = heard({ ...change, previous_message: before });
    expect(named).toMatchObject({ type, text, addressed, chat, eventId: `${event("channel-mention").eventId}:named` });
    expect(heard({ ...mention, type: "app_mention", edited })).toMatchObject([{ type: "other" }]);
    const again = { ...mention, text: `${String(mention["text"])} please`, edited: { ...edited, ts: "1767225670.000000" } };
    expect(heard({ ...change, message: again, previous_message: { ...mention, edited } })).toMatchObject([{ type: "edit" }]);
  });

  test("stays in the thread that a mention began, also when the mention is taken out of it", () => {
    const { event: mention } = fixture("channel-mention") as { readonly event: Readonly<Record<string, unknown>> };
    const { event: _, ...around } = fixture("edited-message") as { readonly event: object };
    const message = { ...mention, text: "never mind", edited: { user: "U0ADA", ts: "1767225660.000000" } };
    const change = { type: "message", subtype: "message_changed", channel: "C0CLUB", message, previous_message: mention };
    const [edit] = decodeUpdate({ kind: "event", payload: { ...around, event: change } }, context);
    expect(edit).toMatchObject({ type: "edit", text: "never mind", chat: event("channel-mention").chat });
  });

  test("is no edit where a preview appeared", () => {
    expect(event("link-unfurled")).toMatchObject({ type: "other", name: "message_changed" });
  });

  test("is a deletion, also where answers below it keep its place", () => {
    for (const name of ["deleted-message", "deleted-with-answers"]) {
      expect(event(name)).toMatchObject({
        type: "delete",
        messageIds: ["1767225600.000600"],
        origin: { author: { id: "U0ADA" } },
      });
    }
  });
});

describe("What happens besides", () => {
  test("a reaction has its emoji, with the skin that was chosen", () => {
    expect(event("reaction-with-skin-tone")).toMatchObject({
      type: "reaction",
      emoji: "👍🏼",
      added: true,
      messageId: "1767225600.000900",
    });
  });

  test("the bot is invited", () => {
    expect(event("bot-invited")).toMatchObject({ type: "membership", change: "bot-added" });
  });

  test("a right is taken away", () => {
    expect(event("tokens-revoked")).toMatchObject({ type: "other", name: "tokens_revoked", chat: { ref: { chatId: "T0ONE" } } });
  });
});

describe("A command", () => {
  const slash = {
    command: "/hermes",
    text: "Status now please",
    team_id: "T0ONE",
    channel_id: "C0CLUB",
    user_id: "U0ADA",
    user_name: "ada",
    response_url: "https://hooks.slack.com/commands/T0ONE/1/FAKE",
    trigger_id: "1.2.fake",
    token: "FAKE-VERIFICATION-TOKEN",
  };

  test.each([
    [slash, "status", "now please"],
    [{ ...slash, text: "" }, "help", ""],
    [{ ...slash, text: "/new" }, "new", ""],
    [{ ...slash, command: "/status" }, "status", "Status now please"],
    [{ ...slash, text: "title a &lt; b &amp; <#C0CLUB|club>" }, "title", "a < b & #club"],
    [{ ...slash, text: "what's up?" }, "help", ""],
    [{ ...slash, text: "x".repeat(5000) }, "help", ""],
  ])("%# is read from what Slack sends", (payload, name, words) => {
    const [command] = decodeUpdate({ kind: "command", payload }, context);
    expect(command).toMatchObject({ type: "command", name, arguments: words, interaction: { responseUrl: slash.response_url } });
    expect(JSON.stringify(command)).not.toContain("FAKE-VERIFICATION-TOKEN");
  });

  test.each([
    ["direct-message", "!status now", { type: "command", name: "status", arguments: "now" }],
    ["direct-message", "!STATUS", { type: "command", name: "status", arguments: "" }],
    ["direct-message", "!wow nice", { type: "message", text: "!wow nice" }],
    ["channel-mention", "<@U0BOT0> !new", { type: "command", name: "new" }],
    ["thread-reply-to-the-bot", "!status", { type: "command", name: "status" }],
    ["thread-reply-to-somebody", "!status now", { type: "message", addressed: false, text: "/status now" }],
    ["thread-reply-to-somebody", "!wow", { type: "message", addressed: false, text: "!wow" }],
    ["thread-reply-to-somebody", "!status <@U0GRACE>", { type: "message", forOthers: true, text: "!status <@U0GRACE>" }],
  ])("in %s is also %j, where the bot is meant and there is such a command", (name, text, expected) => {
    const { event: said, ...around } = fixture(name) as { readonly event: object };
    expect(decodeUpdate({ kind: "event", payload: { ...around, event: { ...said, text } } }, context)).toMatchObject([expected]);
  });
});

test("Every fixture is decoded, the same each time, into what JSON keeps", () => {
  for (const name of fixtureNames) {
    const events = decode(name);
    expect(JSON.parse(JSON.stringify(events))).toEqual(events);
    expect(decode(name)).toEqual(events);
    expect(events.some((one) => one.type === "other" && one.undecodable === true)).toBe(false);
  }
});

test("Nothing that comes makes it throw, and everything that cannot be read is kept under a cap", () => {
  const kind = fc.constantFrom("event" as const, "interaction" as const, "command" as const);
  fc.assert(
    fc.property(kind, fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(...fixtureNames), (how, value, name) => {
      const { event: said, ...around } = fixture(name) as { readonly event: Readonly<Record<string, unknown>> };
      const keys = Object.keys(said);
      const broken = { ...around, event: { ...said, [keys[JSON.stringify(value).length % keys.length] ?? "ts"]: value } };
      for (const payload of [value, broken]) {
        const events = decodeUpdate({ kind: how, payload }, context);
        expect(JSON.stringify(events).length).toBeLessThan(60_000);
        for (const one of events) expect(one.eventId).not.toBe("");
      }
    }),
  );
});

test("A text keeps every character that is none of Slack's marks", () => {
  const plain = fc.string({ unit: "grapheme" }).filter((text) => !/[<>&]/u.test(text));
  fc.assert(
    fc.property(plain, (text) => {
      expect(readText(text)).toBe(text);
    }),
  );
  const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(readText(escape(text))).toBe(text);
    }),
  );
});
