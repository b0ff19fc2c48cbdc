import type { Goal, Report, Table } from "./report.ts";

/** A report as lines for people. */
export function printed(name: string, report: Report): string {
  const parts = [`━━ ${name}`, ...report.tables.map(tableText), ...report.remarks.map((remark) => `· ${remark}`)];
  return `\n${[...parts, ...report.goals.map(goalLine)].join("\n")}\n`;
}

/** The goals of all benchmarks of a run, in one table. */
export function summary(reports: ReadonlyMap<string, Report>): string {
  const rows = [...reports].flatMap(([name, { goals }]) =>
    goals.map(({ what, wanted, measured, met }) => [`${name}: ${what}`, wanted, measured, verdict(met)]),
  );
  if (rows.length === 0) return "";
  return `\n━━ summary\n${tableText({ title: "", columns: ["goal", "wanted", "measured", ""], rows })}\n`;
}

function goalLine({ what, wanted, measured, met }: Goal): string {
  return `${verdict(met)}  ${what}: ${measured} (wanted ${wanted})`;
}

function verdict(met: boolean): string {
  return met ? "met" : "MISSED";
}

function tableText({ title, columns, rows }: Table): string {
  const widths = columns.map((column, index) => Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, index) => (index === 0 ? (cells[index] ?? "").padEnd(width) : (cells[index] ?? "").padStart(width)))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "─".repeat(width)).join("  ");
  return [...(title === "" ? [] : [`\n${title}`]), line(columns), rule, ...rows.map(line)].join("\n");
}
