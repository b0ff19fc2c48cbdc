/** A text as people read it: Discord's rules of Markdown, in the order in which its client tries them. */
export function readMarkdown(content: string): string {
  return content
    .split(/(```[\s\S]+?```)/u)
    .map((piece, index) => (index % 2 === 1 ? codeIn(piece) : piece.split("\n").map(readLine).join("\n")))
    .join("");
}

function codeIn(block: string): string {
  const [, body = ""] = /^```(?:[a-z0-9_+\-.#]+\n)?\n*([\s\S]*?)\n*```$/iu.exec(block) ?? [];
  return body.replaceAll("\u200B", "");
}

function readLine(line: string): string {
  const quote = /^\s*>(?:>>)? (.*)$/u.exec(line)?.[1];
  if (quote !== undefined) return readLine(quote);
  const heading = /^(?:#{1,3}|-#) (.*)$/u.exec(line)?.[1];
  if (heading !== undefined) return readInline(heading);
  const [, indent, item] = /^(\s*)[-*] (.*)$/u.exec(line) ?? [];
  if (item !== undefined) return `${indent}• ${readLine(item)}`;
  return readInline(line);
}

const rules: readonly (readonly [RegExp, (match: RegExpExecArray) => string])[] = [
  [/\\([^0-9A-Za-z\s])/uy, ([, mark = ""]) => mark],
  [/(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/uy, ([, , code = ""]) => code.trim()],
  [/<(https?:\/\/[^\s>]+)>/uy, ([, url = ""]) => url],
  [/https?:\/\/[^\s<]+[^<.,:;"'\])\s]/uy, ([url]) => url],
  [/\[((?:\\.|[^[\]\\])+)\]\(<?(https?:\/\/[^\s)>]+)>?\)/uy, ([, label = ""]) => readInline(label)],
  [/\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/uy, ([, inner = ""]) => readInline(inner)],
  [/__((?:\\[\s\S]|[^\\])+?)__(?!_)/uy, ([, inner = ""]) => readInline(inner)],
  [/\*(?=\S)((?:\*\*|\\[\s\S]|[^\\*])+?)\*(?!\*)/uy, ([, inner = ""]) => readInline(inner)],
  [/\b_((?:__|\\[\s\S]|[^\\_])+?)_\b/uy, ([, inner = ""]) => readInline(inner)],
  [/~~((?:\\[\s\S]|[^\\])+?)~~/uy, ([, inner = ""]) => readInline(inner)],
  [/\|\|((?:\\[\s\S]|[^\\])+?)\|\|/uy, ([, inner = ""]) => readInline(inner)],
  [/<@!?(\d{17,20})>/uy, ([, id = ""]) => `[person ${id}]`],
  [/<@&(\d{17,20})>/uy, ([, id = ""]) => `[role ${id}]`],
  [/<#(\d{17,20})>/uy, ([, id = ""]) => `[channel ${id}]`],
  [/<a?:(\w+):\d{17,20}>/uy, ([, name = ""]) => `[emoji ${name}]`],
  [/<t:-?\d+(?::[a-zA-Z])?>/uy, () => "[time]"],
  [/:(?:smile|joy|fire):/uy, () => "[emoji]"],
];

function readInline(text: string): string {
  let shown = "";
  for (let at = 0; at < text.length;) {
    const found = ruleAt(text, at);
    if (found === undefined) {
      shown += text[at] ?? "";
      at += 1;
      continue;
    }
    shown += found.shown;
    at += found.length;
  }
  return shown;
}

function ruleAt(text: string, at: number): { readonly shown: string; readonly length: number } | undefined {
  for (const [pattern, show] of rules) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) return { shown: show(match), length: match[0].length };
  }
  return undefined;
}
