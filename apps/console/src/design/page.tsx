import { useEffect, type ReactNode } from "react";
import { useSpeech } from "../i18n/language.tsx";

interface PageProps {
  readonly title: string;
  readonly description?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page beside the chat: its title, what it is about, and its content. */
export function Page({ title, description, actions, children }: PageProps): ReactNode {
  usePageTitle(title);
  return (
    <div className="page">
      <div className="page-inner">
        <header className="page-header">
          <div>
            <h1>{title}</h1>
            {description !== undefined && <p>{description}</p>}
          </div>
          {actions !== undefined && <div className="page-actions">{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  );
}

/** Names the page in the browser's window. */
export function usePageTitle(title: string): void {
  const { t } = useSpeech();
  useEffect(() => {
    document.title = title === "" ? t.app.name : `${title} · ${t.app.name}`;
  }, [title, t]);
}

/** Lines that say that something is on its way. */
export function Skeleton({ rows }: { readonly rows: number }): ReactNode {
  const { t } = useSpeech();
  return (
    <div className="skeleton" role="status" aria-label={t.common.loading}>
      {Array.from({ length: rows }, (_, index) => (
        <span key={index} />
      ))}
    </div>
  );
}
