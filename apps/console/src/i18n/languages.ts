/** Languages the page speaks. */
export type Language = "en" | "zh-CN";

/** In the order they are offered. */
export const languages: readonly Language[] = ["en", "zh-CN"];

/** The chosen language, else the first of the browser's that the page speaks, else English. */
export function chooseLanguage(chosen: string | null, preferred: readonly string[]): Language {
  const known = languages.find((language) => language === chosen);
  if (known !== undefined) return known;
  for (const tag of preferred) {
    if (/^zh\b/iu.test(tag)) return "zh-CN";
    if (/^en\b/iu.test(tag)) return "en";
  }
  return "en";
}
