import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { moved } from "../chat/command-completion.ts";
import { Dialog } from "../design/dialog.tsx";
import { Icon, Spinner } from "../design/icon.tsx";
import { ErrorNote } from "../design/note.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { foundPieces } from "../sessions/highlight-words.ts";
import { usePaletteEntries, type PaletteEntry } from "./use-palette-entries.ts";

interface PaletteProps {
  readonly onClose: () => void;
  readonly onShortcuts: () => void;
}

/** Finds conversations and what was said in them, goes to pages, does things. */
export function Palette({ onClose, onShortcuts }: PaletteProps): ReactNode {
  const { t } = useSpeech();
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const { groups, isSearching, error } = usePaletteEntries(text.trim(), onShortcuts);
  const entries = groups.flatMap((group) => group.entries);
  const chosen = Math.min(at, entries.length - 1);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [chosen, text]);

  const run = (entry: PaletteEntry | undefined): void => {
    if (entry === undefined) return;
    onClose();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") run(entries[chosen]);
    else if (event.key === "ArrowDown") setAt(moved(chosen, 1, entries.length));
    else if (event.key === "ArrowUp") setAt(moved(chosen, -1, entries.length));
    else return;
    event.preventDefault();
  };
  const optionId = (entry: PaletteEntry): string => `${id}-${entries.indexOf(entry)}`;
  const current = entries[chosen];
  return (
    <Dialog title={t.palette.title} size="palette" hasHiddenTitle onClose={onClose}>
      <div className="palette-field">
        {isSearching ? <Spinner /> : <Icon name="search" />}
        <input
          role="combobox"
          aria-label={t.palette.title}
          aria-expanded={entries.length > 0}
          aria-controls={id}
          aria-activedescendant={current === undefined ? undefined : optionId(current)}
          aria-autocomplete="list"
          value={text}
          placeholder={t.palette.placeholder}
          autoFocus
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div ref={list} id={id} role="listbox" aria-label={t.palette.title} className="palette-list">
        {groups.map((group) => (
          <div key={group.title} role="group" aria-label={group.title}>
            <p className="palette-group" aria-hidden="true">
              {group.title}
            </p>
            {group.entries.map((entry) => (
              <div
                key={entry.name}
                id={optionId(entry)}
                role="option"
                aria-selected={entry === current}
                className="palette-entry"
                onPointerMove={() => setAt(entries.indexOf(entry))}
                onClick={() => run(entry)}
              >
                <Icon name={entry.icon} />
                <EntryWords entry={entry} query={text} />
                {entry.aside !== undefined && <span className="palette-aside">{entry.aside}</span>}
              </div>
            ))}
          </div>
        ))}
      </div>
      {error !== undefined && <ErrorNote error={error} />}
      {entries.length === 0 && error === undefined && (
        <p className="palette-nothing">{isSearching ? t.palette.searching : t.palette.nothing(text.trim())}</p>
      )}
      <PaletteFooter count={entries.length} />
    </Dialog>
  );
}

function EntryWords({ entry, query }: { readonly entry: PaletteEntry; readonly query: string }): ReactNode {
  return (
    <span className="palette-words">
      <Found text={entry.title} query={query} />
      {entry.excerpt !== undefined && (
        <span className="palette-excerpt">
          <Found text={entry.excerpt} query={query} />
        </span>
      )}
    </span>
  );
}

function Found({ text, query }: { readonly text: string; readonly query: string }): ReactNode {
  return (
    <span>
      {foundPieces(text, query).map(({ text, isFound }, index) =>
        isFound ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
      )}
    </span>
  );
}

function PaletteFooter({ count }: { readonly count: number }): ReactNode {
  const { t } = useSpeech();
  return (
    <footer className="palette-footer">
      <span role="status">{t.palette.results(count)}</span>
      <span aria-hidden="true">
        <kbd>↑</kbd>
        <kbd>↓</kbd> {t.palette.keys.move}
      </span>
      <span aria-hidden="true">
        <kbd>↵</kbd> {t.palette.keys.open}
      </span>
      <span aria-hidden="true">
        <kbd>Esc</kbd> {t.palette.keys.close}
      </span>
    </footer>
  );
}
