import type { ChatAttachment } from "@hermes/protocol";
import type { ReactNode } from "react";
import { Icon } from "../design/icon.tsx";
import { useSpeech } from "../i18n/language.tsx";

/** Files that came with a message. Only paths of this gateway are followed. */
export function Attachments({ attachments }: { readonly attachments: readonly ChatAttachment[] }): ReactNode {
  if (attachments.length === 0) return null;
  return (
    <ul className="attachments">
      {attachments.map((attachment, index) => (
        <li key={attachment.path ?? index}>
          <AttachmentView attachment={attachment} />
        </li>
      ))}
    </ul>
  );
}

function AttachmentView({ attachment }: { readonly attachment: ChatAttachment }): ReactNode {
  const { t, formats } = useSpeech();
  const { kind, size } = attachment;
  const name = attachment.name ?? t.chat.file;
  const path = ownPath(attachment.path);
  if (path !== undefined && (kind === "image" || kind === "sticker")) {
    return (
      <a
        href={path}
        target="_blank"
        rel="noopener noreferrer"
        className="attachment-image"
        aria-label={t.chat.downloadFile(name)}
      >
        <img src={path} alt={name} loading="lazy" />
      </a>
    );
  }
  const inside = (
    <>
      <Icon name={kind === "image" ? "image" : "file"} />
      <span className="attachment-name">{name}</span>
      {size !== undefined && <span className="faint">{formats.bytes(size)}</span>}
    </>
  );
  if (path === undefined) return <span className="attachment-file">{inside}</span>;
  return (
    <a href={path} target="_blank" rel="noopener noreferrer" className="attachment-file" aria-label={t.chat.downloadFile(name)}>
      {inside}
    </a>
  );
}

function ownPath(path: string | undefined): string | undefined {
  return path !== undefined && /^\/(?!\/)/u.test(path) ? path : undefined;
}
