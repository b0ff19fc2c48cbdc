import type { Json } from "@hermes/core";
import { z } from "zod";

const uuid = z.string().regex(/^[0-9a-f-]{36}$/u);

const outcome = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("finished") }),
  /** Somebody stopped it, or everybody who waited for it went away. */
  z.strictObject({ kind: z.literal("interrupted") }),
  /** With what the gateway says about it. */
  z.strictObject({ kind: z.literal("failed"), message: z.string() }),
  /** A command took it out of the queue. */
  z.strictObject({ kind: z.literal("dropped") }),
  z.strictObject({ kind: z.literal("too-long") }),
  z.strictObject({ kind: z.literal("shutdown") }),
]);

/** How an answer came to its end. */
export type Outcome = z.output<typeof outcome>;

const usage = z.strictObject({ input: z.number(), output: z.number() });

/** Tokens, as the agent counted them. */
export type Usage = z.output<typeof usage>;

const facts = z.strictObject({
  id: uuid,
  api: z.enum(["chat-completions", "responses"]),
  createdMs: z.number(),
  chatId: z.string(),
  /** The name of the key it was asked with. */
  caller: z.string(),
  model: z.string(),
  /** What was asked. */
  input: z.string(),
  store: z.boolean(),
  includeUsage: z.boolean(),
  previousResponseId: z.string().optional(),
  instructions: z.string().optional(),
  parameters: z.record(z.string(), z.json()),
});

/** What is known of an answer before it is there. */
export type AnswerFacts = Omit<z.output<typeof facts>, "parameters"> & { readonly parameters: { readonly [name: string]: Json } };

/** An answer that is over. */
export interface Answer {
  readonly facts: AnswerFacts;
  readonly text: string;
  readonly outcome: Outcome;
  readonly usage?: Usage | undefined;
}

const answer = z.strictObject({ facts, text: z.string(), outcome, usage: usage.optional() });

/** As it is kept. */
export function toKept({ facts, text, outcome, usage }: Answer): Json {
  const { previousResponseId, instructions, ...rest } = facts;
  return {
    facts: {
      ...rest,
      ...(previousResponseId === undefined ? {} : { previousResponseId }),
      ...(instructions === undefined ? {} : { instructions }),
    },
    text,
    outcome,
    ...(usage === undefined ? {} : { usage }),
  };
}

/** Undefined for what is not an answer, such as one that another version kept. */
export function fromKept(kept: unknown): Answer | undefined {
  return answer.safeParse(kept).data;
}
