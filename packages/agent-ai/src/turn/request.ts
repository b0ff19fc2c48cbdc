import type { Json } from "@hermes/core";
import { z } from "zod";
import type { Entry } from "../transcript/entry.ts";
import { cleanText } from "./clean-text.ts";

/** What a stateless caller brings along, as far as it is understood here; all else of it is left alone. */
const schema = z.object({
  instructions: z.string().optional(),
  messages: z.array(z.object({ role: z.enum(["user", "assistant"]), text: z.string() })).default([]),
});

/** Earlier messages of a caller who keeps the conversation itself. Its instructions are a message like others: they do not reach the system prompt. */
export function entriesOfRequest(request: Json | undefined, turn: string): readonly Entry[] {
  const read = schema.safeParse(request);
  if (!read.success) return [];
  const { instructions, messages } = read.data;
  const told: readonly Entry[] =
    instructions === undefined || instructions.trim() === ""
      ? []
      : [{ version: 1, kind: "user", turn, text: `(The program that asks says:)\n${cleanText(instructions)}` }];
  return [...told, ...messages.filter(({ text }) => text !== "").map(({ role, text }) => entryOf(role, text, turn))];
}

function entryOf(role: "user" | "assistant", text: string, turn: string): Entry {
  if (role === "user") return { version: 1, kind: "user", turn, text: cleanText(text) };
  return { version: 1, kind: "assistant", turn, by: "", parts: [{ type: "text", text }] };
}
