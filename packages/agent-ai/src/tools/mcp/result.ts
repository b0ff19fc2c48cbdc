import type { OutboundFile } from "@hermes/core";
import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/client";
import type { ToolContext, ToolResult } from "../../tool.ts";
import { asData } from "../as-data.ts";
import { headAndTail } from "../clean-text.ts";
import { done, failed, inOneLine } from "../define-tool.ts";
import { kindOf } from "../files/file-types.ts";

const shownCharacters = 30_000;
const maxParts = 100;
const maxFileBytes = 10 * 1024 * 1024;

/** What a server answered, for the model; pictures and recordings go to the reader. */
export function toResult(server: string, answer: CallToolResult, context: Pick<ToolContext, "emit">): ToolResult {
  const parts = answer.content.slice(0, maxParts).map((block, index) => inWords(block, index, context));
  if (answer.content.length > maxParts) parts.push(`[${answer.content.length - maxParts} more parts]`);
  // Servers say the same as text beside it, as the protocol wants; only where there is none the structure is shown.
  if (parts.length === 0 && answer.structuredContent !== undefined) parts.push(JSON.stringify(answer.structuredContent));
  const text = parts.length === 0 ? "It answered nothing." : headAndTail(parts.join("\n\n"), shownCharacters);
  const said = asData(`MCP server ${server}`, text);
  return answer.isError === true ? failed(said) : done(said);
}

function inWords(block: ContentBlock, index: number, context: Pick<ToolContext, "emit">): string {
  switch (block.type) {
    case "text":
      return block.text;
    case "image":
    case "audio":
      return emitted(block, index, context);
    case "resource_link":
      return `[resource ${inOneLine(block.name)}: ${inOneLine(block.uri)}]`;
    case "resource": {
      const { resource } = block;
      const text = "text" in resource ? resource.text : `[${resource.blob.length} characters of Base64]`;
      return `[resource ${inOneLine(resource.uri)}]\n${text}`;
    }
    default:
      return "[something of a kind that is not known here]";
  }
}

function emitted(
  { type, data, mimeType }: { readonly type: "image" | "audio"; readonly data: string; readonly mimeType: string },
  index: number,
  context: Pick<ToolContext, "emit">,
): string {
  const isKnown = new RegExp(`^${type}/[a-z0-9.+-]{1,40}$`, "u").test(mimeType);
  if (!isKnown || data.length > (maxFileBytes * 4) / 3)
    return `[${type} of ${data.length} characters of Base64 that cannot be shown]`;
  const bytes = Buffer.from(data, "base64");
  if (bytes.byteLength === 0) return `[an empty ${type}]`;
  const file: OutboundFile = {
    kind: kindOf(mimeType),
    name: `${type}-${index + 1}.${mimeType.slice(type.length + 1).replace(/[^a-z0-9].*$/u, "")}`,
    mimeType,
    sizeBytes: bytes.byteLength,
    open: () => Promise.resolve(new Blob([bytes]).stream() as ReadableStream<Uint8Array>),
  };
  context.emit({ type: "file", file });
  return `[${type} ${file.name}: the reader sees it, you do not]`;
}
