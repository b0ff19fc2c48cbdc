import type { SessionInfo } from "@hermes/protocol";
import { useState, type FormEvent, type ReactNode } from "react";
import { useServices } from "../app/services.tsx";
import { useStore } from "../app/use-store.ts";
import { may } from "../connection/session.ts";
import { Button } from "../design/button.tsx";
import { ConfirmDialog } from "../design/confirm.tsx";
import { Dialog } from "../design/dialog.tsx";
import { Menu } from "../design/menu.tsx";
import { ErrorNote } from "../design/note.tsx";
import { useSpeech } from "../i18n/language.tsx";

interface SessionActionsProps {
  readonly session: SessionInfo;
  readonly className?: string;
  readonly onEditing?: (isEditing: boolean) => void;
}

/** What can be done with a conversation. */
export function SessionActions({ session, className = "", onEditing }: SessionActionsProps): ReactNode {
  const { t } = useSpeech();
  const { sessions, navigation, signedIn } = useServices();
  const route = useStore(navigation.route);
  const [asked, setAsked] = useState<"rename" | "remove">();
  const title = session.title === "" ? t.sessions.untitled : session.title;
  const ask = (next: "rename" | "remove" | undefined): void => {
    setAsked(next);
    onEditing?.(next !== undefined);
  };
  if (!may(signedIn.scope, "write")) return null;
  const leave = (): void => {
    const isOpen = route.page === "chat" && route.sessionKey === session.session_key;
    if (isOpen) navigation.go({ page: "chat", sessionKey: undefined }, { replace: true });
  };
  return (
    <>
      <Menu
        label={t.sessions.actions(title)}
        icon="more"
        className={className}
        items={[
          { label: t.sessions.rename, icon: "edit", run: () => ask("rename") },
          { label: t.sessions.remove, icon: "trash", isDangerous: true, run: () => ask("remove") },
        ]}
      />
      {asked === "rename" && <RenameDialog session={session} onClose={() => ask(undefined)} />}
      {asked === "remove" && (
        <ConfirmDialog
          onClose={() => ask(undefined)}
          ask={{
            title: t.sessions.removeTitle,
            text: t.sessions.removeText(title),
            action: t.sessions.remove,
            isDangerous: true,
            run: async () => await sessions.remove(session.session_key),
            onDone: leave,
          }}
        />
      )}
    </>
  );
}

function RenameDialog({ session, onClose }: { readonly session: SessionInfo; readonly onClose: () => void }): ReactNode {
  const { t } = useSpeech();
  const { sessions } = useServices();
  const [title, setTitle] = useState(session.title);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      await sessions.rename(session.session_key, title.trim());
      onClose();
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Dialog title={t.sessions.renameTitle} onClose={onClose}>
      <form onSubmit={(event) => void save(event)}>
        <label className="field">
          <span className="field-label">{t.sessions.renameLabel}</span>
          <input className="input" value={title} maxLength={200} autoFocus onChange={(event) => setTitle(event.target.value)} />
          <span className="field-hint">{t.sessions.renameHint}</span>
        </label>
        {error !== undefined && <ErrorNote error={error} />}
        <footer className="dialog-footer">
          <Button onClick={onClose}>{t.common.cancel}</Button>
          <Button look="primary" type="submit" isBusy={isBusy}>
            {t.sessions.save}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
