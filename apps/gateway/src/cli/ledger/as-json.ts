/** What JSON leaves as it is and a terminal may still obey: C1 controls, and marks that turn the direction of a text. */
const steering = /[\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF]/gu;

/** For scripts; the same value when it is read again, and harmless on a terminal. */
export function asJson(value: unknown): string {
  const json = JSON.stringify(value, null, 2);
  return `${json.replace(steering, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`;
}
