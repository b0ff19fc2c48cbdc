import assert from "node:assert/strict";
import type { Capabilities, Operations, SendPace } from "@hermes/core";
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
    if (manifest !== undefined) {
      // What becomes of events while nobody listens may depend on how they come in, which is configured.
      const { inbound: _, ...stated } = manifest.capabilities;
      const { inbound: __, ...real } = capabilities;
      assert.deepEqual(stated, real, "the manifest says something else");
    }
  }),
  defineCase("the numbers of the table can be kept", async (stage) => {
    const { connection, platform } = await stage.connected();
    const places = Object.values(stage.bench.places).map(({ chat }) => connection.capabilitiesFor?.(chat) ?? []);
    for (const table of [platform.capabilities, ...places.flat()]) assert.deepEqual(unkept(table), []);
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
    if (key !== "pace" && all[key] === false && here[key] !== false) found.push(key);
  }
  for (const key of ["perChat", "overall"] as const) if (isFaster(all.pace, here.pace, key)) found.push(`pace.${key}`);
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

/** Whether more calls in the same time are promised `here`. */
function isFaster(all: Capabilities["pace"], here: Capabilities["pace"], key: keyof SendPace): boolean {
  const [limit, wanted] = [all === false ? undefined : all[key], here === false ? undefined : here[key]];
  if (limit === undefined) return false;
  return wanted === undefined || wanted.calls / wanted.perMs > limit.calls / limit.perMs;
}

/** The entries whose numbers mean nothing: no whole number above 0, or an album of kinds that are not sent. */
function unkept({ pace, edit, typing, actions, commands, media, inbound }: Capabilities): readonly string[] {
  const { perChat, overall } = pace === false ? {} : pace;
  const counts: Readonly<Record<string, number | undefined>> = {
    "pace.perChat.calls": perChat?.calls,
    "pace.perChat.perMs": perChat?.perMs,
    "pace.overall.calls": overall?.calls,
    "pace.overall.perMs": overall?.perMs,
    "typing.refreshMs": typing === false ? undefined : typing.refreshMs,
    "actions.max": actions === false ? undefined : actions.max,
    "actions.maxDataBytes": actions === false ? undefined : actions.maxDataBytes,
    "commands.max": commands === false ? undefined : commands.max,
    "media.captionMaxLength": media.captionMaxLength,
    "inbound.ackWithinMs": inbound.ackWithinMs,
    ...Object.fromEntries(Object.entries(media.send).map(([kind, sizeBytes]) => [`media.send.${kind}`, sizeBytes])),
  };
  const found = Object.entries(counts).filter(([, count]) => count !== undefined && !(Number.isInteger(count) && count > 0));
  const { album } = media;
  const isAlbum =
    album === undefined || (album.max >= 2 && album.together.flat().every((kind) => media.send[kind] !== undefined));
  const isEdit = edit === false || edit.minIntervalMs >= 0;
  return [...found.map(([name]) => name), ...(isAlbum ? [] : ["media.album"]), ...(isEdit ? [] : ["edit.minIntervalMs"])];
}
