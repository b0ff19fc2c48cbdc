import { useCallback, useEffect, useRef, useState } from "react";
import { upload, type Uploaded, type UploadFailure } from "../connection/upload.ts";

/** A file that is to go with the next message. */
export interface Upload {
  readonly id: number;
  readonly file: File;
  /** What a browser shows of an image; not there for other files. */
  readonly preview?: string;
  /** 0 to 1. */
  readonly share: number;
  readonly uploaded?: Uploaded;
  readonly failure?: UploadFailure;
}

/** Files of the next message. */
export interface Uploads {
  readonly rows: readonly Upload[];
  /** Returns false where that would be too many. */
  add(files: readonly File[]): boolean;
  remove(id: number): void;
  clear(): void;
}

/** Files a message may have. */
const mostFiles = 10;

/** Sends files as soon as they are chosen, so that the message can go at once. */
export function useUploads(): Uploads {
  const [rows, setRows] = useState<readonly Upload[]>([]);
  const aborts = useRef(new Map<number, AbortController>());
  const lastId = useRef(0);

  const change = useCallback((id: number, next: Partial<Upload>) => {
    setRows((before) => before.map((row) => (row.id === id ? { ...row, ...next } : row)));
  }, []);

  const begin = useCallback(
    async (id: number, file: File) => {
      const abort = new AbortController();
      aborts.current.set(id, abort);
      const outcome = await upload(file, { onProgress: (share) => change(id, { share }), signal: abort.signal });
      aborts.current.delete(id);
      change(id, outcome.kind === "done" ? { uploaded: outcome.file, share: 1 } : { failure: outcome.failure });
    },
    [change],
  );

  const add = (files: readonly File[]): boolean => {
    const room = mostFiles - rows.length;
    const added = files.slice(0, Math.max(0, room)).map((file) => {
      lastId.current += 1;
      return {
        id: lastId.current,
        file,
        share: 0,
        ...(file.type.startsWith("image/") ? { preview: URL.createObjectURL(file) } : {}),
      };
    });
    setRows([...rows, ...added]);
    for (const { id, file } of added) void begin(id, file);
    return files.length <= room;
  };

  const drop = (gone: readonly Upload[]): void => {
    for (const { id, preview } of gone) {
      aborts.current.get(id)?.abort();
      if (preview !== undefined) URL.revokeObjectURL(preview);
    }
  };

  useEffect(() => {
    const running = aborts.current;
    return () => {
      for (const abort of running.values()) abort.abort();
    };
  }, []);

  return {
    rows,
    add,
    remove(id) {
      drop(rows.filter((row) => row.id === id));
      setRows(rows.filter((row) => row.id !== id));
    },
    clear() {
      drop(rows);
      setRows([]);
    },
  };
}
