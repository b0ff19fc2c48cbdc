import type { ReactNode } from "react";
import { IconButton } from "../design/button.tsx";
import { Icon } from "../design/icon.tsx";
import { useSpeech } from "../i18n/language.tsx";
import type { Upload, Uploads } from "./use-uploads.ts";

/** Files that are to go with the message, how far they are, and a way to leave them out. */
export function UploadList({ uploads }: { readonly uploads: Uploads }): ReactNode {
  if (uploads.rows.length === 0) return null;
  return (
    <ul className="upload-list">
      {uploads.rows.map((row) => (
        <UploadRow key={row.id} row={row} onRemove={() => uploads.remove(row.id)} />
      ))}
    </ul>
  );
}

function UploadRow({ row, onRemove }: { readonly row: Upload; readonly onRemove: () => void }): ReactNode {
  const { t, formats } = useSpeech();
  const { file, preview, share, uploaded, failure } = row;
  const percent = Math.round(share * 100);
  return (
    <li className="upload" data-failed={failure !== undefined}>
      {preview === undefined ? <Icon name="file" /> : <img src={preview} alt="" />}
      <div>
        <p className="upload-name">{file.name}</p>
        <p className="upload-state" role={failure === undefined ? undefined : "alert"}>
          {failure === undefined ? formats.bytes(file.size) : t.chat.uploadFailures[failure]}
        </p>
      </div>
      {uploaded === undefined && failure === undefined && (
        <progress value={share} max={1} aria-label={t.chat.uploading(file.name, percent)} />
      )}
      <IconButton icon="close" label={t.chat.removeFile(file.name)} onClick={onRemove} />
    </li>
  );
}
