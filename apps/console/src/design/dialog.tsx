import { useEffect, useId, useRef, type ReactNode } from "react";
import { useSpeech } from "../i18n/language.tsx";
import { IconButton } from "./button.tsx";

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly size?: "small" | "medium" | "palette";
  /** The title is read out, not shown. */
  readonly hasHiddenTitle?: boolean;
}

/** A modal dialog, open as long as it is there. Escape and a click beside it close it; the focus goes back where it was. */
export function Dialog({ title, onClose, children, size = "small", hasHiddenTitle = false }: DialogProps): ReactNode {
  const { t } = useSpeech();
  const titleId = useId();
  const reference = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = reference.current;
    const before = document.activeElement;
    if (dialog?.open === false) dialog.showModal();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={reference}
      className={`dialog dialog-${size}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === reference.current) onClose();
      }}
    >
      <div className="dialog-body">
        <header className={hasHiddenTitle ? "visually-hidden" : "dialog-header"}>
          <h2 id={titleId}>{title}</h2>
          {!hasHiddenTitle && <IconButton icon="close" label={t.common.close} onClick={onClose} />}
        </header>
        {children}
      </div>
    </dialog>
  );
}
