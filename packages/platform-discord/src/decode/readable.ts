import type { Directory } from "./directory.ts";
import type { RawUser } from "./payloads.ts";

/** Code stands as it was written: nothing in it is a mention. */
const code = /(```[\s\S]*?```|``[^`][\s\S]*?``|`[^`\n]+`)/u;
const marks =
  /<@!?(\d{17,20})>|<@&(\d{17,20})>|<#(\d{17,20})>|<a?:(\w{1,64}):\d{17,20}>|<t:(-?\d{1,13})(?::[tTdDfFR])?>|<\/([^:>\n]{1,100}):\d{17,20}>/gu;

/** A message's text with names where Discord has numbers: people, roles, channels, emoji, commands and times. */
export function readable(content: string, mentions: readonly RawUser[], directory: Directory): string {
  const people = new Map(mentions.map((user) => [user.id, user.global_name ?? user.username]));
  const named = (text: string): string =>
    text.replace(
      marks,
      (whole: string, user?: string, role?: string, channel?: string, emoji?: string, time?: string, command?: string) => {
        if (user !== undefined) return at("@", people.get(user), whole);
        if (role !== undefined) return at("@", directory.roleName(role), whole);
        if (channel !== undefined) return at("#", directory.channel(channel)?.name, whole);
        if (emoji !== undefined) return `:${emoji}:`;
        if (time !== undefined) return moment(Number(time)) ?? whole;
        return command === undefined ? whole : `/${command}`;
      },
    );
  return content
    .split(code)
    .map((piece, index) => (index % 2 === 1 ? piece : named(piece)))
    .join("");
}

function at(sign: string, name: string | undefined, otherwise: string): string {
  return name === undefined ? otherwise : `${sign}${name}`;
}

function moment(seconds: number): string | undefined {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? undefined : `${time.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
