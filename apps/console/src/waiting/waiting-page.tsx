import type { ReactNode } from "react";
import { Icon, type IconName } from "../design/icon.tsx";
import { EmptyState } from "../design/note.tsx";
import { Page } from "../design/page.tsx";
import { Ago } from "../design/time.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { useWaiting } from "./use-waiting.ts";

/** Decisions that only a person can take. */
export function Waiting(): ReactNode {
  const { t } = useSpeech();
  const rows = useWaiting();
  return (
    <Page title={t.pages.waiting} description={t.waiting.description}>
      {rows.length === 0 ? (
        <EmptyState icon="bell" title={t.waiting.empty} text={t.waiting.emptyText}>
          <ul className="waiting-kinds">
            <Kind icon="key" title={t.waiting.pairings} text={t.waiting.pairingsText} />
            <Kind icon="shield" title={t.waiting.approvals} text={t.waiting.approvalsText} />
          </ul>
        </EmptyState>
      ) : (
        <ul className="waiting-rows">
          {rows.map(({ id, kind, title, atMs }) => (
            <li key={id} className="card">
              <Icon name={kind === "pairing" ? "key" : "shield"} />
              <span>{title}</span>
              <Ago atMs={atMs} />
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}

interface KindProps {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
}

function Kind({ icon, title, text }: KindProps): ReactNode {
  return (
    <li>
      <Icon name={icon} />
      <div>
        <h3>{title}</h3>
        <p>{text}</p>
      </div>
    </li>
  );
}
