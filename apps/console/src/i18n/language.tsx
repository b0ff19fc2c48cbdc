import { createContext, use, type ReactNode } from "react";
import type { Store } from "../connection/store.ts";
import { useStore } from "../app/use-store.ts";
import type { Catalogue } from "./catalogue.ts";
import { en } from "./en.ts";
import { formatsOf, type Formats } from "./formats.ts";
import type { Language } from "./languages.ts";
import { zhCn } from "./zh-cn.ts";

/** Words and ways to write times and numbers, in the language of the page. */
export interface Speech {
  readonly language: Language;
  readonly t: Catalogue;
  readonly formats: Formats;
}

const speeches: Readonly<Record<Language, Speech>> = {
  en: { language: "en", t: en, formats: formatsOf("en") },
  "zh-CN": { language: "zh-CN", t: zhCn, formats: formatsOf("zh-CN") },
};

const SpeechContext = createContext<Speech>(speeches.en);

/** Gives everything below it the language of the store. */
export function LanguageProvider({
  store,
  children,
}: {
  readonly store: Store<Language>;
  readonly children: ReactNode;
}): ReactNode {
  return <SpeechContext value={speeches[useStore(store)]}>{children}</SpeechContext>;
}

/** Words and formats of the page's language. */
export function useSpeech(): Speech {
  return use(SpeechContext);
}
