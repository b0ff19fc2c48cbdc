/**
 * Characters that steer a terminal, break a line or turn the direction of a text round: whoever can put them into a log line can
 * forge the lines after it.
 */
const steering = /[\p{Cc}\p{Cs}\u200E\u200F\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A text that stays on its line and steers nothing. */
export function printable(text: string): string {
  return text.replace(steering, (character) => short[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

// oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
const escapeSequence = /\u001B(?:\[[0-?]*[ -/]*[@-~]|[\]P^_X][^\u0007\u001B]*(?:\u0007|\u001B\\)?|[ -/]*[0-~])?/gu;

/** Text of others for a terminal: line ends and tabs stay, whatever else steers the terminal is taken out. */
export function terminalText(text: string): string {
  return text
    .replace(/\r\n?/gu, "\n")
    .replace(escapeSequence, "")
    .replace(steering, (character) => (character === "\n" || character === "\t" ? character : ""));
}
