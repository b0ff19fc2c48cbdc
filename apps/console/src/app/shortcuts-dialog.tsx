import type { ReactNode } from "react";
import { Dialog } from "../design/dialog.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { commandKey } from "./platform-keys.ts";

/** Lists what the keyboard does. */
export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useSpeech();
  const rows: readonly (readonly [string, readonly string[]])[] = [
    [t.shortcuts.palette, [commandKey(), "K"]],
    [t.shortcuts.newChat, ["N"]],
    [t.shortcuts.composer, ["/"]],
    [t.shortcuts.send, ["Enter"]],
    [t.shortcuts.newLine, ["Shift", "Enter"]],
    [t.shortcuts.stop, ["Esc"]],
    [`${t.shortcuts.go}: ${t.pages.chat}`, ["G", "C"]],
    [`${t.shortcuts.go}: ${t.pages.platforms}`, ["G", "P"]],
    [`${t.shortcuts.go}: ${t.pages.deliveries}`, ["G", "D"]],
    [`${t.shortcuts.go}: ${t.pages.waiting}`, ["G", "W"]],
    [`${t.shortcuts.go}: ${t.pages.access}`, ["G", "A"]],
    [t.shortcuts.sidebar, ["["]],
    [t.shortcuts.help, ["?"]],
  ];
  return (
    <Dialog title={t.shortcuts.title} size="medium" onClose={onClose}>
      <dl className="shortcut-list">
        {rows.map(([what, keys]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
