/** What is said about buttons below a message. */
export interface ButtonWords {
  /** Of a question that was answered, or has expired. */
  readonly over: string;
  readonly notYours: string;
  readonly chosen: (label: string) => string;
}

export const buttonsEnglish: ButtonWords = {
  over: "This question is not open any more.",
  notYours: "Somebody else was asked this.",
  chosen: (label) => `➡️ ${label}`,
};

export const buttonsChinese: ButtonWords = {
  over: "这个问题已经结束了。",
  notYours: "这个问题问的是别人。",
  chosen: (label) => `➡️ ${label}`,
};
