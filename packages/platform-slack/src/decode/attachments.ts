import type { Attachment } from "@hermes/core";
import { fileSchema, type SlackFile } from "./schemas.ts";

/** The files of a message as tickets. What is gone, or does not lie at Slack, is no file. */
export function attachmentsOf(files: readonly unknown[], team: string): readonly Attachment[] {
  return files.flatMap((given) => {
    const file = fileSchema.safeParse(given).data;
    if (file === undefined || file.mode === "tombstone" || file.mode === "hidden_by_limit" || file.mode === "external") return [];
    const { id, name, title, mimetype: mimeType, size: sizeBytes } = file;
    const shown = name ?? title;
    return [
      {
        kind: kindOf(file),
        ticket: { team, fileId: id },
        ...(shown === undefined || shown === null ? {} : { name: shown }),
        ...(mimeType === undefined || mimeType === null ? {} : { mimeType }),
        ...(sizeBytes === undefined || sizeBytes === null ? {} : { sizeBytes }),
      },
    ];
  });
}

function kindOf({ subtype, mimetype }: SlackFile): Attachment["kind"] {
  // What is recorded in Slack itself says so.
  if (subtype === "slack_audio") return "voice";
  if (subtype === "slack_video") return "video";
  const type = mimetype?.split("/")[0];
  // A drawing in SVG is a text to most who would look at it.
  if (type === "image") return mimetype === "image/svg+xml" ? "file" : "image";
  return type === "audio" || type === "video" ? type : "file";
}
