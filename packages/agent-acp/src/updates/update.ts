import { z } from "zod";

const text = z.string();
const optionalText = z.string().nullish().catch(undefined);

/** Content as the protocol has it: https://agentclientprotocol.com/protocol/v1/content */
export const contentBlock = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text"), text }),
  z.looseObject({ type: z.literal("image"), data: text, mimeType: text }),
  z.looseObject({ type: z.literal("audio"), data: text, mimeType: text }),
  z.looseObject({ type: z.literal("resource_link"), uri: text, name: optionalText, title: optionalText }),
  z.looseObject({
    type: z.literal("resource"),
    resource: z.union([
      z.object({ uri: text, text, mimeType: optionalText }),
      z.object({ uri: text, blob: text, mimeType: optionalText }),
    ]),
  }),
]);
export type ContentBlock = z.output<typeof contentBlock>;

/** A piece of what the agent says or thinks. */
export const contentChunk = z.looseObject({ content: contentBlock, messageId: optionalText });

/** What came of a call of a tool, as it is shown. */
export const toolContent = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("content"), content: contentBlock }),
  z.looseObject({ type: z.literal("diff"), path: text, oldText: optionalText, newText: text }),
  z.looseObject({ type: z.literal("terminal"), terminalId: text }),
]);
export type ToolContent = z.output<typeof toolContent>;

/** A call of a tool, or what changed of it: https://agentclientprotocol.com/protocol/v1/tool-calls */
export const toolCall = z.looseObject({
  toolCallId: text.min(1).max(1000),
  title: optionalText,
  name: optionalText,
  kind: optionalText,
  status: optionalText,
  content: z.array(z.unknown()).max(10_000).nullish().catch(undefined),
  rawInput: z.unknown().optional(),
});
export type ToolCall = z.output<typeof toolCall>;

/** All of what the agent intends to do. */
export const plan = z.looseObject({
  entries: z.array(z.looseObject({ content: text, status: optionalText })).max(10_000),
});

/** How full the session's window is, and what the session has cost so far. */
export const usageUpdate = z.looseObject({
  cost: z.looseObject({ amount: z.number().nonnegative(), currency: text }).nullish().catch(undefined),
});

/** Something that the reader should know and that the agent does not say. */
export const notice = z.looseObject({ title: text, description: optionalText });

const stopReasons = ["end_turn", "max_tokens", "max_turn_requests", "refusal", "cancelled"] as const;
const count = z.int().nonnegative();
const optionalCount = count.nullish().transform((value) => value ?? undefined);

/** The answer to a prompt. `usage` is a draft of the protocol that agents send already. */
export const promptResponse = z.looseObject({
  stopReason: z.enum(stopReasons).catch("end_turn"),
  usage: z
    .looseObject({
      totalTokens: count,
      inputTokens: count,
      outputTokens: count,
      thoughtTokens: optionalCount,
      cachedReadTokens: optionalCount,
      cachedWriteTokens: optionalCount,
    })
    .nullish()
    .catch(undefined),
});
export type PromptResponse = z.output<typeof promptResponse>;
