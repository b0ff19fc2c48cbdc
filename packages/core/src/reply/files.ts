import type { Capabilities } from "../capabilities.ts";
import type { Attachment } from "../event.ts";
import type { OutboundFile } from "../message.ts";
import { isVisible } from "../text/length.ts";
import { layOut, noticeContents, openIndex } from "./lay-out.ts";
import { fillParts, type Content } from "./parts.ts";
import { fits, roomFor } from "./room.ts";
import type { PartFile, ReplyContext, ReplyState } from "./state.ts";

/**
 * Files become parts of their own, as many together as the platform takes in one message; the caption goes with the first of them, or
 * follows as text where it cannot. What the platform does not take is told of. A file without a key has nobody who keeps it.
 */
export function takeFiles(
  state: ReplyState,
  files: readonly OutboundFile[],
  caption: string | undefined,
  context: ReplyContext,
): ReplyState {
  let next = layOut(state, context, true);
  const sendable = files.flatMap((file) => asSendable(file, context.capabilities) ?? []);
  const refused = files.filter((file) => asSendable(file, context.capabilities) === undefined);
  const isCaption = sendable.length > 0 && caption !== undefined && fitsAsCaption(caption, context);
  for (const [index, group] of groups(sendable, context.capabilities).entries())
    next = takeGroup(next, group, isCaption && index === 0 ? caption : "");
  if (refused.length > 0) next = takeText(next, refusedFiles(refused, context), "notice", context);
  return caption === undefined || isCaption || !isVisible(caption) ? next : takeText(next, caption, "text", context);
}

/** Names files by their bytes, in order. */
export function fileNames(files: readonly PartFile[]): string {
  return files.map(({ key }) => key).join("\n");
}

/** Words for files that the platform did not take. */
export function refusedFiles(files: readonly Pick<OutboundFile, "name">[], { phrases }: ReplyContext): string {
  return files.map(({ name }) => phrases.fileRefused(name)).join("\n\n");
}

/** Whether a file that is sent again can say so in its caption. */
export function canMarkFiles({ capabilities, phrases, measure }: ReplyContext): boolean {
  const { captionMaxLength } = capabilities.media;
  return captionMaxLength !== undefined && isVisible(phrases.repeatMark) && measure(phrases.repeatMark) <= captionMaxLength;
}

function takeGroup(state: ReplyState, files: readonly PartFile[], caption: string): ReplyState {
  const { filesBefore = [] } = state;
  const known = filesBefore.indexOf(fileNames(files));
  if (known >= 0) return { ...state, filesBefore: filesBefore.toSpliced(known, 1) };
  const source = files.map(({ name }) => (isVisible(name) ? name : "file")).join("\n");
  const content: Content = {
    kind: "text",
    source,
    fence: "",
    texts: [caption],
    covers: source.length,
    closed: true,
    step: state.step,
    files,
  };
  return { ...state, parts: fillParts(state.parts, openIndex(state), [content]) };
}

function takeText(state: ReplyState, text: string, kind: "text" | "notice", context: ReplyContext): ReplyState {
  const contents = noticeContents(kind, text, state, context);
  return { ...state, parts: fillParts(state.parts, openIndex(state), contents) };
}

function fitsAsCaption(caption: string, context: ReplyContext): boolean {
  const { captionMaxLength } = context.capabilities.media;
  return captionMaxLength !== undefined && fits(roomFor(context, captionMaxLength, false), caption);
}

/** As what the platform takes it: as what it is, or as a file like any other. */
function asSendable(file: OutboundFile, { media }: Capabilities): readonly [PartFile] | undefined {
  const { key, name, mimeType, sizeBytes } = file;
  const kind = ([file.kind, "file"] as const).find((candidate) => sizeBytes <= (media.send[candidate] ?? -1));
  return kind === undefined || key === undefined ? undefined : [{ key, kind, name, mimeType, sizeBytes }];
}

/** Neighbours that may stand in one album are put together. */
function groups(files: readonly PartFile[], { media: { album } }: Capabilities): readonly (readonly PartFile[])[] {
  const grouped: PartFile[][] = [];
  for (const file of files) {
    const last = grouped.at(-1);
    const fitsIn =
      last !== undefined && album !== undefined && last.length < album.max && goTogether([...last, file], album.together);
    if (fitsIn) last.push(file);
    else grouped.push([file]);
  }
  return grouped;
}

function goTogether(files: readonly PartFile[], together: readonly (readonly Attachment["kind"][])[]): boolean {
  return together.some((kinds) => files.every(({ kind }) => kinds.includes(kind)));
}
