import type { AgentEvent, OutboundFile } from "@hermes/core";
import { oneLine } from "../plain-text.ts";
import type { ContentBlock } from "./update.ts";

/** A larger file from an agent is not taken. */
const maxFileBytes = 16 * 1024 * 1024;
const extensions: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/gif": "gif",
  "image/webp": "webp",
  "image/svg+xml": "svg",
  "audio/mpeg": "mp3",
  "audio/wav": "wav",
  "audio/ogg": "ogg",
};

/** What an agent says that is no text: files come as their bytes alone, and no address of an agent is ever opened. */
export function showBlock(block: ContentBlock): AgentEvent | undefined {
  switch (block.type) {
    case "text":
      return block.text === "" ? undefined : { type: "text-delta", text: block.text };
    case "image":
    case "audio":
      return fileOf(block.data, "base64", block.mimeType, block.type);
    case "resource_link":
      return { type: "text-delta", text: linkOf(block.uri, block.title ?? block.name ?? "") };
    case "resource": {
      const { resource } = block;
      const name = lastSegment(resource.uri);
      if ("text" in resource) return fileOf(resource.text, "utf8", resource.mimeType ?? "text/plain", "file", name);
      return fileOf(resource.blob, "base64", resource.mimeType ?? "", "file", name);
    }
  }
}

/** How many bytes an event keeps in memory; text counts by its length. */
export function weightOf(event: AgentEvent): number {
  if (event.type === "file") return event.file.sizeBytes;
  return event.type === "text-delta" || event.type === "reasoning-delta" ? event.text.length : 200;
}

function fileOf(
  content: string,
  encoding: "base64" | "utf8",
  givenType: string,
  kind: "image" | "audio" | "file",
  givenName?: string,
): AgentEvent | undefined {
  const mimeType = /^[a-z]+\/[a-z0-9.+-]{1,100}$/iu.test(givenType) ? givenType.toLowerCase() : "application/octet-stream";
  // Before it is decoded: three bytes for each four characters.
  if (content.length > (maxFileBytes / 3) * 4)
    return { type: "notice", text: `A file of more than ${maxFileBytes / 1024 / 1024} MB was left out.` };
  const bytes = Buffer.from(content, encoding);
  if (bytes.length === 0) return undefined;
  const name = givenName ?? `${kind}.${extensions[mimeType] ?? "bin"}`;
  // What calls itself a picture and is of another type is shown as a file.
  const isAsCalled = kind === "file" || mimeType.startsWith(`${kind}/`);
  const file: OutboundFile = {
    kind: isAsCalled ? kind : "file",
    name,
    mimeType,
    sizeBytes: bytes.length,
    open: () => Promise.resolve(new Blob([bytes]).stream()),
  };
  return { type: "file", file };
}

/** A Markdown link for the web, and a name for everything else: `file:` leads nowhere in a chat. */
function linkOf(uri: string, title: string): string {
  const url = URL.parse(uri);
  const label = oneLine(title === "" ? uri : title, 200).replaceAll(/[[\]\\`*_<>]/gu, "\\$&");
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return label;
  return `[${label}](<${url.href.replaceAll(/[<>]/gu, encodeURIComponent)}>)`;
}

function lastSegment(uri: string): string {
  const path = URL.parse(uri)?.pathname ?? uri;
  const name = oneLine(path.slice(path.lastIndexOf("/") + 1), 100).replaceAll(/[^\p{L}\p{N}._ -]/gu, "_");
  return name === "" || /^\.+$/u.test(name) ? "file" : name;
}
