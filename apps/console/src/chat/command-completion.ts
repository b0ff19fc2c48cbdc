import type { CommandInfo } from "@hermes/protocol";

/** Commands that go on from what is written; none where it is no beginning of a command. */
export function completionsOf(text: string, commands: readonly CommandInfo[]): readonly CommandInfo[] {
  const written = /^\/([\p{L}\p{N}_-]*)$/u.exec(text)?.[1]?.toLowerCase();
  if (written === undefined) return [];
  const begins = commands.filter(({ name }) => name.toLowerCase().startsWith(written));
  return begins.length === 1 && begins[0]?.name.toLowerCase() === written ? [] : begins;
}

/** The next place in a list that goes round, from none (-1) too. */
export function moved(at: number, by: 1 | -1, length: number): number {
  if (length === 0) return -1;
  return at === -1 ? (by === 1 ? 0 : length - 1) : (at + by + length) % length;
}
