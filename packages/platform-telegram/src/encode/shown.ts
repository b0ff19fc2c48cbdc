import type { Encoded } from "./entity-writer.ts";

/** A message in one of the two forms that Telegram takes. */
export type Shown = ({ readonly form: "text" } & Encoded) | RichMessage;

/** For `sendRichMessage`, with `skip_entity_detection`: then nothing is a link or a mention that is not marked up as one. */
export interface RichMessage {
  readonly form: "rich";
  readonly html: string;
  readonly isRightToLeft: boolean;
  /** The same as text and entities, where rich messages are not taken. */
  readonly fallback: Encoded;
}
