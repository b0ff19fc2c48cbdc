import type { MessageEntity } from "grammy/types";
import type { Calls } from "./calls.ts";
import { isMarkupRefusal, isMissingMethod, isRichRefusal } from "./failure.ts";
import type { Features } from "./features.ts";

/** A text with entities; `plain` is what stands for it should Telegram not understand them. */
export interface ShownText {
  readonly form: "text";
  readonly text: string;
  readonly entities: readonly MessageEntity[];
  plain(): string;
}

/** A message made of blocks; `fallback` is what stands for it where those are not taken. */
export interface ShownBlocks {
  readonly form: "rich";
  readonly html: string;
  readonly isRightToLeft: boolean;
  /** @throws PlatformError `too-long` where the text does not fit. */
  fallback(): ShownText;
}

export type Shown = ShownText | ShownBlocks;

export interface TextFields {
  readonly text: string;
  readonly entities?: MessageEntity[];
}

export interface RichFields {
  readonly rich_message: { readonly html: string; readonly skip_entity_detection: true; readonly is_rtl?: true };
}

/** The call for either form. */
export interface Showing<Result> {
  text(fields: TextFields): Promise<Result>;
  rich(fields: RichFields): Promise<Result>;
}

/**
 * Nothing is lost where Telegram does not take a form: what it cannot read as blocks goes as text, what it cannot read as markup goes
 * without. That a server has no blocks at all is remembered.
 */
export async function show<Result>(
  shown: Shown,
  call: Showing<Result>,
  features: Features,
  { onPlainText }: Calls["options"],
): Promise<Result> {
  if (shown.form === "text") return showText(shown, (fields) => call.text(fields), onPlainText);
  if (!features.rich) return showText(shown.fallback(), (fields) => call.text(fields), onPlainText);
  try {
    return await call.rich(richFields(shown));
  } catch (error) {
    if (isMissingMethod(error)) features.rich = false;
    else if (!isRichRefusal(error)) throw error;
    return showText(shown.fallback(), (fields) => call.text(fields), onPlainText);
  }
}

/** The same for what can only be text. */
export async function showText<Result>(
  shown: ShownText,
  call: (fields: TextFields) => Promise<Result>,
  onPlainText?: () => void,
): Promise<Result> {
  if (shown.entities.length === 0) return call({ text: shown.text });
  try {
    return await call({ text: shown.text, entities: [...shown.entities] });
  } catch (error) {
    if (!isMarkupRefusal(error)) throw error;
    onPlainText?.();
    return call({ text: shown.plain() });
  }
}

/** Links are made by us, so that what Telegram would find by itself pings nobody. */
function richFields({ html, isRightToLeft }: ShownBlocks): RichFields {
  return { rich_message: { html, skip_entity_detection: true, ...(isRightToLeft ? { is_rtl: true } : {}) } };
}
