import "./app/base.css";
import "./phone/phone.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { ConfigProvider, unstableSetRender } from "antd-mobile";
import enUS from "antd-mobile/es/locales/en-US";
import zhCN from "antd-mobile/es/locales/zh-CN";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { newQueryClient } from "./api";
import { watchChunks } from "./app/chunks";
import { paint, shareNonce } from "./app/theme";
import { htmlLang, lang } from "./i18n";
import { Frame } from "./phone/Frame";
import { keepAnswers } from "./phone/keep";
import { keepFiles } from "./phone/worker";

// antd-mobile 5 draws its dialogs through a hook that React 19 needs to be given.
unstableSetRender((node, container) => {
  const root = createRoot(container as Element);
  root.render(node);
  return async () => {
    await Promise.resolve();
    root.unmount();
  };
});

/** Asks whether or not the phone believes in a network: without one a block says so instead of waiting for ever. */
function phoneClient() {
  const client = newQueryClient();
  const o = client.getDefaultOptions();
  client.setDefaultOptions({ ...o, queries: { ...o.queries, networkMode: "always", refetchOnReconnect: "always" } });
  keepAnswers(client);
  return client;
}

function Root() {
  const [client] = useState(phoneClient);
  return (
    <ConfigProvider locale={lang() === "zh" ? zhCN : enUS}>
      <QueryClientProvider client={client}>
        <BrowserRouter basename="/m">
          <Frame />
        </BrowserRouter>
      </QueryClientProvider>
    </ConfigProvider>
  );
}

document.documentElement.lang = htmlLang(lang());
shareNonce();
paint();
watchChunks();
keepFiles();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Root />
    </StrictMode>,
  );
}
