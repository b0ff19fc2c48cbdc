import { memo, type ReactNode } from "react";
import { Icon } from "../design/icon.tsx";
import { Stamp } from "../design/time.tsx";
import { useSpeech } from "../i18n/language.tsx";
import { Markdown } from "../markdown/markdown.tsx";
import type { Notice } from "./conversation-state.ts";

/** What the gateway itself said: no answer of the agent. */
export const NoticeRow = memo(({ notice }: { readonly notice: Notice }): ReactNode => {
  const { t } = useSpeech();
  return (
    <article className="notice" aria-label={t.chat.gatewaySays}>
      <Icon name="info" />
      <Markdown text={notice.text} />
      <span className="row-time">
        <Stamp atMs={Date.parse(notice.timestamp)} />
      </span>
    </article>
  );
});
