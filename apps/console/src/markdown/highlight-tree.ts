/** A piece of highlighted code: text, or pieces of one kind. */
export type CodePiece = string | { readonly scope: string; readonly pieces: readonly CodePiece[] };

/** Pieces of a highlighter's tree. It is taken as data, never as HTML; what is no tree is undefined. */
export function piecesOf(node: unknown): readonly CodePiece[] | undefined {
  if (!isRecord(node) || !Array.isArray(node["children"])) return undefined;
  return (node["children"] as readonly unknown[]).flatMap(pieceOf);
}

function pieceOf(node: unknown): readonly CodePiece[] {
  if (typeof node === "string") return [node];
  const pieces = piecesOf(node) ?? [];
  const scope = isRecord(node) ? node["scope"] : undefined;
  return typeof scope === "string" ? [{ scope: classOf(scope), pieces }] : pieces;
}

/** `title.function` is styled by its first word; a language inside another (`language:css`) by none. */
function classOf(scope: string): string {
  return /^[a-z][a-z_-]*/u.exec(scope.replace(/^language:.*/u, "embedded"))?.[0]?.replaceAll("_", "-") ?? "text";
}

/** The text of pieces: the code as it was. */
export function textOfPieces(pieces: readonly CodePiece[]): string {
  return pieces.map((piece) => (typeof piece === "string" ? piece : textOfPieces(piece.pieces))).join("");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
