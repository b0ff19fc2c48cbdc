import type { Database, Statement } from "better-sqlite3";

/** Has `onStatement` called before every statement that `database` runs from now on. */
export function watchStatements(database: Database, onStatement: (text: string) => void): void {
  const exec = database.exec.bind(database);
  database.exec = (text) => {
    onStatement(text);
    return exec(text);
  };
  const prepare: (text: string) => Statement = database.prepare.bind(database);
  database.prepare = ((text: string) => watched(prepare(text), text, onStatement)) as Database["prepare"];
}

function watched(statement: Statement, text: string, onStatement: (text: string) => void): Statement {
  for (const method of ["run", "get", "all"] as const) {
    const original: (...parameters: unknown[]) => unknown = statement[method].bind(statement);
    Object.defineProperty(statement, method, {
      value: (...parameters: unknown[]) => {
        onStatement(text);
        return original(...parameters);
      },
    });
  }
  return statement;
}
