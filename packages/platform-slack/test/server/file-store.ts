import { no } from "./refusal.ts";
import { newId } from "./new-id.ts";

interface Stored {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  bytes?: Uint8Array;
  title: string;
  mimetype: string;
  subtype?: string;
  isComplete: boolean;
  readonly shares: Record<string, { readonly ts: string }[]>;
  team: string;
}

/** Files, from their announcement to their sharing. */
export class FileStore {
  readonly #files = new Map<string, Stored>();
  /** Files are not shown with their message at once, for so many questions. */
  questionsBeforeShares = 0;

  announce(name: string, length: number, url: string): Readonly<Record<string, unknown>> {
    const id = newId("F0");
    this.#files.set(id, { id, name, length, title: name, mimetype: typeOf(name), isComplete: false, shares: {}, team: "" });
    return { upload_url: `${url}/upload/v1/${id}`, file_id: id };
  }

  /** A file of a person, in whole. */
  put(given: {
    readonly name: string;
    readonly mimetype: string;
    readonly bytes: Uint8Array;
    readonly subtype?: string;
    readonly team: string;
  }): string {
    const id = newId("F0");
    const { bytes, name } = given;
    this.#files.set(id, { id, length: bytes.length, title: name, isComplete: true, shares: {}, ...given });
    return id;
  }

  receive(id: string, bytes: Uint8Array): number {
    const file = this.#files.get(id);
    if (file === undefined || file.bytes !== undefined) return 404;
    if (file.length !== bytes.length) return 400;
    file.bytes = bytes;
    return 200;
  }

  complete(
    id: string,
    title: string | undefined,
    url: string,
    team: string,
  ): Readonly<Record<string, unknown>> & { readonly id: string; readonly title: string } {
    const file = this.#files.get(id);
    if (file?.bytes === undefined) throw no("file_not_found");
    file.isComplete = true;
    file.team = team;
    file.title = title ?? file.name;
    return this.describe(id, url);
  }

  share(id: string, channel: string, ts: string): void {
    (this.#find(id).shares[channel] ??= []).push({ ts });
  }

  describe(id: string, url: string): Readonly<Record<string, unknown>> & { readonly id: string; readonly title: string } {
    const { name, title, mimetype, subtype, length: size, team } = this.#find(id);
    const address = `${url}/files-pri/${team}-${id}/${encodeURIComponent(name)}`;
    return {
      id,
      name,
      title,
      mimetype,
      size,
      mode: "hosted",
      url_private: address,
      url_private_download: address,
      ...(subtype === undefined ? {} : { subtype }),
    };
  }

  info(id: string): Readonly<Record<string, unknown>> {
    const file = this.#find(id);
    const isKnown = this.questionsBeforeShares <= 0;
    this.questionsBeforeShares -= 1;
    return { ...this.describe(id, this.url), shares: isKnown ? { private: file.shares } : {} };
  }

  url = "";

  bytesOf(id: string): Uint8Array | undefined {
    return this.#files.get(id)?.bytes;
  }

  nameOf(id: string): string {
    return this.#find(id).name;
  }

  #find(id: string): Stored {
    const file = this.#files.get(id);
    if (file?.isComplete !== true) throw no("file_not_found");
    return file;
  }
}

function typeOf(name: string): string {
  const types: Readonly<Record<string, string>> = { png: "image/png", mp3: "audio/mpeg", mp4: "video/mp4", ogg: "audio/ogg" };
  return types[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
}
