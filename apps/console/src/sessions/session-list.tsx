import type { SessionInfo } from "@hermes/protocol";
import { useEffect, useState, type ReactNode } from "react";
import { useNow } from "../app/clock.ts";
import { Link } from "../app/navigation.tsx";
import { useServices } from "../app/services.tsx";
import { useStore } from "../app/use-store.ts";
import { whileVisible } from "../app/use-query.ts";
import { ownPlatform } from "../chat/session-key.ts";
import { Button } from "../design/button.tsx";
import { ErrorNote } from "../design/note.tsx";
import { Skeleton } from "../design/page.tsx";
import { Ago } from "../design/time.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { groupSessions } from "./group-sessions.ts";
import { platformName } from "./platform-name.ts";
import { SessionActions } from "./session-actions.tsx";

/** Conversations of other platforms tell nothing by themselves: the list is asked again. */
const refreshMs = 15_000;

/** All conversations, by day. */
export function SessionList(): ReactNode {
  const { t } = useSpeech();
  const { sessions, navigation } = useServices();
  const { rows, hasMore, isLoaded, error } = useStore(sessions.view);
  const route = useStore(navigation.route);
  const nowMs = useNow(60_000);
  useEffect(() => whileVisible(refreshMs, () => void sessions.refresh()), [sessions]);
  const open = route.page === "chat" ? route.sessionKey : undefined;
  return (
    <nav className="session-list" aria-label={t.sessions.title}>
      {error !== undefined && <ErrorNote error={error} onRetry={() => void sessions.refresh()} />}
      {!isLoaded && error === undefined && <Skeleton rows={6} />}
      {isLoaded && rows.length === 0 && (
        <div className="session-list-empty">
          <p>{t.sessions.empty}</p>
          <p>{t.sessions.emptyText}</p>
        </div>
      )}
      {groupSessions(rows, nowMs).map(({ age, rows }) => (
        <section key={age}>
          <h2>{t.sessions.groups[age]}</h2>
          <ul>
            {rows.map((row) => (
              <SessionRow key={row.session_key} session={row} isOpen={row.session_key === open} />
            ))}
          </ul>
        </section>
      ))}
      {hasMore && (
        <Button look="quiet" className="button-wide" onClick={() => void sessions.loadMore()}>
          {t.common.loadMore}
        </Button>
      )}
    </nav>
  );
}

function SessionRow({ session, isOpen }: { readonly session: SessionInfo; readonly isOpen: boolean }): ReactNode {
  const { t } = useSpeech();
  const [isEditing, setEditing] = useState(false);
  const title = session.title === "" ? t.sessions.untitled : session.title;
  const { platform } = session.chat;
  return (
    <li className="session-row" data-editing={isEditing}>
      <Link to={{ page: "chat", sessionKey: session.session_key }} className="session-link" isCurrent={isOpen} title={title}>
        <span className="session-title">{title}</span>
        <span className="session-about">
          {session.running && <span className="running-dot" role="img" aria-label={t.sessions.running} />}
          {platform !== ownPlatform && <span className="platform-tag">{platformName(platform)}</span>}
          <Ago atMs={Date.parse(session.updated_at)} isShort />
        </span>
      </Link>
      <SessionActions session={session} className="session-more" onEditing={setEditing} />
    </li>
  );
}
