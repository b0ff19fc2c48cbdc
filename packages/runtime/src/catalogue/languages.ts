import type { Catalogue } from "./catalogue.ts";
import { english } from "./en.ts";
import { simplifiedChinese } from "./zh-cn.ts";

/** The languages there is a catalogue of. */
export type Language = "en" | "zh-CN";

/** The catalogue of a language. */
export function catalogueOf(language: Language): Catalogue {
  switch (language) {
    case "en":
      return english;
    case "zh-CN":
      return simplifiedChinese;
  }
}
