/** How quickly the model writes: pieces of about four tokens. */
const pieceEveryMs = 40;
const pieces = 80;
const words = [
  "the gateway ",
  "goes on with ",
  "what it has ",
  "been asked to ",
  "say, however ",
  "its other ",
  "platforms fare; ",
];

/** A question that is answered at once begins so. */
export const quick = "quick";

/** What the model says to a question, as it comes out of it: some hundred tokens. */
export function answerPieces(question: string): readonly string[] {
  const body = Array.from({ length: pieces }, (_, index) =>
    index % 30 === 29 ? "so far.\n\n" : (words[index % words.length] ?? ""),
  );
  return [...body, `and that is all about ${question}`];
}

/** All of it. */
export function wholeAnswer(question: string): string {
  return answerPieces(question).join("");
}

/** How long the model itself takes for an answer. */
export const answerMs = pieces * pieceEveryMs;

/** Waits as long as a model does between two pieces. */
export function think(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, pieceEveryMs));
}
