import type { PlatformEvent } from "@hermes/core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeUpdate } from "../src/decode.ts";
import { richText } from "../src/decode/rich-text.ts";
import { context, event, fixture } from "./fixtures.ts";

function ticket(name: string): { readonly fileId: string; readonly uniqueId: string } {
  return { fileId: `FAKE-${name}`, uniqueId: `FAKE${name}` };
}

describe("a file", () => {
  test.each([
    ["document", { kind: "file", ticket: ticket("DOC"), name: "report.pdf", mimeType: "application/pdf", sizeBytes: 12345 }],
    ["voice", { kind: "voice", ticket: ticket("VOICE"), mimeType: "audio/ogg", sizeBytes: 4567 }],
    ["audio", { kind: "audio", ticket: ticket("AUDIO"), name: "song.mp3", mimeType: "audio/mpeg", sizeBytes: 3_000_000 }],
    ["video", { kind: "video", ticket: ticket("VIDEO"), name: "clip.mp4", mimeType: "video/mp4", sizeBytes: 900_000 }],
    ["video-note", { kind: "video", ticket: ticket("NOTE"), mimeType: "video/mp4", sizeBytes: 50_000 }],
    ["animation", { kind: "video", ticket: ticket("ANIMATION"), name: "fun.mp4", mimeType: "video/mp4", sizeBytes: 20_000 }],
    ["album-first", { kind: "image", ticket: ticket("LARGE"), mimeType: "image/jpeg", sizeBytes: 150_000 }],
    [
      "sticker-animated",
      { kind: "sticker", ticket: ticket("TGS"), name: "sticker.tgs", mimeType: "application/x-tgsticker", sizeBytes: 8000 },
    ],
    ["sticker-video", { kind: "sticker", ticket: ticket("WEBM"), name: "sticker.webm", mimeType: "video/webm", sizeBytes: 9000 }],
  ])("(%s) arrives as a ticket with what is known of it, a picture in its largest size", (name, attachment) => {
    expect(event(name)).toMatchObject({ type: "message", attachments: [attachment], addressed: true });
  });

  test("comes with its caption, and without one with no text", () => {
    expect(event("document")).toMatchObject({ text: "Read this" });
    expect(event("photo-with-caption")).toMatchObject({ text: "@hermes_test_bot what is this?" });
    expect(event("voice")).toMatchObject({ text: "" });
    expect(event("photo")).toMatchObject({ type: "message", text: "" });
  });

  test("that is a sticker says what its emoji says", () => {
    expect(event("sticker-animated")).toMatchObject({ text: "👋" });
  });

  test("of an album names it, and the caption stands with one of them alone", () => {
    expect(event("album-first")).toMatchObject({ albumId: "13579", text: "Our holidays" });
    expect(event("album-second")).toMatchObject({ albumId: "13579", text: "" });
    expect(event("photo")).not.toHaveProperty("albumId");
  });

  test("is edited by its caption, also when that is taken away", () => {
    expect(event("edited-caption")).toMatchObject({ type: "edit", text: "Better caption" });
    expect(event("caption-removed")).toMatchObject({ type: "edit", text: "" });
  });

  test("in a form that is not known yet is passed over, and the words beside it are not", () => {
    const update = fixture("document") as { message: Record<string, unknown> };
    update.message["document"] = { file: "of another kind" };
    expect(decodeUpdate(update, context)).toMatchObject([{ type: "message", text: "Read this", attachments: [] }]);
  });
});

describe("whoever sends", () => {
  test.each([
    ["location", "[Location 52.5, 13.4]"],
    ["venue", "[Venue Café, Main Street 1 (52.5, 13.4)]"],
    ["contact", "[Contact Grace H., +15550100]"],
    ["poll", "[Poll Lunch?: 1. Soup, 2. Salad]"],
    ["dice", "[🎲 4]"],
    ["checklist", "[Checklist Trip: ☑ Tickets, ☐ Hotel]"],
    ["rich-message", "Plan\nDo this first\n1. one\n2. two\na | b\n1 | 2"],
  ])("a %s is heard in words", (name, text) => {
    expect(event(name)).toMatchObject({ type: "message", text, attachments: [] });
  });
});

describe("what is forwarded", () => {
  test("says whose words it is", () => {
    expect(event("forwarded-from-person")).toMatchObject({ text: "[Forwarded from Grace H.]\nShip it" });
    expect(event("forwarded-photo-from-channel")).toMatchObject({
      text: "[Forwarded from News]",
      attachments: [{ kind: "image" }],
    });
  });

  test("is no command of the sender's, and no name breaks out of its line", () => {
    expect(event("forwarded-command")).toMatchObject({ type: "message", text: "[Forwarded from Somebody hidden]\n/stop" });
  });

  test("by Telegram itself from a linked channel is the channel's own", () => {
    expect(event("post-forwarded-from-linked-channel")).not.toMatchObject({
      text: expect.stringContaining("Forwarded") as unknown,
    });
  });
});

describe("a reply", () => {
  test("to a rich message of the bot knows what it said", () => {
    expect(event("reply-to-rich-message")).toMatchObject({
      text: "Why?",
      replyTo: { ofBot: true, text: expect.stringMatching(/^Plan\nDo this first\n1\. one/u) as unknown },
    });
  });
});

describe("stopping an answer", () => {
  test("is a control of the person the private chat is with, in the topic where the answer was", () => {
    const stop = event("generation-stopped");
    expect(stop).toMatchObject({
      type: "control",
      control: "stop",
      chat: { ref: { chatId: "42" }, type: "dm" },
      origin: { author: { id: "42", isBot: false, assurance: "platform" } },
    });
    expect(stop.chat.ref).not.toHaveProperty("threadId");
    expect(event("generation-stopped-in-topic").chat.ref.threadId).toBe("12");
  });

  test("in a chat that is not private is none that can be read", () => {
    const update = fixture("generation-stopped") as { stopped_message_generation: { chat: { type: string } } };
    update.stopped_message_generation.chat.type = "group";
    expect(decodeUpdate(update, context)).toMatchObject([{ type: "other", undecodable: true }]);
  });
});

describe("whatever arrives,", () => {
  const names = ["photo", "document", "voice", "audio", "video", "video-note", "animation", "sticker", "location", "poll"];

  test("an album is as many messages as pictures, each with its own ticket, and the caption once", () => {
    const photo = fc.record({ caption: fc.option(fc.string({ minLength: 1 }), { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(photo, { minLength: 2, maxLength: 10 }), (pictures) => {
        const events = pictures.flatMap(({ caption }, index): readonly PlatformEvent[] => {
          const update = fixture("album-second") as { update_id: number; message: Record<string, unknown> };
          update.update_id += index;
          update.message["message_id"] = 10 + index;
          if (caption !== undefined) update.message["caption"] = caption;
          return decodeUpdate(update, context);
        });
        const messages = events.filter((event) => event.type === "message");
        expect(messages).toHaveLength(pictures.length);
        expect(new Set(messages.map(({ eventId }) => eventId)).size).toBe(pictures.length);
        expect(new Set(messages.map(({ albumId }) => albumId))).toEqual(new Set(["13579"]));
        expect(messages.map(({ text }) => text)).toEqual(pictures.map(({ caption }) => caption ?? ""));
      }),
    );
  });

  test.each(names)("%s survives JSON", (name) => {
    expect(JSON.parse(JSON.stringify(event(name)))).toEqual(event(name));
  });

  test("the words of a rich message are found without end or fault", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (blocks) => {
        expect(typeof richText(blocks)).toBe("string");
      }),
    );
    let deep: unknown = "x";
    for (let depth = 0; depth < 10_000; depth++) deep = [{ type: "bold", text: deep }];
    expect(richText([deep])).toBe("");
  });
});
