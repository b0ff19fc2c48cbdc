import { badRequest } from "./bot-api-error.ts";

/** A file as the server keeps it. */
export interface StoredFile {
  readonly fileId: string;
  readonly uniqueId: string;
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

/** A file that came with a call. */
export interface UploadedFile {
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}

const megabyte = 1024 * 1024;

/** Files that were sent, under the names by which bots fetch and repeat them. */
export class FileStore {
  /** "Bots can currently send files of any type of up to 50 MB in size" (sendDocument). A test sets less. */
  maxUploadBytes = 50 * megabyte;
  /** "The photo must be at most 10 MB in size" (sendPhoto). */
  maxPhotoBytes = 10 * megabyte;
  /** "For the moment, bots can download files of up to 20MB in size" (getFile). */
  maxDownloadBytes = 20 * megabyte;
  /** Of a server started with `--local`, which names files by where they lie on its own disk. */
  localRoot: string | undefined;
  readonly #files = new Map<string, StoredFile>();
  #generation = 0;

  add(file: UploadedFile): StoredFile {
    const number = this.#files.size + 1;
    const stored = { ...file, fileId: `FAKE-FILE-${number}`, uniqueId: `FAKE${number}` };
    this.#files.set(stored.fileId, stored);
    return stored;
  }

  /** @throws BotApiError where there is no such file. */
  find(fileId: unknown): StoredFile {
    const file = this.#files.get(String(fileId));
    if (file === undefined) throw badRequest("wrong file_id or the file is temporarily unavailable");
    return file;
  }

  /** What `getFile` tells; the path leads to the file until `expirePaths`. */
  describe(fileId: unknown): Readonly<Record<string, unknown>> {
    const file = this.find(fileId);
    if (this.localRoot === undefined && file.bytes.length > this.maxDownloadBytes) throw badRequest("file is too big");
    const path = this.#pathOf(file);
    return {
      file_id: file.fileId,
      file_unique_id: file.uniqueId,
      file_size: file.bytes.length,
      file_path: this.localRoot === undefined ? path : `${this.localRoot}/${file.name}`,
    };
  }

  /** What lies at a path that `describe` named. */
  at(path: string): StoredFile | undefined {
    return [...this.#files.values()].find((file) => this.#pathOf(file) === path);
  }

  /** "It is guaranteed that the link will be valid for at least 1 hour" (File): after it, the same file has another path. */
  expirePaths(): void {
    this.#generation++;
  }

  #pathOf(file: StoredFile): string {
    return `documents/file_${this.#generation}_${file.uniqueId}`;
  }
}
