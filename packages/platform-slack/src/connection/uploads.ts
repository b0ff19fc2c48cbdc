import {
  isPlatformError,
  pause,
  type Clock,
  type MessageRef,
  type OutboundFile,
  type OutboundMessage,
  type PlatformHost,
  type Sent,
} from "@hermes/core";
import { failureOf } from "../api/failure.ts";
import type { Spot } from "../api/messages.ts";
import { capabilityTable } from "../capabilities.ts";
import { measure } from "../encode.ts";
import { toMrkdwn } from "../encode/mrkdwn.ts";
import type { Workspace } from "../workspaces.ts";

export interface UploadParts {
  readonly platform: string;
  readonly clock: Clock;
  readonly memory: PlatformHost["memory"];
}

/** Slack shows a file a moment after it was shared: how often it is asked for its message, and after which pauses. */
const pausesMs = [0, 200, 500, 1000, 2000, 4000] as const;
/** For so long it can be found out whether files were sent. */
const rememberedMs = 24 * 60 * 60 * 1000;

/** Why these files cannot go in one message. */
export function filesRefusal({
  files,
  texts,
  actions,
}: OutboundMessage): { readonly kind: "invalid" | "too-long"; readonly why: string } | undefined {
  const { send, album, captionMaxLength } = capabilityTable.media;
  const kinds: Readonly<Record<string, number>> = send;
  const strange = files.find(({ kind }) => kinds[kind] === undefined);
  if (strange !== undefined) return { kind: "invalid", why: `Slack has no files of the kind ${strange.kind}` };
  if (files.length > album.max) return { kind: "invalid", why: `a message takes ${album.max} files at most` };
  if (actions.flat().length > 0) return { kind: "invalid", why: "a message of files has no buttons" };
  if (files.some(({ kind, sizeBytes }) => sizeBytes > (kinds[kind] ?? 0)))
    return { kind: "too-long", why: "Slack takes files of up to 1 GB" };
  if (texts.some((text) => measure(text) > captionMaxLength)) {
    return { kind: "too-long", why: `a comment on a file has ${captionMaxLength} characters at most` };
  }
  return undefined;
}

export interface FilesToSend {
  readonly chat: MessageRef | Omit<MessageRef, "messageId">;
  readonly spot: Spot;
  readonly files: readonly OutboundFile[];
  readonly caption: string;
  readonly mentions: readonly string[];
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
}

/**
 * Sends files as one message. What they are called is remembered before they are shown, so that it can be asked later whether they were.
 * Slack does not say which message shows them: it is looked for; where it cannot be found, the message is named by its first file.
 */
export async function sendFiles(workspace: Workspace, given: FilesToSend, parts: UploadParts): Promise<Sent> {
  const { spot, files, caption, mentions, idempotencyKey, signal } = given;
  const uploaded: { id: string; title: string }[] = [];
  for (const file of files) uploaded.push({ id: await workspace.api.uploadFile(file, signal), title: file.name });
  const [first] = uploaded;
  if (first === undefined)
    throw failureOf({ kind: "invalid" }, `send files to ${spot.channel}`, "there are none", parts.platform);
  await parts.memory.set(keyOf(idempotencyKey), first.id, { ttlMs: rememberedMs });
  await workspace.api.shareFiles(spot, uploaded, caption.trim() === "" ? undefined : toMrkdwn(caption, mentions), signal);
  return [refOf(given.chat, (await messageOf(workspace, spot, first.id, parts.clock, signal)) ?? first.id)];
}

/** The message that files with this key were sent as, if they were. */
export async function findFiles(
  workspace: Workspace,
  chat: FilesToSend["chat"],
  spot: Spot,
  idempotencyKey: string,
  { memory }: UploadParts,
): Promise<Sent | undefined> {
  const fileId = await memory.get(keyOf(idempotencyKey));
  if (typeof fileId !== "string") return undefined;
  try {
    const ts = await workspace.api.messageOfFile(spot, fileId);
    return ts === undefined ? undefined : [refOf(chat, ts)];
  } catch (error) {
    // A file that was never completed is none: then it was not sent.
    if (isPlatformError(error) && error.failure.kind === "not-found") return undefined;
    throw error;
  }
}

/** Whether a message is named by its file. */
export function isFileId(messageId: string): boolean {
  return /^F[A-Z0-9]{1,20}$/u.test(messageId);
}

async function messageOf(
  workspace: Workspace,
  spot: Spot,
  fileId: string,
  clock: Clock,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const pauseMs of pausesMs) {
    await pause(pauseMs, clock, signal);
    if (signal.aborted) return undefined;
    try {
      const ts = await workspace.api.messageOfFile(spot, fileId, signal);
      if (ts !== undefined) return ts;
    } catch {
      // The files stand there whether or not they can be asked for: a failure here is none of sending.
      return undefined;
    }
  }
  return undefined;
}

function refOf({ platform, chatId, threadId }: FilesToSend["chat"], messageId: string): MessageRef {
  return { platform, chatId, ...(threadId === undefined ? {} : { threadId }), messageId };
}

function keyOf(idempotencyKey: string): string {
  return `upload:${idempotencyKey}`;
}
