import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";
import { Access } from "../access/access-page.tsx";
import { ChatPage } from "../chat/chat-page.tsx";
import type { SignedIn } from "../connection/session.ts";
import { Deliveries } from "../deliveries/deliveries-page.tsx";
import { MessagePage } from "../deliveries/message-page.tsx";
import { Button } from "../design/button.tsx";
import { EmptyState } from "../design/note.tsx";
import { Toasts } from "../design/toasts.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { Platforms } from "../platforms/platforms-page.tsx";
import { Waiting } from "../waiting/waiting-page.tsx";
import { Announcer } from "./announcer.tsx";
import { ConnectionBanner } from "./connection-banner.tsx";
import { createServices, runServices } from "./create-services.ts";
import { Palette } from "./palette.tsx";
import type { Preferences } from "./preferences.ts";
import type { Route } from "./route.ts";
import { ServicesProvider, useServices } from "./services.tsx";
import { ShortcutsDialog } from "./shortcuts-dialog.tsx";
import { Sidebar } from "./sidebar.tsx";
import { useShellKeys, type Overlay } from "./use-shell-keys.ts";
import { useStore } from "./use-store.ts";

interface ConsoleProps {
  readonly preferences: Preferences;
  readonly signedIn: SignedIn;
  readonly onSignOut: () => Promise<void>;
  readonly onSignedOut: () => void;
}

/** The console of somebody who is signed in. */
export function Console(props: ConsoleProps): ReactNode {
  const [services] = useState(() => createServices(props));
  useEffect(() => runServices(services), [services]);
  return (
    <ServicesProvider services={services}>
      <Shell />
    </ServicesProvider>
  );
}

function Shell(): ReactNode {
  const { t } = useSpeech();
  const { navigation } = useServices();
  const route = useStore(navigation.route);
  const [overlay, setOverlay] = useState<Overlay>();
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const closeDrawer = useCallback(() => setDrawerOpen(false), []);
  useShellKeys({ overlay, setOverlay, toggleDrawer: () => setDrawerOpen((isOpen) => !isOpen) });
  useFocusOnNavigation(route, main, closeDrawer);
  return (
    <div className="shell" data-drawer={isDrawerOpen}>
      <a
        href="#main"
        className="skip-link"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t.app.skip}
      </a>
      <Sidebar isOpen={isDrawerOpen} onOpen={() => setDrawerOpen(true)} onClose={closeDrawer} onOverlay={setOverlay} />
      <main id="main" ref={main} tabIndex={-1} className="main" inert={isDrawerOpen}>
        <ConnectionBanner />
        <Place route={route} />
      </main>
      {overlay === "palette" && <Palette onClose={() => setOverlay(undefined)} onShortcuts={() => setOverlay("shortcuts")} />}
      {overlay === "shortcuts" && <ShortcutsDialog onClose={() => setOverlay(undefined)} />}
      <Toasts />
      <Announcer />
    </div>
  );
}

/** After going somewhere, what is read next is the new place. A chat takes the focus into its composer by itself. */
function useFocusOnNavigation(route: Route, main: { readonly current: HTMLElement | null }, closeDrawer: () => void): void {
  const before = useRef(route);
  useEffect(() => {
    if (before.current === route) return;
    before.current = route;
    closeDrawer();
    if (route.page !== "chat") main.current?.focus();
  }, [route, main, closeDrawer]);
}

function Place({ route }: { readonly route: Route }): ReactNode {
  switch (route.page) {
    case "chat":
      return <ChatPage sessionKey={route.sessionKey} />;
    case "platforms":
      return <Platforms />;
    case "deliveries":
      return <Deliveries tab={route.tab} />;
    case "message":
      return <MessagePage key={route.id} id={route.id} />;
    case "waiting":
      return <Waiting />;
    case "access":
      return <Access />;
    case "missing":
      return <Missing />;
  }
}

function Missing(): ReactNode {
  const { t } = useSpeech();
  const { navigation } = useServices();
  return (
    <div className="centered">
      <h1 className="visually-hidden">{t.app.notFound}</h1>
      <EmptyState icon="question" title={t.app.notFound} text={t.app.notFoundText}>
        <Button look="primary" onClick={() => navigation.go({ page: "chat", sessionKey: undefined })}>
          {t.app.toChat}
        </Button>
      </EmptyState>
    </div>
  );
}
