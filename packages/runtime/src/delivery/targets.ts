import type { Chat, ChatRef } from "@hermes/core";
import { readAlias } from "./alias.ts";
import type { ChannelDirectory } from "./channel-directory.ts";
import type { HomeChannels } from "./home-channels.ts";
import { formatTarget, parseTargets, type Target } from "./target.ts";
import { TargetError } from "./target-error.ts";
import type { TargetForms } from "./target-form.ts";

const maxShown = 5;

/** What targets are resolved with. */
export interface TargetsParts {
  readonly platforms: ReadonlyMap<string, unknown>;
  readonly forms: TargetForms;
  readonly homeChannels: HomeChannels;
  readonly directory: ChannelDirectory;
  /** Targets by another name. */
  readonly aliases: Readonly<Record<string, string>>;
}

/** Knows which chats a target means. */
export class Targets {
  readonly #parts: TargetsParts;
  readonly #aliases: ReadonlyMap<string, readonly Target[]>;

  /** @throws TypeError for an alias that means something else already, or leads to what is no target. */
  constructor(parts: TargetsParts) {
    this.#parts = parts;
    this.#aliases = new Map(
      Object.entries(parts.aliases).map(([name, text]) => [name.toLowerCase(), readAlias(name, text, parts.platforms)]),
    );
  }

  /**
   * The chats that a target means, each once. `origin` is the chat the request came from.
   *
   * @throws TargetError where any of it leads nowhere.
   */
  async resolve(text: string, origin?: Chat): Promise<readonly Chat[]> {
    const chats = new Map<string, Chat>();
    for (const target of parseTargets(text)) {
      for (const chat of await this.#resolveOne(target, origin)) {
        const { platform, chatId, threadId = null } = chat.ref;
        const key = JSON.stringify([platform, chatId, threadId]);
        if (!chats.has(key)) chats.set(key, chat);
      }
    }
    return [...chats.values()];
  }

  /** A target that means this place; undefined where nothing that can be written does. */
  write(ref: ChatRef): string | undefined {
    const place = this.#parts.forms.write(ref);
    return place === undefined ? undefined : formatTarget({ kind: "place", platform: ref.platform, place });
  }

  async #resolveOne(target: Target, origin: Chat | undefined): Promise<readonly Chat[]> {
    switch (target.kind) {
      case "origin":
        if (origin === undefined) throw noOrigin();
        return [origin];
      case "all":
        return this.#allHomes();
      case "word":
        return await this.#resolveWord(target.word, origin);
      case "place":
        return [this.#place(this.#known(target.platform), target.place)];
      case "name":
        return [await this.#named(this.#known(target.platform), target.name)];
    }
  }

  async #resolveWord(word: string, origin: Chat | undefined): Promise<readonly Chat[]> {
    const alias = this.#aliases.get(word);
    if (alias === undefined) return [this.#home(this.#known(word))];
    // A word in an alias is a platform: aliases do not lead to aliases.
    const chats = await Promise.all(
      alias.map(async (target) =>
        target.kind === "word" ? [this.#home(this.#known(target.word))] : await this.#resolveOne(target, origin),
      ),
    );
    return chats.flat();
  }

  #allHomes(): readonly Chat[] {
    const homes = this.#parts.homeChannels.list();
    if (homes.length > 0) return homes.map(({ chat }) => chat);
    throw new TargetError(
      "no-home",
      "No platform has a home channel. Send /sethome in a chat that is to be one, or set `platforms.<name>.homeChannel`.",
    );
  }

  #home(platform: string): Chat {
    const chat = this.#parts.homeChannels.of(platform);
    if (chat !== undefined) return chat;
    throw new TargetError(
      "no-home",
      `${platform} has no home channel: send /sethome in the chat that is to be it, or set \`platforms.${platform}.homeChannel\`.`,
    );
  }

  #place(platform: string, text: string): Chat {
    const { forms, directory } = this.#parts;
    const found = forms.parse(platform, text) ?? directory.find({ platform, chatId: text })?.ref;
    if (found !== undefined) return this.#chat(platform, found);
    const byName = formatTarget({ kind: "name", platform, name: text });
    throw new TargetError(
      "no-chat",
      `${JSON.stringify(`${platform}:${text}`)} names no chat of ${forms.nameOf(platform)}. If it is a chat's name, write \`${byName}\`.${forms.helpOf(platform)}`,
    );
  }

  /** What is not known yet may have been talked in a moment ago. */
  async #named(platform: string, name: string): Promise<Chat> {
    const { directory, forms } = this.#parts;
    let match = directory.match(platform, name);
    if (match.kind === "none") {
      await directory.freshen([platform]);
      match = directory.match(platform, name);
    }
    switch (match.kind) {
      case "one":
        return match.chat;
      case "several":
        throw ambiguous(
          platform,
          name,
          match.chats.map((chat) => this.#describe(chat)),
        );
      case "none": {
        // Some platforms write ids so: `#room:server`.
        const found = forms.parse(platform, `#${name}`);
        if (found !== undefined) return this.#chat(platform, found);
        throw this.#unknownName(platform, name);
      }
    }
  }

  #chat(platform: string, { type = "dm", ...ref }: Pick<ChatRef, "chatId" | "threadId"> & Partial<Pick<Chat, "type">>): Chat {
    const { chatId, threadId } = ref;
    const place = { platform, chatId, ...(threadId === undefined ? {} : { threadId }) };
    return this.#parts.directory.complete({ ref: place, type });
  }

  #known(platform: string): string {
    const { platforms } = this.#parts;
    if (platforms.has(platform)) return platform;
    const known = [...platforms.keys()].map((id) => `\`${id}\``);
    const aliases = [...this.#aliases.keys()].map((name) => `\`${name}\``);
    const hint = known.length === 0 ? "No platform is configured" : `Configured are ${known.join(", ")}`;
    const more = aliases.length === 0 ? "" : `, and the aliases ${aliases.join(", ")}`;
    throw new TargetError(
      "unknown-platform",
      `There is no platform ${JSON.stringify(platform)}. ${hint}${more}; a target is written \`platform:chat\`.`,
    );
  }

  #unknownName(platform: string, name: string): TargetError {
    const { directory, forms } = this.#parts;
    const names = directory.list(platform).flatMap((chat) => (chat.name === undefined ? [] : [JSON.stringify(chat.name)]));
    const more = names.length > maxShown ? " and others" : "";
    const known =
      names.length === 0
        ? "No chat is known there by name: the bot has not been talked to in one yet."
        : `Known there: ${names.slice(0, maxShown).join(", ")}${more}.`;
    const failure = directory.failureOf(platform);
    const why = failure === undefined ? "" : ` Its own list could not be read: ${failure}.`;
    const message = `No chat of ${forms.nameOf(platform)} that is known is called ${JSON.stringify(name)}. ${known}${why}`;
    return new TargetError("unknown-name", message);
  }

  #describe({ ref, name }: Chat): string {
    const target = `\`${this.write(ref) ?? ref.chatId}\``;
    return name === undefined ? target : `${target} (${name})`;
  }
}

function noOrigin(): TargetError {
  return new TargetError(
    "no-origin",
    "`origin` is the chat that a request came from, and this one came from none. Name a chat: `platform:chat`.",
  );
}

function ambiguous(platform: string, name: string, candidates: readonly string[]): TargetError {
  const shown = candidates.slice(0, maxShown).join(", ");
  const more = candidates.length > maxShown ? ` and ${candidates.length - maxShown} others` : "";
  return new TargetError(
    "ambiguous-name",
    `${JSON.stringify(`${platform}:#${name}`)} may mean ${candidates.length} chats: ${shown}${more}. Write the one that is meant.`,
  );
}
