import { maxChatTextLength } from "@hermes/protocol";
import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  type ReactNode,
} from "react";
import { useServices } from "../app/services.tsx";
import { IconButton } from "../design/button.tsx";
import { Icon } from "../design/icon.tsx";
import { Note } from "../design/note.tsx";
import { tell } from "../design/toasts.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { CommandChips } from "./command-chips.tsx";
import { CommandList, commandOptionId } from "./command-list.tsx";
import { useCommands } from "./use-commands.ts";
import { useStop } from "./use-stop.ts";
import { useUploads } from "./use-uploads.ts";
import { UploadList } from "./upload-list.tsx";

interface ComposerProps {
  readonly sessionKey: string;
  /** Why nothing can be said here; undefined: it can. */
  readonly closedBecause: string | undefined;
  readonly isRunning: boolean;
  /** Sending leads to the conversation that begins with it. */
  readonly opensConversation?: boolean;
}

/** Where one writes, or why one cannot. */
export function Composer(props: ComposerProps): ReactNode {
  if (props.closedBecause === undefined) return <OpenComposer {...props} />;
  return (
    <div className="composer-place">
      <Note tone="neutral">{props.closedBecause}</Note>
    </div>
  );
}

function OpenComposer({ sessionKey, isRunning, opensConversation = false }: ComposerProps): ReactNode {
  const { t } = useSpeech();
  const { drafts, outbox, navigation } = useServices();
  const [text, setText] = useState(() => drafts.read(sessionKey));
  const [isDropping, setDropping] = useState(false);
  const uploads = useUploads();
  const field = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const { stop, isStopping } = useStop(sessionKey, isRunning);
  const write = (next: string): void => {
    setText(next);
    drafts.write(sessionKey, next);
  };
  const commands = useCommands(text, (name) => write(`/${name} `));
  useGrowingField(field, text);
  useEffect(() => {
    // On a phone the keyboard would cover what one came to read.
    if (window.matchMedia("(hover: hover)").matches) field.current?.focus({ preventScroll: true });
  }, [sessionKey]);

  const isUploading = uploads.rows.some(({ uploaded, failure }) => uploaded === undefined && failure === undefined);
  const files = uploads.rows.flatMap(({ uploaded }) => (uploaded === undefined ? [] : [uploaded]));
  const isTooLong = text.length > maxChatTextLength;
  const canSend = !isUploading && !isTooLong && (text.trim() !== "" || files.length > 0);
  const send = (): void => {
    if (!canSend) return;
    // A message has words: a file alone is called by its name.
    const words = text.trim() === "" ? files.map(({ name }) => name ?? t.chat.file).join(", ") : text.trim();
    outbox.send({ sessionKey, text: words, attachments: files });
    write("");
    uploads.clear();
    if (opensConversation) navigation.go({ page: "chat", sessionKey });
  };
  const choose = (next: string): void => {
    write(next);
    field.current?.focus();
  };
  const attach = (chosen: readonly File[]): void => {
    if (chosen.length > 0 && !uploads.add(chosen)) tell(t.chat.tooManyFiles);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // While an input method composes, its keys are its own; Safari tells so only by the code.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (commands.onKeyDown(event)) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    send();
  };
  const onPaste = (event: ClipboardEvent): void => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0) return;
    event.preventDefault();
    attach(pasted);
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setDropping(false);
    attach([...event.dataTransfer.files]);
  };
  const option = commands.chosen === -1 ? undefined : commandOptionId(listId, commands.chosen);
  return (
    <div className="composer-place">
      <form
        className="composer"
        data-dropping={isDropping}
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
        onDragOver={(event) => {
          event.preventDefault();
          setDropping(event.dataTransfer.types.includes("Files"));
        }}
        onDragLeave={() => setDropping(false)}
        onDrop={onDrop}
      >
        <CommandList id={listId} commands={commands.rows} chosen={commands.chosen} onChoose={commands.choose} />
        <UploadList uploads={uploads} />
        {isTooLong && <Note tone="bad">{t.chat.tooLong(maxChatTextLength)}</Note>}
        <textarea
          ref={field}
          data-composer
          rows={1}
          value={text}
          aria-label={t.chat.composer}
          aria-describedby={`${listId}-keys`}
          aria-autocomplete="list"
          aria-controls={commands.rows.length > 0 ? listId : undefined}
          aria-activedescendant={option}
          placeholder={t.chat.placeholder}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <div className="composer-bar">
          <AttachButton label={t.chat.attach} onFiles={attach} />
          <span id={`${listId}-keys`} className="composer-keys">
            {t.chat.keys}
          </span>
          {isRunning && (
            <button
              type="button"
              className="stop-button"
              onClick={stop}
              disabled={isStopping}
              title={`${t.chat.stop} (Esc)`}
              aria-label={t.chat.stop}
            >
              <Icon name="stop" />
              <span>{t.chat.stopShort}</span>
            </button>
          )}
          <IconButton icon="up" label={t.chat.send} type="submit" className="send-button" disabled={!canSend} />
        </div>
        {isDropping && <div className="drop-hint">{t.chat.dropHere}</div>}
      </form>
      {opensConversation && text === "" && <CommandChips onChoose={choose} />}
    </div>
  );
}

function AttachButton({
  label,
  onFiles,
}: {
  readonly label: string;
  readonly onFiles: (files: readonly File[]) => void;
}): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon="clip" label={label} onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={label}
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </>
  );
}

/** The field is as high as its text, up to what the style allows. */
function useGrowingField(field: { readonly current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [field, text]);
}
