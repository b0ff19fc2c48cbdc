import type { ReactNode } from "react";
import { errorSentence } from "../i18n/error-sentence.ts";
import { useSpeech } from "../i18n/language.tsx";
import type { Tone } from "./badge.tsx";
import { Button } from "./button.tsx";
import { Icon, type IconName } from "./icon.tsx";

const icons: Readonly<Record<Tone, IconName>> = { neutral: "info", good: "check", warn: "warning", bad: "warning", info: "info" };

/** A sentence that matters at this place. */
export function Note({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }): ReactNode {
  return (
    <div className="note" data-tone={tone} role={tone === "bad" ? "alert" : undefined}>
      <Icon name={icons[tone]} />
      <div>{children}</div>
    </div>
  );
}

/** What failed, and a way to try it again. */
export function ErrorNote({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }): ReactNode {
  const { t } = useSpeech();
  return (
    <Note tone="bad">
      <p>{errorSentence(error, t)}</p>
      {onRetry !== undefined && (
        <Button icon="again" onClick={onRetry}>
          {t.common.retry}
        </Button>
      )}
    </Note>
  );
}

interface EmptyStateProps {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}

/** A place where nothing is yet, and what will be. */
export function EmptyState({ icon, title, text, children }: EmptyStateProps): ReactNode {
  return (
    <div className="empty-state">
      <span className="empty-state-icon">
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </div>
  );
}
