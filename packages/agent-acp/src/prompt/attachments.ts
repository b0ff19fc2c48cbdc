import { pathToFileURL } from "node:url";
import type { ContentBlock } from "@agentclientprotocol/sdk";
import { isPlatformError, type Attachment, type Turn } from "@hermes/core";
import type { AgentFacts } from "../peer/agent-facts.ts";
import { oneLine } from "../plain-text.ts";
import type { ReceivedFiles } from "./files.ts";

const maxFileBytes = 20 * 1024 * 1024;
/** Of one prompt: what goes into the frame itself; more is left as files. */
const maxInlineBytes = 8 * 1024 * 1024;
const maxTextBytes = 256 * 1024;
const mostAttachments = 20;
const textType = /^text\/|^application\/(?:json|xml|yaml|x-yaml|toml|javascript)$/u;

/** What becomes of the files that came with a turn: blocks of the prompt, and a word on each that could not be had. */
export async function attachmentBlocks(
  turn: Turn,
  prompt: AgentFacts["prompt"],
  files: ReceivedFiles,
): Promise<readonly ContentBlock[]> {
  const attachments = turn.input.flatMap((input) => input.attachments);
  const blocks: ContentBlock[] = [];
  let inlineBytes = 0;
  for (const attachment of attachments.slice(0, mostAttachments)) {
    const bytes = await bytesOf(turn, attachment);
    if (typeof bytes === "string") {
      blocks.push({ type: "text", text: `[A file named “${nameOf(attachment)}” was sent, but ${bytes}.]` });
      continue;
    }
    const inline = inlineBytes + bytes.length > maxInlineBytes ? undefined : inlineBlock(attachment, bytes, prompt);
    if (inline !== undefined) inlineBytes += bytes.length;
    blocks.push(inline ?? (await fileBlock(turn.session.id, attachment, bytes, prompt, files)));
  }
  const left = attachments.length - mostAttachments;
  if (left > 0) blocks.push({ type: "text", text: `[${left} more files were sent and not handed on.]` });
  return blocks;
}

/** All bytes, or why they cannot be had. */
async function bytesOf(turn: Turn, attachment: Attachment): Promise<Uint8Array | string> {
  try {
    const stream = await turn.download(attachment, { maxBytes: maxFileBytes });
    const pieces: Uint8Array[] = [];
    let sizeBytes = 0;
    for await (const piece of stream) {
      turn.signal.throwIfAborted();
      sizeBytes += piece.length;
      if (sizeBytes > maxFileBytes) return "it is too large";
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  } catch (error) {
    if (!isPlatformError(error)) throw error;
    if (error.failure.kind === "too-long") return "it is too large";
    return error.failure.kind === "not-found" ? "it is gone" : "it could not be fetched";
  }
}

function inlineBlock(
  { mimeType = "", kind }: Attachment,
  bytes: Uint8Array,
  prompt: AgentFacts["prompt"],
): ContentBlock | undefined {
  const type = plainType(mimeType);
  const data = (): string => Buffer.from(bytes).toString("base64");
  if (prompt.image && (kind === "image" || kind === "sticker") && type.startsWith("image/"))
    return { type: "image", mimeType: type, data: data() };
  if (prompt.audio && (kind === "audio" || kind === "voice") && type.startsWith("audio/"))
    return { type: "audio", mimeType: type, data: data() };
  return undefined;
}

async function fileBlock(
  sessionId: string,
  attachment: Attachment,
  bytes: Uint8Array,
  prompt: AgentFacts["prompt"],
  files: ReceivedFiles,
): Promise<ContentBlock> {
  const name = nameOf(attachment);
  const type = plainType(attachment.mimeType ?? "");
  const uri = pathToFileURL(await files.keep(sessionId, name, bytes)).href;
  const text = prompt.embedded && textType.test(type) && bytes.length <= maxTextBytes ? asText(bytes) : undefined;
  const mimeType = type === "" ? {} : { mimeType: type };
  if (text !== undefined) return { type: "resource", resource: { uri, text, ...mimeType } };
  return { type: "resource_link", uri, name, size: bytes.length, ...mimeType };
}

function asText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // It is called text and is none that can be read.
    return undefined;
  }
}

function plainType(mimeType: string): string {
  const type = mimeType.split(";")[0]?.trim().toLowerCase() ?? "";
  return /^[a-z]+\/[a-z0-9.+-]{1,100}$/u.test(type) ? type : "";
}

function nameOf({ name, kind }: Attachment): string {
  const short = oneLine(name ?? "", 120);
  return short === "" ? kind : short;
}
