import type { OutboundFile } from "@hermes/core";

/** Where the bytes of files on their way out are kept until they are delivered, also over a crash where the store outlives one. */
export interface FileShelf {
  /** Keeps the bytes; the same bytes have the same key. Rejects where they cannot be had, are not as many as was said, or have no room. */
  keep(file: OutboundFile, signal: AbortSignal): Promise<{ readonly key: string; readonly sizeBytes: number }>;
  /** Rejects for what is not there (any more). */
  open(key: string): Promise<ReadableStream<Uint8Array>>;
}

/** More than a process without a store of files has on its way at a time. */
const maxHandles = 10_000;
/** Those that were opened are kept only in case they are sent again. */
const maxOpened = 100;

/** Keeps the handles alone: for a process whose store ends with it. */
export function createMemoryShelf(): FileShelf {
  const handles = new Map<string, OutboundFile>();
  /** Opened before, the latest last. */
  const opened = new Map<string, OutboundFile>();
  let count = 0;
  return {
    async keep(file) {
      count += 1;
      const key = `file-${count}`;
      put(handles, key, file, maxHandles);
      return { key, sizeBytes: file.sizeBytes };
    },
    async open(key) {
      const file = handles.get(key) ?? opened.get(key);
      if (file === undefined) throw new Error("The file is not kept any more");
      handles.delete(key);
      opened.delete(key);
      put(opened, key, file, maxOpened);
      return await file.open();
    },
  };
}

/** Adds a handle; one too many drops the oldest. */
function put(handles: Map<string, OutboundFile>, key: string, file: OutboundFile, max: number): void {
  handles.set(key, file);
  const [oldest] = handles.keys();
  if (handles.size > max && oldest !== undefined) handles.delete(oldest);
}
