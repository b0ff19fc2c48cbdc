import { hasUnseen } from "../clean-text.ts";

/** One word of a command as the shell would take it, quotes and escapes taken away. */
export interface ShellWord {
  readonly text: string;
  /** Something in it is known only when it runs: a variable, what a command says. */
  readonly isDynamic: boolean;
  /** An unquoted `*`, `?` or `[`: the shell puts names of files in its place. */
  readonly hasGlob: boolean;
  /** Quotes or backslashes stand in it. */
  readonly isQuoted: boolean;
  /** How much of the beginning of `text` stands there as it is: without quotes, escapes and expansions. */
  readonly plainLength: number;
  /** Texts of the commands whose output stands in it. */
  readonly commands: readonly string[];
}

/** What a command is made of. */
export type ShellToken =
  | { readonly kind: "word"; readonly word: ShellWord }
  | { readonly kind: "redirect"; readonly operator: string }
  | { readonly kind: "operator"; readonly text: string };

/** Says why a command cannot be judged. Such a command is taken for dangerous. */
export class UnreadableCommand extends Error {
  override readonly name = "UnreadableCommand";
}

/** How many characters a command may have to be judged. */
export const longestCommand = 4096;
const operators = ["&&", "||", ";;", "|&", ";", "|", "&", "(", ")", "\n"] as const;
const redirects = ["&>>", "&>", "<<", "<>", "<&", ">>", ">&", ">|", "<", ">"] as const;
/** Stands for a backslash at the end of a line; the command itself cannot hold it. */
const continuation = "\u0001";
/** Variables whose values are known beforehand. */
const knownVariables: Readonly<Record<string, string>> = { HOME: "~", PWD: "." };

/**
 * Takes a command apart as POSIX (XCU 2.3, 2.6) says, as far as one can without running it.
 *
 * @throws UnreadableCommand for everything else: what is not understood is not guessed.
 */
export function readShellTokens(command: string): readonly ShellToken[] {
  if (command.length > longestCommand) throw new UnreadableCommand("it is too long to be judged");
  if (hasUnseen(command.replaceAll("\n", ""))) throw new UnreadableCommand("characters that nobody sees stand in it");
  if (/(?! )\p{Zs}/u.test(command)) throw new UnreadableCommand("unusual spaces stand in it");
  return new Reader(command.replaceAll("\\\n", continuation)).read();
}

class Reader {
  readonly #text: string;
  readonly #tokens: ShellToken[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): readonly ShellToken[] {
    while (this.#at < this.#text.length) this.#readOne();
    return this.#tokens;
  }

  #readOne(): void {
    const character = this.#text[this.#at] ?? "";
    if (character === " " || character === "\t" || character === continuation) {
      this.#at += 1;
      return;
    }
    if (character === "#") return this.#skipComment();
    const redirect = redirects.find((text) => this.#text.startsWith(text, this.#at));
    if (redirect !== undefined) return this.#readRedirect(redirect);
    const operator = operators.find((text) => this.#text.startsWith(text, this.#at));
    if (operator === undefined) return this.#readWord();
    this.#at += operator.length;
    this.#tokens.push({ kind: "operator", text: operator });
  }

  /** A comment ends with its line, also where that ends in a backslash. */
  #skipComment(): void {
    const length = this.#text.slice(this.#at).search(/[\n\u0001]/u); // oxlint-disable-line no-control-regex -- U+0001 is what stands for a continued line here
    this.#at = length < 0 ? this.#text.length : this.#at + length + 1;
    this.#tokens.push({ kind: "operator", text: "\n" });
  }

  #readRedirect(operator: string): void {
    if (operator === "<<") throw new UnreadableCommand("a here-document stands in it");
    if (this.#text[this.#at + operator.length] === "(") throw new UnreadableCommand("a process substitution stands in it");
    const before = this.#text[this.#at - 1] ?? " ";
    const last = this.#tokens.at(-1);
    // `2>`: the number belongs to the redirection.
    if (/\d/u.test(before) && last?.kind === "word" && /^\d+$/u.test(last.word.text)) this.#tokens.pop();
    this.#at += operator.length;
    this.#tokens.push({ kind: "redirect", operator });
  }

  #readWord(): void {
    const word = { text: "", isDynamic: false, hasGlob: false, isQuoted: false, commands: [] as string[] };
    let hasBrace = false;
    let plainLength: number | undefined;
    const take = (part: Part): void => {
      word.text += part.text;
      word.isDynamic ||= part.isDynamic ?? false;
      word.commands.push(...(part.commands ?? []));
    };
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined || " \t\n;&|<>)".includes(character)) break;
      this.#at += 1;
      if ("'\"\\$`\u0001".includes(character)) plainLength ??= word.text.length;
      switch (character) {
        case "(":
          throw new UnreadableCommand("a function or a pattern with brackets stands in it");
        case "'":
          word.isQuoted = true;
          word.text += this.#until("'").replaceAll(continuation, "\\\n");
          break;
        case '"':
          word.isQuoted = true;
          for (const part of this.#doubleQuoted()) take(part);
          break;
        case "\\":
          word.isQuoted = true;
          word.text += this.#escaped();
          break;
        case continuation:
          word.isQuoted = true;
          break;
        case "$":
        case "`":
          take(this.#expansion(character));
          break;
        case "*":
        case "?":
        case "[":
          word.hasGlob = true;
          word.text += character;
          break;
        default:
          hasBrace ||= character === "{";
          word.text += character;
      }
    }
    if (hasBrace && /,|\.\./u.test(word.text)) throw new UnreadableCommand("braces that unfold stand in it");
    this.#tokens.push({ kind: "word", word: { ...word, plainLength: plainLength ?? word.text.length } });
  }

  *#doubleQuoted(): Iterable<Part> {
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined) throw new UnreadableCommand("a quote is not closed");
      this.#at += 1;
      if (character === '"') return;
      if (character === "$" || character === "`") yield this.#expansion(character);
      else if (character === "\\" && '$`"\\'.includes(this.#text[this.#at] ?? " ")) yield { text: this.#escaped() };
      else if (character === "\\" && this.#text[this.#at] === continuation) throw new UnreadableCommand("it escapes a backslash");
      else if (character !== continuation) yield { text: character };
    }
  }

  #escaped(): string {
    const character = this.#text[this.#at];
    if (character === undefined || character === continuation)
      throw new UnreadableCommand("it ends in a backslash, or escapes one");
    this.#at += 1;
    return character;
  }

  #until(end: string): string {
    const at = this.#text.indexOf(end, this.#at);
    if (at < 0) throw new UnreadableCommand("a quote is not closed");
    const inner = this.#text.slice(this.#at, at);
    this.#at = at + end.length;
    return inner;
  }

  #expansion(kind: "$" | "`"): Part {
    if (kind === "`") {
      const inner = this.#until("`");
      if (inner.includes("\\")) throw new UnreadableCommand("escapes stand between backticks");
      return { text: "", isDynamic: true, commands: [inner] };
    }
    const rest = this.#text.slice(this.#at);
    if (rest.startsWith("((") || rest.startsWith("'") || rest.startsWith('"')) {
      throw new UnreadableCommand("a kind of expansion stands in it that is not judged");
    }
    if (rest.startsWith("(")) return this.#substitution();
    const [whole = "", braced, plain] = /^(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*|[0-9@*#?$!-]))/u.exec(rest) ?? [];
    if (whole === "" && rest.startsWith("{")) throw new UnreadableCommand("a variable is changed while it is read");
    this.#at += whole.length;
    if (whole === "") return { text: "$" };
    const variable = braced ?? plain ?? "";
    if (variable === "IFS") throw new UnreadableCommand("it plays with $IFS");
    const known = knownVariables[variable];
    return known === undefined ? { text: "", isDynamic: true } : { text: known };
  }

  /** `$( … )`: what stands between the brackets is a command of its own. */
  #substitution(): Part {
    const from = this.#at + 1;
    let depth = 0;
    let quote = "";
    for (let at = this.#at; at < this.#text.length; at += 1) {
      const character = this.#text[at] ?? "";
      if (character === "\\" && quote !== "'") at += 1;
      else if (quote !== "") quote = character === quote ? "" : quote;
      else if (character === "'" || character === '"') quote = character;
      else if (character === "(") depth += 1;
      else if (character === ")" && (depth -= 1) === 0) {
        this.#at = at + 1;
        const inner = this.#text.slice(from, at);
        if (/#|['"][^]*(?:\$\(|`)/u.test(inner)) throw new UnreadableCommand("quotes and commands are nested in it");
        return { text: "", isDynamic: true, commands: [inner.replaceAll(continuation, "\\\n")] };
      }
    }
    throw new UnreadableCommand("a bracket is not closed");
  }
}

interface Part {
  readonly text: string;
  readonly isDynamic?: boolean;
  readonly commands?: readonly string[];
}
