import type { Attachment } from "@hermes/core";

const textTypes =
  /^(?:text\/.+|application\/(?:json|ld\+json|x-ndjson|xml|yaml|x-yaml|toml|javascript|x-javascript|typescript|x-sh|x-shellscript|sql|graphql|x-httpd-php)|.+\+(?:json|xml|yaml))$/u;
const readableAsNothing = /^(?:image|audio|video|font)\//u;
const officeTypes =
  /^application\/(?:pdf|msword|rtf|epub\+zip|vnd\.(?:ms-|openxmlformats-officedocument|oasis\.opendocument).*)$/u;
const officeEndings = new Set("pdf doc docx dot dotx xls xlsx xlsm ppt pptx odt ods odp rtf epub pages numbers key".split(" "));

/**
 * What a document is by what its sender's program says of it. `text` is looked at; `unknown` as well, since many programs call everything
 * a stream of bytes; `office` and `binary` are named and never fetched.
 */
export function documentKind({ mimeType, name }: Attachment): "text" | "unknown" | "office" | "binary" {
  const type = mimeType?.split(";")[0]?.trim().toLowerCase() ?? "";
  const ending = /\.([a-z0-9]{1,10})$/iu.exec(name ?? "")?.[1]?.toLowerCase() ?? "";
  if (officeTypes.test(type) || officeEndings.has(ending)) return "office";
  if (textTypes.test(type)) return "text";
  if (readableAsNothing.test(type) || /(?:zip|compressed|x-tar|gzip|rar|7z)/u.test(type)) return "binary";
  return "unknown";
}

/** The text of bytes that are text: UTF-8 without a zero byte. Undefined for others. The last character may be cut off where more follow. */
export function textOf(bytes: Uint8Array, isWhole: boolean): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: !isWhole });
  } catch {
    // Not UTF-8: another encoding, or no text at all.
    return undefined;
  }
}
