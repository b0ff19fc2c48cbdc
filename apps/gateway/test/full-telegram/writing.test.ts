import { expect, it } from "vitest";
import type { BotApiServer } from "../../../../packages/platform-telegram/test/server.ts";
import { stop } from "../serve.ts";
import { ada, showingHouse } from "./house.ts";
import { longAnswer } from "./shown.ts";

/** The calls of a method that showed something to Ada. */
function shownBy(api: BotApiServer, method: string): number {
  return api.callsOf(method).filter(({ chat_id: chat }) => chat === ada.id).length;
}

/** Every word of a text, whatever stands between them. */
function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

it("A long answer with a table grows as a draft, and stands there as one rich message in the end", async () => {
  const { api, sent, serve } = await showingHouse();
  const hermes = await serve();
  api.say("write");
  await api.until(() => sent().length === 1);
  await stop(hermes);
  expect(shownBy(api, "sendRichMessageDraft") + shownBy(api, "sendMessageDraft")).toBeGreaterThan(1);
  expect([shownBy(api, "sendRichMessage"), shownBy(api, "sendMessage"), shownBy(api, "editMessageText")]).toEqual([1, 0, 0]);
  expect(api.world.ensure(ada.id).drafts.size).toBe(0);
  expect(wordsOf(api.texts(ada.id, "bot").join("\n"))).toEqual(wordsOf(longAnswer.replaceAll("|---|---|", "")));
  expect(api.violations).toEqual([]);
});

it("The button that stops a draft stops the turn, and what was written by then stands there", async () => {
  const { api, sent, serve } = await showingHouse();
  const hermes = await serve();
  api.say("write");
  await api.until(() => [...api.world.ensure(ada.id).drafts.values()].some(({ canStop }) => canStop));
  api.push({ stopped_message_generation: { chat: { id: ada.id, type: "private", first_name: "Ada" } } });
  await api.until(() => sent().length > 0);
  const said = wordsOf(api.texts(ada.id, "bot")[0] ?? "");
  expect(said.length).toBeGreaterThan(5);
  expect(said).not.toContain("all");
  expect(wordsOf(longAnswer).slice(0, 5)).toEqual(said.slice(0, 5));
  api.say("still there?");
  await api.until(() => api.texts(ada.id, "bot").includes("echo: still there?"));
  await stop(hermes);
  expect(api.texts(ada.id, "bot").join("\n")).not.toContain("That is all.");
});

it("On an older Bot API server the same answer comes as texts that grow by edits, whole and in order", async () => {
  const { api, sent, serve } = await showingHouse((server) => {
    for (const method of ["sendrichmessage", "sendrichmessagedraft", "sendmessagedraft"]) server.missing.add(method);
  });
  const hermes = await serve();
  api.say("write");
  await api.until(() => api.texts(ada.id, "bot").join("").includes("That is all."));
  await stop(hermes);
  expect(sent().length).toBeGreaterThan(1);
  expect(shownBy(api, "editMessageText")).toBeGreaterThan(0);
  expect([shownBy(api, "sendRichMessage"), shownBy(api, "sendMessageDraft")]).toEqual([0, 0]);
  expect(wordsOf(api.texts(ada.id, "bot").join("\n"))).toEqual(wordsOf(longAnswer.replaceAll("|---|---|", "")));
  expect(api.violations).toEqual([]);
});

it("After the start the menu has the commands, each with a sentence", async () => {
  const { api, serve } = await showingHouse();
  const hermes = await serve();
  await api.until(() => api.commandLists.size > 0);
  const commands = api.commandLists.get("default") as readonly { readonly command: string; readonly description: string }[];
  expect(commands.map(({ command }) => command)).toEqual(expect.arrayContaining(["help", "new", "stop", "status"]));
  for (const { description } of commands) expect(description).toMatch(/\w/u);
  await stop(hermes);
});
