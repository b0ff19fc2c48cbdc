import { useEffect, useState, type ReactNode } from "react";
import { CopyButton } from "../design/copy-button.tsx";
import type { CodePiece } from "./highlight-tree.ts";

type Highlight = (code: string, language: string) => readonly CodePiece[] | undefined;

let loading: Promise<Highlight> | undefined;

/** The highlighter is a file of its own, fetched when the first code with a language is shown. */
async function loadHighlight(): Promise<Highlight> {
  loading ??= import("./highlight.ts").then(({ createHighlighter }) => createHighlighter());
  return await loading;
}

/** Code with its language, a way to copy it, and colours once they are known. */
export function CodeBlock({ language, text }: { readonly language: string; readonly text: string }): ReactNode {
  const pieces = usePieces(language, text);
  return (
    <figure className="code-block">
      <figcaption>
        <span>{language}</span>
        <CopyButton text={text} />
      </figcaption>
      <pre tabIndex={0}>
        <code>{pieces === undefined ? text : pieces.map(showPiece)}</code>
      </pre>
    </figure>
  );
}

function usePieces(language: string, text: string): readonly CodePiece[] | undefined {
  const [highlight, setHighlight] = useState<Highlight>();
  useEffect(() => {
    if (language === "") return;
    let isWanted = true;
    // Without colours the code is still the code: a highlighter that cannot be fetched is tried with the next block.
    loadHighlight().then(
      (loaded) => {
        if (isWanted) setHighlight(() => loaded);
      },
      () => {
        loading = undefined;
      },
    );
    return () => {
      isWanted = false;
    };
  }, [language]);
  return highlight?.(text, language);
}

function showPiece(piece: CodePiece, index: number): ReactNode {
  if (typeof piece === "string") return piece;
  return (
    <span key={index} className={`code-${piece.scope}`}>
      {piece.pieces.map(showPiece)}
    </span>
  );
}
