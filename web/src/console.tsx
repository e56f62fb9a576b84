import "./app/base.css";
import "./app/console.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Root } from "./app/Root";
import { watchChunks } from "./app/chunks";
import { paint, shareNonce } from "./app/theme";
import { htmlLang, lang } from "./i18n";

document.documentElement.lang = htmlLang(lang());
shareNonce();
paint();
watchChunks();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Root />
    </StrictMode>,
  );
}
