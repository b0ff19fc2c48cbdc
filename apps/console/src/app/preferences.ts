import { createStore, type Store } from "../connection/store.ts";
import { chooseLanguage, type Language } from "../i18n/languages.ts";

/** How the page looks; `system`: as the rest of the machine. */
export type Theme = "system" | "light" | "dark";

/** In the order they are offered. */
export const themes: readonly Theme[] = ["system", "light", "dark"];

/** What somebody chose for this browser. */
export interface Preferences {
  readonly theme: Store<Theme>;
  readonly language: Store<Language>;
  readonly chooseTheme: (theme: Theme) => void;
  readonly chooseLanguage: (language: Language) => void;
}

const themeName = "hermes.theme";
const languageName = "hermes.language";

/** Reads what was chosen before, and shows each choice on the document's root at once. */
export function createPreferences(
  storage: Pick<Storage, "getItem" | "setItem">,
  root: Pick<HTMLElement, "dataset" | "lang">,
  preferred: readonly string[],
): Preferences {
  const chosen = storage.getItem(themeName);
  const theme = createStore<Theme>(themes.find((known) => known === chosen) ?? "system");
  const language = createStore(chooseLanguage(storage.getItem(languageName), preferred));
  const show = (): void => {
    root.dataset["theme"] = theme.get();
    root.lang = language.get();
  };
  show();
  return {
    theme,
    language,
    chooseTheme(next) {
      theme.set(next);
      storage.setItem(themeName, next);
      show();
    },
    chooseLanguage(next) {
      language.set(next);
      storage.setItem(languageName, next);
      show();
    },
  };
}
