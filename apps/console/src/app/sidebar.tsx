import { useEffect, useRef, type ReactNode } from "react";
import { Badge } from "../design/badge.tsx";
import { Icon, Logo, type IconName } from "../design/icon.tsx";
import { IconButton } from "../design/button.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { SessionList } from "../sessions/session-list.tsx";
import { useWaiting } from "../waiting/use-waiting.ts";
import { AccountMenu } from "./account-menu.tsx";
import { Link } from "./navigation.tsx";
import { commandKey } from "./platform-keys.ts";
import type { Route } from "./route.ts";
import { useServices } from "./services.tsx";
import type { Overlay } from "./use-shell-keys.ts";
import { useStore } from "./use-store.ts";

interface SidebarProps {
  readonly isOpen: boolean;
  readonly onOpen: () => void;
  readonly onClose: () => void;
  readonly onOverlay: (overlay: Overlay) => void;
}

/** Pages and conversations: beside the page, or over it on a narrow screen. */
export function Sidebar({ isOpen, onOpen, onClose, onOverlay }: SidebarProps): ReactNode {
  const { t } = useSpeech();
  const opener = useRef<HTMLButtonElement>(null);
  const closer = useRef<HTMLButtonElement>(null);
  const wasOpen = useRef(false);
  useEffect(() => {
    if (isOpen) closer.current?.focus();
    else if (wasOpen.current && document.activeElement === document.body) opener.current?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  return (
    <>
      <IconButton
        reference={opener}
        icon="menu"
        label={t.app.menu}
        className="drawer-opener"
        aria-expanded={isOpen}
        onClick={onOpen}
      />
      <div className="drawer-shade" onClick={onClose} aria-hidden="true" />
      <aside
        aria-label={t.app.menuName}
        className="sidebar"
        onKeyDown={(event) => {
          if (event.key === "Escape" && isOpen) onClose();
        }}
      >
        <header className="sidebar-header">
          <Logo />
          <span className="wordmark">{t.app.name}</span>
          <IconButton reference={closer} icon="close" label={t.app.closeMenu} className="drawer-closer" onClick={onClose} />
        </header>
        <div className="sidebar-actions">
          <button type="button" className="search-opener" onClick={() => onOverlay("palette")}>
            <Icon name="search" />
            <span>{t.sessions.search}</span>
            <kbd>{commandKey()} K</kbd>
          </button>
        </div>
        <PageLinks />
        <SessionList />
        <AccountMenu onShortcuts={() => onOverlay("shortcuts")} />
      </aside>
    </>
  );
}

function PageLinks(): ReactNode {
  const { t } = useSpeech();
  const waiting = useWaiting().length;
  const { navigation } = useServices();
  const current = useStore(navigation.route);
  const pages: readonly { readonly to: Route; readonly icon: IconName; readonly words: string; readonly count?: number }[] = [
    { to: { page: "chat", sessionKey: undefined }, icon: "compose", words: t.sessions.newChat },
    { to: { page: "platforms" }, icon: "plug", words: t.pages.platforms },
    { to: { page: "deliveries", tab: "outgoing" }, icon: "paper", words: t.pages.deliveries },
    { to: { page: "waiting" }, icon: "bell", words: t.pages.waiting, count: waiting },
    { to: { page: "access" }, icon: "shield", words: t.pages.access },
  ];
  const isCurrent = (page: Route["page"]): boolean => {
    if (current.page === "chat") return page === "chat" && current.sessionKey === undefined;
    return current.page === page || (page === "deliveries" && current.page === "message");
  };
  return (
    <nav className="page-links" aria-label={t.app.navigation}>
      <ul>
        {pages.map(({ to, icon, words, count = 0 }) => (
          <li key={words}>
            <Link to={to} className="page-link" isCurrent={isCurrent(to.page)}>
              <Icon name={icon} />
              <span>{words}</span>
              {count > 0 && (
                <Badge tone="info" title={t.pages.waitingCount(count)}>
                  {count}
                </Badge>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
