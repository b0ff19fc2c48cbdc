import { useId, useRef, type ReactNode } from "react";
import { Icon } from "../design/icon.tsx";
import { place } from "../design/menu.tsx";
import { tell } from "../design/toasts.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { LanguageChoice, ThemeChoice } from "./choices.tsx";
import { useServices } from "./services.tsx";
import { useStore } from "./use-store.ts";

/** Who is signed in, how the page looks and speaks, and the way out. */
export function AccountMenu({ onShortcuts }: { readonly onShortcuts: () => void }): ReactNode {
  const { t } = useSpeech();
  const id = useId();
  const { preferences, signedIn, signOut, connection } = useServices();
  const isOpen = useStore(connection.status).kind === "open";
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const leave = (): void => {
    signOut().catch(() => tell(t.signIn.outcomes.unreachable));
  };
  return (
    <footer className="account">
      <button ref={button} type="button" className="account-button" popoverTarget={id}>
        <span className="avatar" aria-hidden="true">
          {signedIn.user.slice(0, 1).toUpperCase()}
        </span>
        <span className="visually-hidden">{t.app.account}: </span>
        <span className="account-name">{signedIn.user}</span>
        <span className="account-light" data-open={isOpen} />
        <Icon name="more" />
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        className="account-panel"
        role="group"
        aria-label={t.app.account}
        onToggle={(event) => {
          if (event.newState === "open") place(panel.current, button.current);
        }}
      >
        <p className="account-who">{t.app.signedInAs(signedIn.user)}</p>
        <div className="account-row">
          <span>{t.app.theme}</span>
          <ThemeChoice preferences={preferences} />
        </div>
        <div className="account-row">
          <span>{t.app.language}</span>
          <LanguageChoice preferences={preferences} />
        </div>
        <hr />
        <button
          type="button"
          className="menu-item"
          onClick={() => {
            panel.current?.hidePopover();
            onShortcuts();
          }}
        >
          <Icon name="keyboard" />
          {t.app.shortcuts}
          <kbd>?</kbd>
        </button>
        <button type="button" className="menu-item" onClick={leave}>
          <Icon name="leave" />
          {t.app.signOut}
        </button>
      </div>
    </footer>
  );
}
