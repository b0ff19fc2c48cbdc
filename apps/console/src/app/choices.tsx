import type { ReactNode } from "react";
import { Segmented } from "../design/segmented.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { languages } from "../i18n/languages.ts";
import { themes, type Preferences } from "./preferences.ts";
import { useStore } from "./use-store.ts";

/** The language of the page. */
export function LanguageChoice({ preferences }: { readonly preferences: Preferences }): ReactNode {
  const { t, language } = useSpeech();
  const options = languages.map((value) => ({ value, label: t.app.languages[value] }));
  return <Segmented label={t.app.language} value={language} options={options} onChange={preferences.chooseLanguage} />;
}

/** Light or dark. */
export function ThemeChoice({ preferences }: { readonly preferences: Preferences }): ReactNode {
  const { t } = useSpeech();
  const theme = useStore(preferences.theme);
  const options = themes.map((value) => ({ value, label: t.app.themes[value] }));
  return <Segmented label={t.app.theme} value={theme} options={options} onChange={preferences.chooseTheme} />;
}
