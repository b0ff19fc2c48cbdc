/** Escape sequences of terminals: CSI, OSC and the like with their ends, then any other two-character one (ECMA-48). */
const escapeSequences =
  // oxlint-disable-next-line no-control-regex -- what is looked for are control characters
  /(?:\u001B\[|\u009B)[0-?]{0,64}[ -/]{0,16}[@-~]|(?:\u001B[\]PX^_]|[\u009D\u0090\u0098\u009E\u009F])[^\u0007\u001B\u009C]{0,4096}(?:\u0007|\u001B\\|\u009C)?|\u001B[ -/]{0,16}[0-~]?/gu;

/** Characters that are not seen but change what is: controls but tab and line feed, direction marks, zero widths, tags. */
const unseen =
  // oxlint-disable-next-line no-control-regex -- control characters are among what is looked for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;

/** A text without escape sequences and characters that nobody sees. A line that was written over is kept as lines. */
export function cleanText(text: string): string {
  return text.toWellFormed().replace(escapeSequences, "").replace(/\r\n?/gu, "\n").replace(unseen, "");
}

/** Whether a text holds characters that nobody sees. */
export function hasUnseen(text: string): boolean {
  unseen.lastIndex = 0;
  return unseen.test(text);
}

/** The beginning and the end of a text that is longer than `maxCharacters`, and between them how much is left out. */
export function headAndTail(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const half = Math.floor(maxCharacters / 2);
  const left = text.length - 2 * half;
  return `${text.slice(0, half).toWellFormed()}\n[… ${left} characters left out …]\n${text.slice(-half).toWellFormed()}`;
}

/** The first `maxCharacters` of a text, and that there was more. */
export function headOf(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  return `${text.slice(0, maxCharacters).toWellFormed()}\n[… ${text.length - maxCharacters} more characters …]`;
}

/** Whether bytes are no text: a zero byte among the first, or mostly what no text has. */
export function isBinary(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 8192);
  if (sample.includes(0)) return true;
  const text = new TextDecoder().decode(sample, { stream: true });
  let strange = 0;
  for (const character of text) if (character === "\uFFFD") strange += 1;
  return strange > 8 && strange * 10 > text.length;
}
