import type { ChatStep } from "@hermes/protocol";
import { cutText, oneLine } from "../ledger/text-width.ts";
import type { Block } from "./blocks.ts";
import type { Style } from "./style.ts";

/** One use of a tool on one line. `spinner` stands before one that runs; without it, one that never ended. */
export function renderStep({ title, state, summary }: ChatStep, columns: number, style: Style, spinner = "·"): Block {
  const sign =
    state === "done"
      ? style.paint("✓", ["good"])
      : state === "failed"
        ? style.paint("✗", ["bad"])
        : style.paint(spinner, ["dim"]);
  const more = summary === undefined || oneLine(summary) === "" ? "" : ` · ${oneLine(summary)}`;
  const said = cutText(`${oneLine(title)}${more}`, Math.max(10, columns - 4));
  return { kind: "step", lines: [`  ${sign} ${style.paint(said, ["dim"])}`] };
}
