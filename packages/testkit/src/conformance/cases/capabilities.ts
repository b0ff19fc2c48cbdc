import assert from "node:assert/strict";
import type { Capabilities, Operations } from "@hermes/core";
import { defineCase } from "../case.ts";

/** Which operation is there because of which entry of the table. */
const promised: Readonly<Record<keyof Operations, (capabilities: Capabilities) => boolean>> = {
  edit: ({ edit }) => edit !== false,
  remove: ({ remove }) => remove !== false,
  openLive: ({ live }) => live !== false,
  setTyping: ({ typing }) => typing !== false,
  react: ({ reactions }) => reactions !== false,
  settleAction: ({ actions }) => actions !== false,
  publishCommands: ({ commands }) => commands !== false,
  openThread: ({ threads }) => threads !== false && threads.create,
  openDirectMessage: ({ directMessages }) => directMessages,
  findSent: ({ lookup }) => lookup,
  catchUp: ({ catchUp }) => catchUp,
  listChats: ({ listChats }) => listChats,
  endAnswer: ({ answerEnds }) => answerEnds,
  noteProgress: ({ progress }) => progress,
  download: ({ media }) => media.receive.length > 0,
};

/** What the platform says it can do is what it can do. */
export const capabilityCases = [
  defineCase("each operation is there exactly when it is declared", async (stage) => {
    const { connection, platform } = await stage.connected();
    for (const [name, isPromised] of Object.entries(promised) as [keyof Operations, (typeof promised)["edit"]][]) {
      const isThere = connection[name] !== undefined;
      const isDeclared = isPromised(platform.capabilities);
      assert.equal(isThere, isDeclared, `${name} is ${isThere ? "there" : "not there"}, and ${isDeclared ? "" : "not "}declared`);
    }
  }),
  defineCase("the capability table is JSON, and the same each time", async (stage) => {
    const { capabilities } = stage;
    assert.deepEqual(JSON.parse(JSON.stringify(capabilities)), capabilities);
    assert.deepEqual(stage.capabilities, capabilities);
    const { manifest } = stage.bench;
    if (manifest !== undefined) assert.deepEqual(manifest.capabilities, capabilities, "the manifest says something else");
  }),
  defineCase("capabilitiesFor only narrows", async (stage) => {
    const { connection, platform } = await stage.connected();
    if (connection.capabilitiesFor === undefined) return stage.declines("has the same capabilities everywhere");
    for (const place of Object.values(stage.bench.places)) {
      const here = connection.capabilitiesFor(place.chat);
      assert.deepEqual(wider(platform.capabilities, here), [], "something is declared for one chat only");
    }
  }),
] as const;

/** The entries that are wider in `here` than the table of the whole platform allows. */
function wider(all: Capabilities, here: Capabilities): readonly string[] {
  const found: string[] = [];
  for (const key of Object.keys(all) as (keyof Capabilities)[]) {
    // `pace` is a limit: absent is the widest. The rest: false is the narrowest.
    if (key === "pace") {
      if (all.pace !== false && here.pace === false) found.push(key);
    } else if (all[key] === false && here[key] !== false) found.push(key);
  }
  const [most, wanted] = [all.text.maxLength ?? Infinity, here.text.maxLength ?? Infinity];
  if (wanted > most) found.push("text.maxLength");
  if (here.text.partsPerSend > all.text.partsPerSend) found.push("text.partsPerSend");
  if (all.edit !== false && here.edit !== false && here.edit.minIntervalMs < all.edit.minIntervalMs)
    found.push("edit.minIntervalMs");
  for (const [kind, sizeBytes] of Object.entries(here.media.send)) {
    if (sizeBytes > (all.media.send[kind as keyof typeof all.media.send] ?? 0)) found.push(`media.send.${kind}`);
  }
  for (const kind of here.media.receive) if (!all.media.receive.includes(kind)) found.push(`media.receive.${kind}`);
  return found;
}
