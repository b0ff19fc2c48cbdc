/** Hides secrets in whatever is about to be written. */
export interface Redactor {
  /** A value that is never to be written again, also as a part of an address. */
  add(secret: string): void;
  redact(text: string): string;
}

/** What is shorter would hide half of every line and is no secret worth the name. */
const minLength = 4;

/** A redactor that knows nothing yet. */
export function createRedactor(): Redactor {
  let forms: readonly string[] = [];
  return {
    add(secret) {
      if (secret.length < minLength) return;
      const json = JSON.stringify(secret).slice(1, -1);
      const all = new Set([...forms, secret, encoded(secret), encoded(secret).replaceAll("%3A", ":"), json]);
      // The longest first: a secret may begin like another.
      forms = [...all].sort((a, b) => b.length - a.length);
    },
    redact(text) {
      let redacted = text;
      for (const form of forms) if (redacted.includes(form)) redacted = redacted.replaceAll(form, "(hidden)");
      return redacted;
    },
  };
}

/** A text with half a character in it has no encoded form. */
function encoded(secret: string): string {
  return encodeURIComponent(secret.toWellFormed());
}
