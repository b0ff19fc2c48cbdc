import { useEffect, type ReactNode } from "react";
import { Button } from "../design/button.tsx";
import { Logo } from "../design/icon.tsx";
import { EmptyState } from "../design/note.tsx";
import { useSpeech } from "../i18n/language.tsx";

/** Shown until it is known who one is. */
export function Starting(): ReactNode {
  const { t } = useSpeech();
  return (
    <main className="centered" aria-busy="true">
      <div className="starting">
        <Logo />
        <h1 className="visually-hidden">{t.app.name}</h1>
        <p className="visually-hidden">{t.common.loading}</p>
      </div>
    </main>
  );
}

const retryMs = 5000;

/** The gateway does not answer; it is asked again by itself. */
export function Unreachable({ onRetry }: { readonly onRetry: () => void }): ReactNode {
  const { t } = useSpeech();
  useEffect(() => {
    const timer = setInterval(onRetry, retryMs);
    return () => clearInterval(timer);
  }, [onRetry]);
  return (
    <main className="centered">
      <h1 className="visually-hidden">{t.app.name}</h1>
      <EmptyState icon="plug" title={t.signIn.unreachable} text={t.signIn.unreachableText}>
        <Button look="primary" icon="again" onClick={onRetry}>
          {t.common.retry}
        </Button>
      </EmptyState>
    </main>
  );
}
