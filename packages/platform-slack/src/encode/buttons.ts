import type { Action, Json } from "@hermes/core";
import { capabilityTable } from "../capabilities.ts";

/** "Maximum length for the text in this field is 75 characters" (Button, text). */
const maxLabelLength = 75;

/** A block for each row; or why Slack takes none of them. */
export function buttonBlocks(rows: readonly (readonly Action[])[]): readonly Json[] | string {
  const { max, maxDataBytes } = capabilityTable.actions;
  const all = rows.flat();
  if (all.length > max) return `a message has at most ${max} buttons`;
  if (all.some(({ token }) => token === "" || Buffer.byteLength(token) > maxDataBytes)) {
    return `the token of a button has 1 to ${maxDataBytes} bytes`;
  }
  return rows
    .filter((row) => row.length > 0)
    .map((row, line) => ({
      type: "actions",
      elements: row.map(({ label, token, style }, column) => ({
        type: "button",
        // Unlike its value, it may stand only once in a block.
        action_id: `hermes-${line}-${column}`,
        text: { type: "plain_text", text: shortened(label), emoji: true },
        value: token,
        ...(style === undefined ? {} : { style }),
      })),
    }));
}

function shortened(label: string): string {
  const text = label.toWellFormed().trim();
  if (text === "") return "…";
  return text.length <= maxLabelLength ? text : `${text.slice(0, maxLabelLength - 1).toWellFormed()}…`;
}
