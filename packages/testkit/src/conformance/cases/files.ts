import assert from "node:assert/strict";
import { inspect } from "node:util";
import { isPlatformError, type Attachment } from "@hermes/core";
import { defineCase } from "../case.ts";
import { outboundFile, readAll, sampleFile } from "../sample-file.ts";
import type { Stage } from "../stage.ts";

/** Files, both ways. */
export const fileCases = [
  defineCase("files that are sent stand there byte for byte", async (stage) => {
    const kinds = Object.keys(stage.capabilities.media.send) as Attachment["kind"][];
    if (kinds.length === 0) return stage.declines("sends no files");
    const life = await stage.connected();
    for (const kind of kinds) {
      const file = sampleFile(kind);
      const sent = await life.say([], { message: { files: [outboundFile(file)] } });
      const found = await Promise.all(sent.map((ref) => stage.found(ref)));
      const files = found.flatMap(({ files }) => stage.need(files, "the files of what stands there (`files`)"));
      assert.deepEqual(
        files.map(({ bytes }) => new Uint8Array(bytes)),
        [file.bytes],
        `the ${kind} is not what was sent`,
      );
    }
  }),
  defineCase("a file above the limit is refused, and nothing is shown", async (stage) => {
    const [[kind, maxBytes] = []] = Object.entries(stage.capabilities.media.send) as [Attachment["kind"], number][];
    if (kind === undefined || maxBytes === undefined) return stage.declines("sends no files");
    if (maxBytes > 64_000_000) return stage.declines("takes files that are too large to try");
    const life = await stage.connected();
    const file = outboundFile({ ...sampleFile(kind), bytes: new Uint8Array(maxBytes + 1) });
    const error = await stage.failed(life.say([], { message: { files: [file] } }), "A file that is too large");
    assert.ok(["too-long", "invalid"].includes(error.failure.kind), `it is refused as ${error.failure.kind}`);
    assert.deepEqual(await stage.standing(), []);
  }),
  defineCase("what the table does not have is refused as invalid instead of left out", async (stage) => {
    const life = await stage.connected();
    const { media, actions } = stage.capabilities;
    const lacking = (["image", "audio", "voice", "video", "sticker", "file"] as const).find(
      (kind) => media.send[kind] === undefined,
    );
    const refused = async (what: string, message: NonNullable<Parameters<typeof life.say>[1]>["message"]): Promise<void> => {
      const error = await stage.failed(life.say("with more", { message: message ?? {} }), what);
      assert.equal(error.failure.kind, "invalid");
    };
    if (lacking === undefined && actions !== false) return stage.declines("takes everything");
    if (lacking !== undefined) await refused(`A file of kind ${lacking}`, { files: [outboundFile(sampleFile(lacking))] });
    if (actions === false) await refused("A button", { actions: [[{ label: "Yes", token: "yes" }]] });
    assert.deepEqual(await stage.standing(), []);
  }),
  defineCase("a ticket is good after a restart", async (stage) => {
    for (const kind of receivable(stage)) {
      const { attachment, file } = await receive(stage, kind);
      const after = await stage.connected();
      const stream = await after.connection.download?.(attachment, { maxBytes: 1_000_000, signal: new AbortController().signal });
      assert.deepEqual(await readAll(stream ?? assert.fail("there is no download")), file.bytes);
    }
  }),
  defineCase("an attachment says what it is", async (stage) => {
    for (const kind of receivable(stage)) {
      const { attachment, file } = await receive(stage, kind);
      assert.equal(attachment.kind, kind);
      if (attachment.sizeBytes !== undefined) assert.equal(attachment.sizeBytes, file.bytes.byteLength);
      if (attachment.expiresAt !== undefined) assert.equal(new Date(attachment.expiresAt).toISOString(), attachment.expiresAt);
    }
  }),
  defineCase("no more than maxBytes is downloaded", async (stage) => {
    const [kind = "file"] = receivable(stage);
    const { attachment, file, life } = await receive(stage, kind);
    const options = { maxBytes: file.bytes.byteLength - 1, signal: new AbortController().signal };
    let count = 0;
    try {
      const stream = await life.connection.download?.(attachment, options);
      for await (const piece of stream ?? []) count += piece.byteLength;
    } catch (error) {
      stage.errors.push(inspect(error));
      assert.ok(isPlatformError(error), "the download failed with something that is no PlatformError");
      assert.equal(error.failure.kind, "too-long");
      assert.ok(count <= options.maxBytes, `${count} bytes came through`);
      return;
    }
    assert.fail(`${count} bytes came, and at most ${options.maxBytes} were asked for`);
  }),
] as const;

function receivable(stage: Stage): readonly Attachment["kind"][] {
  const { receive } = stage.capabilities.media;
  return receive.length === 0 ? stage.declines("receives no files") : receive;
}

async function receive(stage: Stage, kind: Attachment["kind"]) {
  const file = sampleFile(kind);
  const life = await stage.listening();
  await stage.bench.people.says({ in: stage.place.chat, text: `a ${kind}`, file });
  const event = await life.noticed("message", ({ attachments }) => attachments.some((attachment) => attachment.kind === kind));
  const [attachment = assert.fail("there is no attachment")] = event.attachments;
  // The ticket as the store gives it back.
  return { file, life, attachment: JSON.parse(JSON.stringify(attachment)) as Attachment };
}
