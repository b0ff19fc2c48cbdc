import type { Json } from "@hermes/core";
import { z } from "zod";
import { wellFormed } from "./well-formed.ts";

/** What a provider wants back with a part, byte for byte: signatures, encrypted reasoning. By provider. */
const options = z.record(z.string(), z.record(z.string(), z.json()));

const imageReference = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/u),
  mediaType: z.string().regex(/^image\/(?:png|jpeg|gif|webp)$/u),
});

const assistantPart = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string(), options: options.optional() }),
  z.object({ type: z.literal("reasoning"), text: z.string(), options: options.optional() }),
  // The input is JSON as text: a store may give an object's keys back in another order.
  z.object({ type: z.literal("call"), id: z.string(), name: z.string(), input: z.string(), options: options.optional() }),
]);

const base = { version: z.literal(1), turn: z.string() };

const schema = z.discriminatedUnion("kind", [
  z.object({ ...base, kind: z.literal("user"), text: z.string(), images: z.array(imageReference).optional() }),
  z.object({ ...base, kind: z.literal("assistant"), by: z.string(), parts: z.array(assistantPart) }),
  z.object({
    ...base,
    kind: z.literal("results"),
    results: z.array(z.object({ id: z.string(), name: z.string(), text: z.string(), failed: z.boolean() })),
  }),
  // Stands for everything before it but the `kept` entries right before it. `covers`: for how many entries it stands.
  z.object({ ...base, kind: z.literal("compaction"), summary: z.string(), kept: z.int().min(0), covers: z.int().min(0) }),
]);

/** One thing of a conversation as it is stored: a message for the model, or a summary in the place of several. */
export type Entry = z.output<typeof schema>;
export type UserEntry = Extract<Entry, { kind: "user" }>;
export type AssistantEntry = Extract<Entry, { kind: "assistant" }>;
export type ResultsEntry = Extract<Entry, { kind: "results" }>;
export type AssistantPart = AssistantEntry["parts"][number];
export type CallPart = Extract<AssistantPart, { type: "call" }>;
export type CallResult = ResultsEntry["results"][number];
export type ImageReference = z.output<typeof imageReference>;

/** Reads what was stored; undefined where it is none of ours, or damaged. */
export function decodeEntry(stored: Json): Entry | undefined {
  const read = schema.safeParse(stored);
  return read.success ? read.data : undefined;
}

/**
 * What is stored for an entry, and the entry as it will be read again. Only the latter goes into prompts, so that they are made of the same
 * bytes before and after a restart.
 *
 * @throws TypeError for an entry that could not be read again.
 */
export function encodeEntry(entry: Entry): { readonly stored: Json; readonly entry: Entry } {
  const read = decodeEntry(wellFormed(JSON.parse(JSON.stringify(entry)) as Json));
  if (read === undefined)
    throw new TypeError(`An entry of the kind \`${entry.kind}\` cannot be kept: it could not be read again`);
  return { stored: JSON.parse(JSON.stringify(read)) as Json, entry: read };
}
