import { dict } from "@/i18n";

export const t = dict("api", {
  zh: {
    offline: "网络不通，刚才的操作没有送达。请检查网络后重试。",
    unknown: "没有完成，原因不明。请重试；若仍不行，请联系管理员。",
    signedOut: "登录已失效，请重新登录。",
    forbidden: "您没有权限查看或执行此项。",
    notFound: "找不到：可能已被删除，或不在您的范围内。",
    changed: "内容已被他人更改，请刷新后再试。",
    tooLarge: "文件过大，未上传。",
    tooMany: "操作过于频繁，请稍后再试。",
    server: "服务器出错，已保存的数据不受影响。请稍后重试。",
  },
  en: {
    offline: "No connection, so nothing was sent. Check your network and try again.",
    unknown: "This did not go through. Try again; if it keeps failing, tell your administrator.",
    signedOut: "Your session has ended. Please sign in again.",
    forbidden: "You are not allowed to see or do this.",
    notFound: "Not found: it was removed, or lies outside your scope.",
    changed: "Someone else changed this meanwhile. Refresh and try again.",
    tooLarge: "The file is too large and was not uploaded.",
    tooMany: "Too many attempts. Please wait a little.",
    server: "The server failed. What was saved is safe. Try again in a moment.",
  },
});
