import type { ModelCall } from "../step/model-call.ts";
import type { Tool, ToolCall } from "../tool.ts";

/** A call that is understood, or why it is none. */
export type ReadCall = ModelCall & ({ readonly work: ToolCall } | { readonly refusal: string });

/**
 * Looks what a call is before anything of it is done. `isAllowed` is asked by the tool's set: whoever speaks now may have fewer than whoever
 * began the turn.
 */
export function readCall(call: ModelCall, tools: ReadonlyMap<string, Tool>, isAllowed: (set: string) => boolean): ReadCall {
  const tool = tools.get(call.name);
  if (tool === undefined) {
    const names = [...tools.keys()].join(", ");
    return { ...call, refusal: `There is no tool of this name. ${names === "" ? "There are none." : `There are: ${names}.`}` };
  }
  if (!isAllowed(tool.set)) return { ...call, refusal: "This tool is not for everybody who takes part in this turn." };
  if (call.input === undefined) return { ...call, refusal: "The input is not a JSON object. Write it again, as one." };
  try {
    const work = tool.read(call.input);
    return typeof work === "string" ? { ...call, refusal: `The input is not right. ${work}` } : { ...call, work };
  } catch (error) {
    return { ...call, refusal: `The input cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
}
