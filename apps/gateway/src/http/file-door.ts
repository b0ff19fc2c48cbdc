import { maxUploadBytes, type Uploads } from "../uploads/uploads.ts";
import { answer } from "./answer.ts";

/** Only these are shown by a browser; everything else is saved. None of them can carry a script. */
const shownTypes: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]);
const maxNameLength = 200;

/** Takes a file in: the body is the file, its name stands in the query. */
export async function takeFile(request: Request, uploads: Uploads): Promise<Response> {
  const name = cleanName(new URL(request.url).searchParams.get("name") ?? "");
  if (name === "") return answer(400, { error: "the file's name is expected in the query: /v1/files?name=picture.png" });
  const mimeType = (request.headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (!/^[a-z0-9.+-]{1,64}\/[a-z0-9.+-]{1,64}$/u.test(mimeType))
    return answer(415, { error: "the file's type is expected in content-type" });
  if (request.body === null) return answer(400, { error: "the file is expected as the body" });
  // What says that it is too large is not read at all.
  if (Number(request.headers.get("content-length") ?? 0) > maxUploadBytes) return tooLarge();
  const saved = await uploads.save(request.body, { name, mimeType });
  switch (saved.kind) {
    case "too-large":
      return tooLarge();
    case "full":
      return answer(507, { error: "there is no more room for files; old ones go after `store.keepBodiesDays`" });
    case "saved": {
      const { kind, sizeBytes, path } = saved.upload;
      return answer(201, { id: saved.id, kind, name, mime_type: mimeType, size: sizeBytes, path });
    }
  }
}

/** Gives a file out so that nothing in it can run. */
export async function giveFile(id: string, uploads: Uploads): Promise<Response> {
  const upload = await uploads.find(id);
  if (upload === undefined) return answer(404, { error: "there is no such file" });
  const content = await uploads.open(id).catch(ifAbsent);
  if (content === undefined) return answer(404, { error: "there is no such file" });
  const isShown = shownTypes.has(upload.mimeType);
  return new Response(content, {
    headers: {
      "content-type": isShown ? upload.mimeType : "application/octet-stream",
      "content-length": String(upload.sizeBytes),
      "content-disposition": `${isShown ? "inline" : "attachment"}; filename*=UTF-8''${encodeName(upload.name)}`,
      "content-security-policy": "default-src 'none'; sandbox",
      "cross-origin-resource-policy": "same-origin",
      "x-content-type-options": "nosniff",
      "cache-control": "private, max-age=31536000, immutable",
    },
  });
}

function tooLarge(): Response {
  return answer(413, { error: `a file of at most ${maxUploadBytes / 1024 / 1024} MB is expected` });
}

/** As RFC 8187 writes what a header cannot carry. */
function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll(/['()*]/gu, (sign) => `%${sign.codePointAt(0)?.toString(16).toUpperCase() ?? ""}`);
}

function ifAbsent(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}

/** What a name must not hold: a path, control characters, or too much; nor half a character at its end. */
function cleanName(name: string): string {
  const [last = ""] = name.split(/[/\\]/u).toReversed();
  return last
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, "")
    .trim()
    .slice(0, maxNameLength)
    .toWellFormed()
    .replace(/\uFFFD$/u, "");
}
