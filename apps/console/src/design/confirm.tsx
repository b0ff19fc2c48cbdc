import { useState, type ReactNode } from "react";
import { errorSentence } from "../i18n/error-sentence.ts";
import { useSpeech } from "../i18n/language.tsx";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Note } from "./note.tsx";
import { tell } from "./toasts.tsx";

/** What is asked before something is done that matters. */
export interface Confirmation {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly isDangerous?: boolean;
  /** What came of it is told. */
  readonly run: () => Promise<{ readonly done: boolean; readonly message: string }>;
  readonly onDone?: () => void;
}

/** Asks; the dialog stays with the reason when it did not work. */
export function ConfirmDialog({ ask, onClose }: { readonly ask: Confirmation; readonly onClose: () => void }): ReactNode {
  const { t } = useSpeech();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const run = async (): Promise<void> => {
    setBusy(true);
    try {
      const { done, message } = await ask.run();
      if (!done) return setProblem(message);
      tell(message);
      ask.onDone?.();
      onClose();
    } catch (error) {
      setProblem(errorSentence(error, t));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={ask.title} onClose={onClose}>
      <p className="dialog-text">{ask.text}</p>
      {problem !== undefined && <Note tone="bad">{problem}</Note>}
      <footer className="dialog-footer">
        <Button onClick={onClose}>{t.common.cancel}</Button>
        <Button look={ask.isDangerous === true ? "danger" : "primary"} isBusy={isBusy} onClick={() => void run()}>
          {ask.action}
        </Button>
      </footer>
    </Dialog>
  );
}
