import type { PlatformEvent } from "@hermes/core";
import { expect, test } from "vitest";
import { decodeUpdate } from "../src/decode.ts";
import { LatestTexts } from "../src/decode/latest-texts.ts";
import { context } from "./fixtures.ts";

let updates = 0;

function told(kind: "message" | "edited_message", text: string, messageId = 1, chatId = 42): readonly PlatformEvent[] {
  updates += 1;
  const from = { id: 42, is_bot: false, first_name: "Ada" };
  const message = { message_id: messageId, date: 1, chat: { id: chatId, type: "private" }, from, text };
  return decodeUpdate({ update_id: updates, [kind]: message }, context);
}

test("an edit is one where the text is another than the one told last", () => {
  const texts = new LatestTexts();
  const pass = (events: readonly PlatformEvent[]): number => texts.changed(events).length;
  expect(pass(told("message", "tea"))).toBe(1);
  expect(pass(told("edited_message", "tea"))).toBe(0);
  expect(pass(told("edited_message", "coffee"))).toBe(1);
  expect(pass(told("edited_message", "coffee"))).toBe(0);
  expect(pass(told("edited_message", "tea"))).toBe(1);
});

test("an edit that could not be stored is one when it is told again", () => {
  const texts = new LatestTexts();
  texts.changed(told("message", "tea"));
  const edit = told("edited_message", "coffee");
  expect([texts.changed(edit), texts.changed(edit)]).toEqual([edit, edit]);
  const touch = told("edited_message", "coffee");
  expect([texts.changed(touch), texts.changed(touch)]).toEqual([[], []]);
});

test("messages of other chats and other numbers are others", () => {
  const texts = new LatestTexts();
  texts.changed(told("message", "tea"));
  expect(texts.changed(told("edited_message", "tea", 2))).toHaveLength(1);
  expect(texts.changed(told("edited_message", "tea", 1, 43))).toHaveLength(1);
});

test("an edit of a message that is not remembered is told, for nobody knows what it said", () => {
  const texts = new LatestTexts();
  texts.changed(told("message", "tea"));
  for (let number = 2; number <= 1001; number += 1) texts.changed(told("message", "more", number));
  expect(texts.changed(told("edited_message", "tea"))).toHaveLength(1);
  expect(texts.changed(told("edited_message", "more", 1001))).toHaveLength(0);
});
