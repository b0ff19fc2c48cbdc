import { expect, it } from "vitest";
import { longAnswer } from "../full-telegram/shown.ts";
import { stop } from "../serve.ts";
import { openHouse, soon } from "./house.ts";

/** Every word of a text, whatever stands between them. */
function wordsOf(text: string): readonly string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? [];
}

it("A long answer grows by edits within five calls in five seconds, whole and in order, and Discord refuses none", async () => {
  const house = await openHouse({ statusMarks: true });
  const { server, ada, direct, texts, said } = house;
  server.rates.isOn = true;
  const hermes = await house.serve();
  const question = server.say(direct, ada, "write");
  await soon(() => texts(direct).join("").includes("That is all."));
  await soon(() => question.reactions.has("✅"));
  await stop(hermes);
  expect(wordsOf(texts(direct).join("\n"))).toEqual(wordsOf(longAnswer.replaceAll("|---|---|", "")));
  expect(said(direct).some(({ edits }) => edits > 0)).toBe(true);
  // That taking a reaction away counts with putting one there is learnt by being told so, once.
  expect(server.rates.refused.filter((kind) => kind === "messages")).toEqual([]);
  expect(server.rates.refused.length).toBeLessThanOrEqual(1);
});
