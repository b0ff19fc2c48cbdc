/** What a stretch of text looks like. */
export type Mark = "bold" | "italic" | "dim" | "strike" | "underline" | "code" | "prompt" | "good" | "bad" | "note";

/** How text is shown. */
export interface Style {
  /** Marks of Markdown stay in the text, since nothing else tells them. */
  readonly keepsMarkers: boolean;
  /** A stretch of one line that looks so; it leaves nothing switched on behind it. */
  paint(text: string, marks: readonly Mark[]): string;
}

const codes: Readonly<Record<Mark, string>> = {
  bold: "1",
  italic: "3",
  dim: "2",
  strike: "9",
  underline: "4",
  code: "36",
  prompt: "1;36",
  good: "32",
  bad: "31",
  note: "33",
};

/** Colours and styles of a terminal: the sixteen colours everybody chose for themselves. */
export const colours: Style = {
  keepsMarkers: false,
  paint: (text, marks) =>
    text === "" || marks.length === 0 ? text : `\u001B[${marks.map((mark) => codes[mark]).join(";")}m${text}\u001B[0m`,
};

/** Text as it is written. */
export const plain: Style = { keepsMarkers: true, paint: (text) => text };

/** What was said before: nothing in it stands out. */
export const quiet: Style = {
  keepsMarkers: false,
  paint: (text, marks) => (text === "" ? "" : colours.paint(text, marks.includes("italic") ? ["dim", "italic"] : ["dim"])),
};
