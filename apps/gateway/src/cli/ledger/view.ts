/** What lists and pages are written for. */
export interface View {
  readonly nowMs: number;
  /** Columns of the terminal. */
  readonly width: number;
}

const leastWidth = 60;
const mostWidth = 160;
const pipeWidth = 120;

/** This process's terminal, now; a pipe is as wide as a page. */
export function currentView(): View {
  const columns = process.stdout.isTTY ? process.stdout.columns : pipeWidth;
  return { nowMs: Date.now(), width: Math.min(mostWidth, Math.max(leastWidth, columns)) };
}
