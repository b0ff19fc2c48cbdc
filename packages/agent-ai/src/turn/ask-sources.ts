import type { Logger } from "@hermes/core";
import type { ToolSource } from "../tool.ts";

/** Asks each source, one after the other. One that fails is left out, with a line in the log: the others and the turn go on. */
export async function askSources<T>(
  sources: readonly ToolSource[],
  ask: (source: ToolSource) => Promise<T> | undefined,
  { signal, logger }: { readonly signal: AbortSignal; readonly logger: Logger },
): Promise<readonly T[]> {
  const answers: T[] = [];
  for (const source of sources) {
    try {
      const answer = await ask(source);
      if (answer !== undefined) answers.push(answer);
    } catch (error) {
      signal.throwIfAborted();
      logger.warn(`A source of tools failed, and is left out: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return answers;
}
