import type { Names } from "./names.ts";

/** A text of the template, with another name wherever it says Example. Addresses at example.com stay: nobody has others. */
export function fillIn(text: string, names: Names): string {
  return text
    .replaceAll("hermes-platform-example", names.packageName)
    .replaceAll("EXAMPLE_", `${names.variable}_`)
    .replace(/\bexample\(/gu, `${names.factory}(`)
    .replace(/\{ example \}/gu, `{ ${names.factory} }`)
    .replace(/Example(?=[A-Z])/gu, names.type)
    .replace(/\bExample\b/gu, names.title)
    .replace(/\bexample\b(?!\.com)/gu, names.kind);
}
