import type { Action } from "@hermes/core";
import { capabilityTable } from "../capabilities.ts";
import { shorten } from "../encode/shorten.ts";
import { refusal } from "./places.ts";

/** Component types and button styles (Component Reference). */
const actionRow = 1;
const button = 2;
const styles = { primary: 1, plain: 2, danger: 4 } as const;
const buttonsInRow = 5;
const maxRows = 5;
/** "Text that appears on the button; max 80 characters". */
const maxLabelLength = 80;

/** The rows of buttons under a message; a row that is too long becomes several. @throws PlatformError for what Discord does not take. */
export function rowsOf(actions: readonly (readonly Action[])[], platform: string): readonly object[] {
  const rows = actions.flatMap(chunked);
  const { max, maxDataBytes } = capabilityTable.actions;
  const count = rows.flat().length;
  if (count > max) throw refusal(platform, "send", `${count} buttons are more than ${max}`);
  // Rows that are not full take more of them than there may be: then the buttons stand as close as they go.
  const laid = rows.length > maxRows ? chunked(rows.flat()) : rows;
  const tokens = new Set<string>();
  return laid.map((row) => ({
    type: actionRow,
    components: row.map(({ label, token, style }) => {
      const sizeBytes = Buffer.byteLength(token);
      if (sizeBytes === 0 || sizeBytes > maxDataBytes) {
        throw refusal(platform, "send", `a button's token has ${sizeBytes} bytes, Discord takes 1 to ${maxDataBytes}`);
      }
      if (tokens.has(token)) throw refusal(platform, "send", "two buttons have the same token");
      tokens.add(token);
      if (label.trim() === "") throw refusal(platform, "send", "a button has no label");
      return {
        type: button,
        style: styles[style ?? "plain"],
        label: shorten(label.toWellFormed().trim(), maxLabelLength),
        custom_id: token,
      };
    }),
  }));
}

function chunked(row: readonly Action[]): readonly (readonly Action[])[] {
  return Array.from({ length: Math.ceil(row.length / buttonsInRow) }, (_, index) =>
    row.slice(index * buttonsInRow, (index + 1) * buttonsInRow),
  );
}
