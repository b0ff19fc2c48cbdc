import type { Chat } from "@hermes/core";
import type { Announced } from "../options.ts";
import type { TargetForm } from "./target-form.ts";

/** Where things are said that nobody asked for in that place. */
export interface DeliveryOptions {
  /** How chats are written on each platform, by its id: its manifest. Default: `chat` or `chat:thread`. */
  readonly forms?: Readonly<Record<string, TargetForm>>;
  /** By platform, as its chats are written: `-100200:7`. What somebody chooses with `/sethome` counts more. */
  readonly homeChannels?: Readonly<Record<string, string>>;
  /** Targets by another name: `{ team: "work-bot:-100200" }`. */
  readonly aliases?: Readonly<Record<string, string>>;
}

/** Something that is said where a target leads. */
export interface DeliveryRequest {
  /**
   * `origin`, `all`, `platform` (its home channel), `platform:chat`, `platform:chat:thread`, `platform:#name`, an alias, or several of
   * them with commas between.
   */
  readonly target: string;
  /** Markdown. */
  readonly text: string;
  /** What `origin` means: the chat that the request came from. */
  readonly origin?: Chat;
  /** The same key for the same chat within a day is the same message. */
  readonly idempotencyKey?: string;
  /** How long to wait for the platforms' word. Default 10 s. */
  readonly waitMs?: number;
}

/** What is known of it in one chat: it counts as delivered only with the platform's word for it. */
export interface Delivered extends Announced {
  /** The chat's own target. */
  readonly target: string;
  readonly chat: Chat;
}

/** A chat that something can be said in. */
export interface Channel {
  readonly target: string;
  readonly chat: Chat;
  /** It is its platform's home channel. */
  readonly isHome: boolean;
}
