const shortestFence = 3;

/** A text between two lines of backticks, of which there are more than anywhere in it: nothing in it can end it. */
export function fenced(text: string): string {
  let longest = shortestFence - 1;
  for (const [run] of text.matchAll(/`+/gu)) longest = Math.max(longest, run.length);
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text.replace(/\n+$/u, "")}\n${fence}`;
}
