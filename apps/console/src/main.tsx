import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/app.tsx";
import { createPreferences } from "./app/preferences.ts";
import { codeOfFragment } from "./connection/session.ts";
import "./design/tokens.css";
import "./design/base.css";
import "./design/primitives.css";
import "./design/overlays.css";
import "./app/shell.css";
import "./chat/chat.css";
import "./chat/composer.css";
import "./design/pages.css";

start();

/** The one place where the page begins. */
function start(): void {
  const root = document.querySelector("#root");
  if (root === null) throw new Error("Expected the page to have an element #root");
  const code = codeOfFragment(window.location.hash);
  // A code must not stay in the address, nor in the history.
  if (code !== undefined) window.history.replaceState(null, "", window.location.pathname);
  const preferences = createPreferences(window.localStorage, document.documentElement, navigator.languages);
  createRoot(root).render(
    <StrictMode>
      <App preferences={preferences} code={code} />
    </StrictMode>,
  );
}
