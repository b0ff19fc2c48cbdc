import type { SlackMessage } from "./schemas.ts";

/** How much is read of what is not the text itself. */
const maxLength = 40_000;

/** The words of a message in Slack's markup; of one without a text, what its blocks and attachments say. */
export function spokenOf(message: SlackMessage): string {
  const text = message.text ?? "";
  const shared = (message.attachments ?? []).filter(({ is_share: isShare }) => isShare === true);
  // Other people's words, passed on: it is said whose they are, so that they are not taken for the sender's.
  const passedOn = shared.map(({ author_name: author, text: words, fallback }) => {
    const head = author === undefined || author === null || author === "" ? "[Forwarded]" : `[Forwarded from ${author}]`;
    return `${head}\n${words ?? fallback ?? ""}`.trim();
  });
  const own = text !== "" ? text : shared.length > 0 ? "" : (fromBlocks(message.blocks ?? []) ?? fromAttachments(message));
  return [own, ...passedOn]
    .filter((part) => part !== "")
    .join("\n\n")
    .slice(0, maxLength);
}

/** Whether the blocks of a message name files that it does not bring along. */
export function lacksFiles({ blocks, files }: SlackMessage): boolean {
  return (files ?? []).length === 0 && hasFile(blocks ?? [], 0);
}

function hasFile(node: unknown, depth: number): boolean {
  if (typeof node !== "object" || node === null || depth > maxDepth) return false;
  if (Array.isArray(node)) return node.some((entry: unknown) => hasFile(entry, depth + 1));
  const { type, elements } = node as Readonly<Record<string, unknown>>;
  return type === "file" || hasFile(elements, depth + 1);
}

function fromAttachments({ attachments }: SlackMessage): string {
  const said = (attachments ?? []).map(({ pretext, title, text, fallback }) => {
    const parts = [pretext, title, text].filter((part) => typeof part === "string" && part !== "");
    return parts.length > 0 ? parts.join("\n") : (fallback ?? "");
  });
  return said.filter((part) => part !== "").join("\n\n");
}

const maxDepth = 12;

/** Every text in the blocks of a message, in order; undefined where there is none. */
function fromBlocks(blocks: readonly unknown[]): string | undefined {
  const lines = blocks.map((block) => textsIn(block, 0).join("")).filter((line) => line !== "");
  return lines.length === 0 ? undefined : lines.join("\n");
}

function textsIn(node: unknown, depth: number): readonly string[] {
  if (typeof node !== "object" || node === null || depth > maxDepth) return [];
  if (Array.isArray(node)) return node.flatMap((entry: unknown) => textsIn(entry, depth + 1));
  const { type, text, user_id: user, url, name, elements, fields } = node as Readonly<Record<string, unknown>>;
  if (type === "user" && typeof user === "string") return [`<@${user}>`];
  if (type === "emoji" && typeof name === "string") return [`:${name}:`];
  if (type === "link" && typeof url === "string")
    return [typeof text === "string" && text !== url ? `<${url}|${text}>` : `<${url}>`];
  if (type === "actions") return [];
  const own = typeof text === "string" ? [text] : textsIn(text, depth + 1);
  return [...own, ...textsIn(elements, depth + 1), ...textsIn(fields, depth + 1)];
}
