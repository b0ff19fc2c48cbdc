import { Component, type ReactNode } from "react";
import { EmptyState } from "../design/note.tsx";
import { Button } from "../design/button.tsx";
import { useSpeech } from "../i18n/language.tsx";

interface FaultBoundaryProps {
  readonly children: ReactNode;
}

/** A fault in drawing the page is said, with a way on; what was sent is kept elsewhere. */
export class FaultBoundary extends Component<FaultBoundaryProps, { readonly hasFault: boolean }> {
  override state = { hasFault: false };

  static getDerivedStateFromError(): { readonly hasFault: boolean } {
    return { hasFault: true };
  }

  override render(): ReactNode {
    return this.state.hasFault ? <Fault /> : this.props.children;
  }
}

function Fault(): ReactNode {
  const { t } = useSpeech();
  return (
    <main className="centered">
      <EmptyState icon="warning" title={t.app.crashed} text={t.app.crashedText}>
        <Button look="primary" icon="again" onClick={() => window.location.reload()}>
          {t.app.reload}
        </Button>
      </EmptyState>
    </main>
  );
}
