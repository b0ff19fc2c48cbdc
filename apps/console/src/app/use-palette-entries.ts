import { useEffect, useState } from "react";
import type { SessionHit } from "@hermes/protocol";
import type { IconName } from "../design/icon.tsx";
import { tell } from "../design/toasts.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { platformName } from "../sessions/platform-name.ts";
import { ownPlatform } from "../chat/session-key.ts";
import { languages } from "../i18n/languages.ts";
import { useServices } from "./services.tsx";
import { useStore } from "./use-store.ts";

/** One thing the palette offers. */
export interface PaletteEntry {
  readonly name: string;
  readonly icon: IconName;
  readonly title: string;
  /** Where what was looked for stands. */
  readonly excerpt?: string;
  readonly aside?: string;
  readonly run: () => void;
}

/** Things of one kind. */
export interface PaletteGroup {
  readonly title: string;
  readonly entries: readonly PaletteEntry[];
}

interface PaletteEntries {
  readonly groups: readonly PaletteGroup[];
  readonly isSearching: boolean;
  readonly error: unknown;
}

const recentConversations = 6;
const mostConversations = 8;

/** What fits the text, the likeliest kind first. */
export function usePaletteEntries(text: string, onShortcuts: () => void): PaletteEntries {
  const { t, language } = useSpeech();
  const { navigation, sessions, preferences, signOut } = useServices();
  const rows = useStore(sessions.view).rows;
  const { hits, isSearching, error } = useSearch(text);
  const fits = (words: string): boolean => words.toLowerCase().includes(text.toLowerCase());
  const named = (entries: readonly PaletteEntry[]): readonly PaletteEntry[] => entries.filter(({ title }) => fits(title));
  const open = (sessionKey: string | undefined) => () => navigation.go({ page: "chat", sessionKey });
  const placeOf = (platform: string): { readonly aside?: string } =>
    platform === ownPlatform ? {} : { aside: platformName(platform) };
  const theme = useStore(preferences.theme);
  const isDark = theme === "system" ? window.matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
  const other = languages.find((known) => known !== language) ?? language;

  const conversations = rows
    .filter(({ title }) => fits(title))
    .slice(0, text === "" ? recentConversations : mostConversations)
    .map(({ session_key, title, chat }): PaletteEntry => ({
      name: `session:${session_key}`,
      icon: "chat",
      title: title === "" ? t.sessions.untitled : title,
      ...placeOf(chat.platform),
      run: open(session_key),
    }));
  const messages = hits.map((hit, index): PaletteEntry => ({
    name: `hit:${index}:${hit.session_key}`,
    icon: hit.role === "user" ? "user" : "spark",
    title: hit.title === "" ? t.sessions.untitled : hit.title,
    excerpt: hit.excerpt,
    ...placeOf(hit.session_key.split(":")[2] ?? ownPlatform),
    run: open(hit.session_key),
  }));
  const pages = named([
    { name: "platforms", icon: "plug", title: t.pages.platforms, aside: "G P", run: () => navigation.go({ page: "platforms" }) },
    {
      name: "deliveries",
      icon: "paper",
      title: t.pages.deliveries,
      aside: "G D",
      run: () => navigation.go({ page: "deliveries", tab: "outgoing" }),
    },
    {
      name: "events",
      icon: "inbox",
      title: `${t.pages.deliveries}: ${t.deliveries.incoming}`,
      run: () => navigation.go({ page: "deliveries", tab: "incoming" }),
    },
    { name: "waiting", icon: "bell", title: t.pages.waiting, aside: "G W", run: () => navigation.go({ page: "waiting" }) },
    { name: "access", icon: "shield", title: t.pages.access, aside: "G A", run: () => navigation.go({ page: "access" }) },
  ]);
  const actions = named([
    { name: "new", icon: "compose", title: t.sessions.newChat, aside: "N", run: open(undefined) },
    {
      name: "theme",
      icon: isDark ? "sun" : "moon",
      title: t.palette.toggleTheme,
      run: () => preferences.chooseTheme(isDark ? "light" : "dark"),
    },
    {
      name: "language",
      icon: "globe",
      title: `${t.app.language}: ${t.app.languages[other]}`,
      run: () => preferences.chooseLanguage(other),
    },
    { name: "shortcuts", icon: "keyboard", title: t.app.shortcuts, aside: "?", run: onShortcuts },
    {
      name: "leave",
      icon: "leave",
      title: t.app.signOut,
      run: () => void signOut().catch(() => tell(t.signIn.outcomes.unreachable)),
    },
  ]);
  const groups = [
    { title: t.palette.conversations, entries: conversations },
    { title: t.palette.messages, entries: messages },
    { title: t.palette.pages, entries: pages },
    { title: t.palette.actions, entries: actions },
  ].filter(({ entries }) => entries.length > 0);
  return { groups, isSearching, error };
}

const pauseMs = 160;

interface Search {
  readonly hits: readonly SessionHit[];
  readonly isSearching: boolean;
  readonly error: unknown;
}

/** Asks once somebody stops writing for a moment; what was found for less stays until then. */
function useSearch(text: string): Search {
  const { client } = useServices();
  const [state, setState] = useState<Search & { readonly text: string }>({
    hits: [],
    isSearching: false,
    error: undefined,
    text: "",
  });
  useEffect(() => {
    if (text === "") return;
    let isWanted = true;
    const timer = setTimeout(() => {
      const keep = (next: Pick<Search, "hits" | "error">): void => {
        if (isWanted) setState({ ...next, isSearching: false, text });
      };
      client.call("session.search", { text: text.slice(0, 256), limit: 20 }).then(
        ({ hits }) => keep({ hits, error: undefined }),
        (error: unknown) => keep({ hits: [], error }),
      );
    }, pauseMs);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [client, text]);
  if (text === "") return { hits: [], isSearching: false, error: undefined };
  return { ...state, isSearching: state.text !== text };
}
