import type { ChatAttachment } from "@hermes/protocol";

/** A file the gateway holds now. */
export interface Uploaded extends ChatAttachment {
  readonly id: string;
}

/** Bytes a file may have. */
export const maxUploadBytes = 10 * 1024 * 1024;

/** Why a file was not taken. */
export type UploadFailure = "too-large" | "refused" | "unreachable";

/** What became of an upload. */
export type UploadOutcome =
  | { readonly kind: "done"; readonly file: Uploaded }
  | { readonly kind: "failed"; readonly failure: UploadFailure };

/** Sends one file; `onProgress` is told how much is there, 0 to 1. Ends as `unreachable` when `signal` is aborted. */
export async function upload(
  file: File,
  { onProgress, signal }: { readonly onProgress: (share: number) => void; readonly signal: AbortSignal },
): Promise<UploadOutcome> {
  if (file.size > maxUploadBytes) return { kind: "failed", failure: "too-large" };
  // `fetch` tells nothing of how far an upload is.
  const request = new XMLHttpRequest();
  return await new Promise<UploadOutcome>((resolve) => {
    const fail = (failure: UploadFailure): void => resolve({ kind: "failed", failure });
    request.open("POST", `/v1/files?name=${encodeURIComponent(file.name || "file")}`);
    request.setRequestHeader("content-type", file.type || "application/octet-stream");
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total));
    request.addEventListener("load", () => {
      if (request.status === 413) return fail("too-large");
      const taken = readUploaded(request.response);
      return request.status < 300 && taken !== undefined ? resolve({ kind: "done", file: taken }) : fail("refused");
    });
    request.addEventListener("error", () => fail("unreachable"));
    request.addEventListener("abort", () => fail("unreachable"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(file);
  });
}

const kinds: readonly ChatAttachment["kind"][] = ["image", "audio", "voice", "video", "sticker", "file"];

/** What the gateway says of a file it took; undefined where it says something else. */
export function readUploaded(value: unknown): Uploaded | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, kind, name, mime_type, size, path } = value as Readonly<Record<string, unknown>>;
  if (typeof id !== "string") return undefined;
  return {
    id,
    kind: kinds.find((known) => known === kind) ?? "file",
    ...(typeof name === "string" ? { name } : {}),
    ...(typeof mime_type === "string" ? { mime_type } : {}),
    ...(typeof size === "number" ? { size } : {}),
    ...(typeof path === "string" ? { path } : {}),
  };
}
