import type { AgentEvent, Logger, OutboundFile } from "@hermes/core";
import { unlessAborted } from "../pause.ts";
import type { FileShelf } from "./file-shelf.ts";

/** What files are kept with. */
export interface KeepFilesParts {
  readonly files: FileShelf;
  readonly logger: Logger;
}

/** An event that brings files. */
export type FilesEvent = Extract<AgentEvent, { type: "file" | "album" }>;

export function bringsFiles(event: AgentEvent): event is FilesEvent {
  return event.type === "file" || event.type === "album";
}

/**
 * The same event once its files are kept. One that cannot be kept stays without a key: the reader is told that it does not come.
 * Rejects as soon as `signal` is aborted.
 */
export async function keepFiles(event: FilesEvent, { files, logger }: KeepFilesParts, signal: AbortSignal): Promise<FilesEvent> {
  const keep = async (file: OutboundFile): Promise<OutboundFile> => {
    const { key: _key, kind, name, mimeType, sizeBytes } = file;
    const handle = { kind, name: plainName(name), mimeType, sizeBytes, open: () => file.open() };
    try {
      // An agent's stream may never come to its end: a turn that is stopped does not wait for it.
      return { ...handle, ...(await unlessAborted(signal, files.keep(handle, signal))) };
    } catch (error) {
      if (signal.aborted) throw error;
      logger.error(
        `A file of an answer could not be kept, and is not sent: ${error instanceof Error ? error.message : String(error)}`,
      );
      return handle;
    }
  };
  if (event.type === "file") return { ...event, file: await keep(event.file) };
  const kept: OutboundFile[] = [];
  for (const file of event.files) kept.push(await keep(file));
  return { ...event, files: kept };
}

const maxNameLength = 200;

/** The last part of a path, without what a file system or a header would stumble over. */
function plainName(name: string): string {
  const last = name.toWellFormed().split(/[/\\]/u).at(-1) ?? "";
  const plain = last.replace(/\p{Cc}|\p{Cf}/gu, "").trim();
  return plain === "" ? "file" : plain.slice(-maxNameLength).toWellFormed();
}
