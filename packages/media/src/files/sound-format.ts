import type { Attachment } from "@hermes/core";

/** How a recording is announced to whoever listens to it. */
export interface SoundFormat {
  /** Without a dot. Services judge by the name's ending alone. */
  readonly extension: string;
  readonly mimeType: string;
}

const mimeTypes: Readonly<Record<string, string>> = {
  ogg: "audio/ogg",
  mp3: "audio/mpeg",
  m4a: "audio/mp4",
  wav: "audio/wav",
  flac: "audio/flac",
  webm: "audio/webm",
  aac: "audio/aac",
  amr: "audio/amr",
  aiff: "audio/aiff",
  silk: "audio/silk",
};

/** What platforms call those, and the endings that their files have. */
const otherNames: Readonly<Record<string, string>> = {
  oga: "ogg",
  opus: "ogg",
  "audio/opus": "ogg",
  "application/ogg": "ogg",
  mpga: "mp3",
  mpeg: "mp3",
  "audio/mp3": "mp3",
  "audio/x-mp3": "mp3",
  mp4: "m4a",
  "audio/x-m4a": "m4a",
  "audio/m4a": "m4a",
  "video/mp4": "m4a",
  "audio/x-wav": "wav",
  "audio/wave": "wav",
  "audio/vnd.wave": "wav",
  "audio/x-flac": "flac",
  "video/webm": "webm",
  weba: "webm",
  "audio/aacp": "aac",
  "audio/x-aac": "aac",
  "audio/amr-wb": "amr",
  aif: "aiff",
  slk: "silk",
};

/** What a recording is: by its first bytes, else by its type, else by its name. Undefined where none of them says so. */
export function soundFormat(head: Uint8Array, { mimeType, name }: Attachment): SoundFormat | undefined {
  const type = mimeType?.split(";")[0]?.trim().toLowerCase();
  const ending = /\.([a-z0-9]{1,8})$/iu.exec(name ?? "")?.[1]?.toLowerCase();
  const extension = byBytes(head) ?? byType(type) ?? known(ending);
  const kept = extension === undefined ? undefined : mimeTypes[extension];
  return extension === undefined || kept === undefined ? undefined : { extension, mimeType: kept };
}

function byBytes(head: Uint8Array): string | undefined {
  const text = Buffer.from(head.subarray(0, 12)).toString("latin1");
  if (text.startsWith("OggS")) return "ogg";
  if (text.startsWith("ID3") || /^\u00FF[\u00FA\u00FB\u00F2\u00F3]/u.test(text)) return "mp3";
  if (text.startsWith("RIFF") && text.slice(8) === "WAVE") return "wav";
  if (text.startsWith("fLaC")) return "flac";
  if (text.slice(4, 8) === "ftyp") return "m4a";
  if (text.startsWith("\u001A\u0045\u00DF\u00A3")) return "webm";
  if (/^\u00FF[\u00F0\u00F1\u00F8\u00F9]/u.test(text)) return "aac";
  if (text.startsWith("#!AMR")) return "amr";
  if (text.startsWith("FORM") && text.slice(8, 11) === "AIF") return "aiff";
  if (text.startsWith("#!SILK") || text.startsWith("\u0002#!SILK")) return "silk";
  return undefined;
}

function byType(type: string | undefined): string | undefined {
  if (type === undefined) return undefined;
  return known(type) ?? Object.keys(mimeTypes).find((extension) => mimeTypes[extension] === type);
}

function known(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (Object.hasOwn(mimeTypes, name)) return name;
  return Object.hasOwn(otherNames, name) ? otherNames[name] : undefined;
}
