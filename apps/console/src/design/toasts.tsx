import { useEffect, type ReactNode } from "react";
import { createStore } from "../connection/store.ts";
import { useStore } from "../app/use-store.ts";
import { useSpeech } from "../i18n/language.tsx";
import { IconButton } from "./button.tsx";
import { Icon } from "./icon.tsx";

interface Toast {
  readonly id: number;
  readonly text: string;
}

const toasts = createStore<readonly Toast[]>([]);
const shownMs = 6000;

/** Tells what was done, for a few seconds at the edge of the page. */
export function tell(text: string): void {
  toasts.update((before) => [...before.slice(-2), { id: (before.at(-1)?.id ?? 0) + 1, text }]);
}

function dismiss(id: number): void {
  toasts.update((before) => before.filter((toast) => toast.id !== id));
}

/** The place where it is told. */
export function Toasts(): ReactNode {
  const rows = useStore(toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {rows.map((toast) => (
        <ToastRow key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastRow({ toast: { id, text } }: { readonly toast: Toast }): ReactNode {
  const { t } = useSpeech();
  useEffect(() => {
    const timer = setTimeout(() => dismiss(id), shownMs);
    return () => clearTimeout(timer);
  }, [id]);
  return (
    <div className="toast">
      <Icon name="check" />
      <p>{text}</p>
      <IconButton icon="close" label={t.common.close} onClick={() => dismiss(id)} />
    </div>
  );
}
