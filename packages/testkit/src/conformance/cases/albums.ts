import assert from "node:assert/strict";
import type { Attachment, OutboundFile } from "@hermes/core";
import { defineCase } from "../case.ts";
import { outboundFile, sampleFile } from "../sample-file.ts";
import type { Stage } from "../stage.ts";

type Kind = Attachment["kind"];

/** Files with words, and several of them in one message. */
export const albumCases = [
  defineCase("a caption of exactly the longest length stands whole with its file", async (stage) => {
    const { file, maxLength } = captioned(stage);
    const life = await stage.connected();
    const caption = "x".repeat(maxLength);
    assert.equal(life.platform.measure(caption), maxLength);
    const sent = await life.say(caption, { message: { files: [file] } });
    const found = await Promise.all(sent.map((ref) => stage.found(ref)));
    assert.equal(found.map(({ text }) => text).join(""), caption);
    assert.equal(found.flatMap(({ files = [] }) => files).length, 1, "the file is missing");
  }),
  defineCase("a caption above the limit is refused as too-long, and nothing is shown", async (stage) => {
    const { file, maxLength } = captioned(stage);
    const life = await stage.connected();
    const caption = "x".repeat(maxLength + 1);
    const error = await stage.failed(life.say(caption, { message: { files: [file] } }), "A caption that is too long");
    assert.equal(error.failure.kind, "too-long");
    assert.equal(error.maybeDone, false, "what was refused whole cannot have happened");
    assert.deepEqual(await stage.standing(), []);
  }),
  defineCase("files that stand together keep their order, and send returns every message of theirs", async (stage) => {
    const { max, together } = albumOf(stage);
    for (const kinds of together) {
      const files = series(kinds, Math.min(max, 4));
      await stage.elsewhere(async (there) => {
        const life = await there.connected();
        const sent = await life.say([], { message: { files: files.map(outboundFile) } });
        const standing = await there.standing();
        assert.deepEqual(
          sent.map(({ messageId }) => messageId),
          standing.map(({ messageId }) => messageId),
          "the messages that are returned are not those that stand there",
        );
        const found = standing.flatMap(({ files }) => there.need(files, "the files of what stands there (`files`)"));
        assert.deepEqual(
          found.map(({ bytes }) => new Uint8Array(bytes)),
          files.map(({ bytes }) => bytes),
          `an album of ${kinds.join(" and ")} is not what was sent`,
        );
      });
    }
  }),
  defineCase("files that may not stand together are refused as invalid, and none of them is shown", async (stage) => {
    const { max, together } = albumOf(stage);
    const life = await stage.connected();
    const refused = async (what: string, files: readonly OutboundFile[]): Promise<void> => {
      const error = await stage.failed(life.say([], { message: { files } }), what);
      assert.equal(error.failure.kind, "invalid", what);
      assert.deepEqual(await stage.standing(), [], `${what}: a part of it is shown`);
    };
    for (const kinds of together) await refused(`An album of ${max + 1}`, series(kinds, max + 1).map(outboundFile));
    for (const kinds of apart(Object.keys(stage.capabilities.media.send) as Kind[], together)) {
      await refused(`An album of ${kinds.join(" and ")}`, series(kinds, 2).map(outboundFile));
    }
  }),
] as const;

function captioned(stage: Stage): { readonly file: OutboundFile; readonly maxLength: number } {
  const { captionMaxLength: maxLength, send } = stage.capabilities.media;
  // A sticker may have none although the others do.
  const kind = (["file", "image", "video", "audio", "voice"] as const).find((kind) => send[kind] !== undefined);
  if (maxLength === undefined || kind === undefined) return stage.declines("puts no words with a file");
  return { file: outboundFile(sampleFile(kind)), maxLength };
}

function albumOf(stage: Stage) {
  return stage.capabilities.media.album ?? stage.declines("sends each file as a message of its own");
}

/** As many files of these kinds in turn; no two are the same. */
function series(kinds: readonly Kind[], count: number) {
  return Array.from({ length: count }, (_, index) => {
    const file = sampleFile(kinds[index % kinds.length] ?? "file");
    return { ...file, name: `${index} ${file.name}`, bytes: Uint8Array.of(...file.bytes, index) };
  });
}

/** Pairs of kinds that are in no set together; a kind that is in none stands alone, also beside its like. */
function apart(kinds: readonly Kind[], together: readonly (readonly Kind[])[]): readonly (readonly Kind[])[] {
  const pairs = kinds.flatMap((one, index) => kinds.slice(index).map((other) => [one, other]));
  return pairs.filter((pair) => !together.some((set) => pair.every((kind) => set.includes(kind))));
}
