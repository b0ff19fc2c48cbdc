/** What Telegram would do to the characters of a text, done here, so that lengths and offsets are those of the server. */
export function clean(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (!/[\u0000-\u0009\u000B-\u001F\u2028-\u202E]|\u030A|\u0333|\u033F/u.test(text)) return text;
  const kept = /\u030A|\u0333|\u033F/u.test(text) ? text.normalize("NFC").replace(/\u030A|\u0333|\u033F/gu, "") : text;
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return kept.replace(/[\r\u2028-\u202E]/gu, "").replace(/[\u0000-\u0009\u000B-\u001F]/gu, " ");
}

/** Nothing but spaces and invisible characters: Telegram refuses such a text. */
export function isBlank(text: string): boolean {
  return /^[\s\u180E\u200B-\u200F\u2028-\u202E\u2800\uFEFF\uFFFC]*$/u.test(text);
}
