import { z } from "zod";

/** What a recording said or a picture shows. */
export interface Reading {
  readonly text: string;
  /** Of a recording, where it is known. */
  readonly durationMs?: number | undefined;
}

/** More of a text is not kept; nobody speaks or sees so much in one message. */
export const maxReadingLength = 50_000;

/** How it lies in a file. */
export const readingSchema = z.object({
  version: z.literal(1),
  text: z.string().max(maxReadingLength),
  durationMs: z.number().min(0).optional(),
});
