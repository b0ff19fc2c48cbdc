import type { z } from "zod";
import { MediaFailure } from "../media-failure.ts";

/** The JSON of an answer, if it is what a schema expects. Throws `MediaFailure` otherwise. */
export function readAnswer<Output>(text: string, schema: z.ZodType<Output>): Output {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new MediaFailure({ kind: "senseless-answer" });
  }
  const read = schema.safeParse(json);
  if (!read.success) throw new MediaFailure({ kind: "senseless-answer" });
  return read.data;
}
