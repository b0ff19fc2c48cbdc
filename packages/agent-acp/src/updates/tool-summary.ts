import { cut, oneLine, visible } from "../plain-text.ts";
import { toolContent, type ToolContent } from "./update.ts";

const maxSummaryLength = 500;
/** Contents that are looked at; what follows is not needed for a short word. */
const mostContents = 20;

/** What came of a call, in a few lines. */
export function summaryOf(content: readonly unknown[], outputOf: (terminalId: string) => string | undefined): string {
  const lines = content.slice(0, mostContents).flatMap((each) => {
    const read = toolContent.safeParse(each);
    return read.success ? [lineOf(read.data, outputOf)] : [];
  });
  return cut(lines.filter((line) => line !== "").join("\n"), maxSummaryLength);
}

function lineOf(content: ToolContent, outputOf: (terminalId: string) => string | undefined): string {
  switch (content.type) {
    case "content":
      return content.content.type === "text" ? cut(visible(content.content.text.slice(0, 4000)).trim(), maxSummaryLength) : "";
    case "diff":
      return `${oneLine(content.path, 200)}: ${changeOf(content.oldText ?? "", content.newText)}`;
    case "terminal":
      // What a command says last tells most.
      return visible((outputOf(content.terminalId) ?? "").slice(-4000))
        .trim()
        .slice(-maxSummaryLength);
  }
}

/** How many lines a diff adds and takes away, not counting what both sides begin and end with. */
function changeOf(before: string, after: string): string {
  const old = before === "" ? [] : before.split("\n");
  const next = after === "" ? [] : after.split("\n");
  const most = Math.min(old.length, next.length);
  let same = 0;
  while (same < most && old[same] === next[same]) same += 1;
  let tail = 0;
  while (tail < most - same && old[old.length - 1 - tail] === next[next.length - 1 - tail]) tail += 1;
  return `+${next.length - same - tail} −${old.length - same - tail} lines`;
}
