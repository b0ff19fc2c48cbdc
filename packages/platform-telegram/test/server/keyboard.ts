import type { InlineKeyboardMarkup } from "grammy/types";
import { badRequest } from "./bot-api-error.ts";

/** "Data to be sent in a callback query to the bot when the button is pressed, 1-64 bytes" (InlineKeyboardButton). */
const maxDataBytes = 64;
const maxButtons = 100;

/**
 * The inline keyboard of a message, or undefined where there is none.
 *
 * @throws BotApiError for one that Telegram would not take.
 */
export function readKeyboard(value: unknown): InlineKeyboardMarkup | undefined {
  if (value === undefined) return undefined;
  const { inline_keyboard: rows } = value as Partial<InlineKeyboardMarkup>;
  if (!Array.isArray(rows)) throw badRequest("object expected as reply markup");
  const buttons = rows.flat();
  if (buttons.length > maxButtons) throw badRequest("reply markup is too long");
  for (const button of buttons) {
    if (button.text.trim() === "") throw badRequest("inline keyboard button text must be non-empty");
    if (!("callback_data" in button)) throw badRequest("text buttons are unallowed in the inline keyboard");
    const sizeBytes = Buffer.byteLength(button.callback_data);
    if (sizeBytes === 0 || sizeBytes > maxDataBytes) throw badRequest("BUTTON_DATA_INVALID");
  }
  return buttons.length === 0 ? undefined : { inline_keyboard: rows.filter((row) => row.length > 0) };
}
