import type { Action } from "@hermes/core";
import type { InlineKeyboardMarkup } from "grammy/types";
import { capabilityTable } from "../capabilities.ts";
import { refusal } from "./places.ts";

/** The keyboard under a message; undefined where there are no buttons. @throws PlatformError for buttons that Telegram does not take. */
export function keyboardOf(actions: readonly (readonly Action[])[], platform: string): InlineKeyboardMarkup | undefined {
  const rows = actions.filter((row) => row.length > 0);
  const buttons = rows.flat();
  if (buttons.length === 0) return undefined;
  const { max, maxDataBytes } = capabilityTable.actions;
  if (buttons.length > max) throw refusal(platform, "send", `${buttons.length} buttons are more than ${max}`);
  for (const { label, token } of buttons) {
    if (label.trim() === "") throw refusal(platform, "send", "a button has no label");
    const sizeBytes = Buffer.byteLength(token);
    if (sizeBytes === 0 || sizeBytes > maxDataBytes) {
      throw refusal(platform, "send", `a button's token has ${sizeBytes} bytes, Telegram takes 1 to ${maxDataBytes}`);
    }
  }
  return {
    inline_keyboard: rows.map((row) =>
      row.map(({ label, token, style }) => ({
        text: label.toWellFormed(),
        callback_data: token,
        ...(style === undefined ? {} : { style }),
      })),
    ),
  };
}

/** "Text of the notification … 0-200 characters" (Bot API, answerCallbackQuery). */
const maxNoticeLength = 200;

/** A notice that fits; what is more than that is only hinted at, as in any notification. */
export function noticeOf(notice: string | undefined): string | undefined {
  const text = notice?.toWellFormed().trim() ?? "";
  if (text === "") return undefined;
  if (text.length <= maxNoticeLength) return text;
  return `${text.slice(0, maxNoticeLength - 1).replace(/[\uD800-\uDBFF]$/u, "")}…`;
}
