import { useEffect, useState, type ReactNode } from "react";
import { announce } from "../app/announcer.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { IconButton } from "./button.tsx";

/** Puts a text on the clipboard and says whether that worked. */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }): ReactNode {
  const { t } = useSpeech();
  const [outcome, setOutcome] = useState<"copied" | "failed">();
  useEffect(() => {
    if (outcome === undefined) return;
    const timer = setTimeout(() => setOutcome(undefined), 2000);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = (): void => {
    const say = (next: "copied" | "failed", words: string): void => {
      setOutcome(next);
      announce(words);
    };
    navigator.clipboard.writeText(text).then(
      () => say("copied", t.common.copied),
      () => say("failed", t.common.copyFailed),
    );
  };
  const words = { copied: t.common.copied, failed: t.common.copyFailed };
  const icon = outcome === undefined ? "copy" : outcome === "copied" ? "check" : "warning";
  return <IconButton icon={icon} label={outcome === undefined ? (label ?? t.common.copy) : words[outcome]} onClick={copy} />;
}
