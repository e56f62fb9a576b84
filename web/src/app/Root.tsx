import { QueryClientProvider } from "@tanstack/react-query";
import { App as AntApp, ConfigProvider, theme as antTheme } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { useMemo, useState } from "react";
import { BrowserRouter } from "react-router";
import { newQueryClient } from "@/api";
import { lang } from "@/i18n";
import { Crash } from "./Crash";
import { Gate } from "./Gate";
import { nonce, PALETTE, useMode, type Mode } from "./theme";

/** Everything above the pages: look, language, cache, addresses. */
export function Root() {
  const mode = useMode();
  const l = lang();
  const [client] = useState(newQueryClient);
  const csp = useMemo(() => ({ nonce: nonce() }), []);
  dayjs.locale(l === "zh" ? "zh-cn" : "en");
  return (
    <ConfigProvider
      csp={csp}
      locale={l === "zh" ? zhCN : enUS}
      theme={look(mode)}
      componentSize="middle"
      button={{ autoInsertSpace: false }}
    >
      <AntApp component={false}>
        <QueryClientProvider client={client}>
          <BrowserRouter>
            <Crash>
              <Gate />
            </Crash>
          </BrowserRouter>
        </QueryClientProvider>
      </AntApp>
    </ConfigProvider>
  );
}

function look(mode: Mode) {
  const c = (name: keyof typeof PALETTE) => PALETTE[name][mode];
  return {
    algorithm: mode === "dark" ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
    token: {
      // Without this, people who asked for less motion wait for ends of animations that never come: no popup would open.
      motion: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      colorPrimary: mode === "dark" ? "#5876e6" : c("accent"),
      colorLink: c("accent"),
      // antd's own is paler than the link and hard to read
      colorLinkHover: mode === "dark" ? "#b3c3ff" : "#1f3d9c",
      colorLinkActive: mode === "dark" ? "#b3c3ff" : "#1f3d9c",
      colorInfo: mode === "dark" ? "#5876e6" : c("accent"),
      colorSuccess: c("good"),
      colorWarning: c("warn"),
      colorError: c("bad"),
      colorBgLayout: c("ground"),
      colorBgContainer: c("card"),
      colorText: c("text"),
      colorTextSecondary: c("muted"),
      colorTextTertiary: c("muted"),
      colorTextDescription: c("muted"),
      colorTextPlaceholder: mode === "dark" ? "#8b93a1" : "#6b7280",
      colorBorderSecondary: c("line"),
      // antd mixes these of our dark status colours into grey.
      ...(mode === "light" && {
        colorSuccessBg: "#e9f6ef",
        colorSuccessBorder: "#a9d8bf",
        colorWarningBg: "#fdf4e5",
        colorWarningBorder: "#ecd0a0",
        colorErrorBg: "#fdeeee",
        colorErrorBorder: "#f0b8b8",
      }),
      borderRadius: 6,
      fontSize: 14,
      fontFamily: "inherit",
    },
    components: {
      Table: { headerBg: c("ground"), cellPaddingBlockSM: 6 },
      Tabs: { itemSelectedColor: c("accent"), itemHoverColor: c("accent"), itemActiveColor: c("accent"), inkBarColor: c("accent") },
    },
  };
}
