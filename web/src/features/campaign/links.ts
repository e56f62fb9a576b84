/** Links as people paste them, and the apps they belong to. */

/** The first link in a pasted text: a share text of an app holds one among many words. Null when there is none. */
export function linkIn(text: string): string | null {
  const found = /(?:https?:\/\/)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:\/[^\s\u3000-\u303f\uff00-\uffef\u4e00-\u9fff"'<>]*)?/i.exec(text);
  if (!found) return null;
  const bare = found[0].replace(/[),.;:!?]+$/, "");
  return /^https?:\/\//i.test(bare) ? bare : `https://${bare}`;
}

/** Where each app's own address opens it at its writing page or its front. */
const SCHEMES: Record<string, string> = {
  xiaohongshu: "xhsdiscover://post_note",
  douyin: "snssdk1128://aweme/camera",
  channels: "weixin://",
  kuaishou: "kwai://home",
  bilibili: "bilibili://root",
  weibo: "sinaweibo://compose",
  wechat_oa: "weixin://",
};

/** The address that opens the app, or undefined. */
export const schemeOf = (platform: string): string | undefined => SCHEMES[platform];

/** How long an app may take to come up before its web page is opened instead. */
const PATIENCE = 1400;

/** Tries the app; opens the web page when nothing took over. */
export function openApp(scheme: string, fallback: string): void {
  const timer = setTimeout(() => {
    if (!document.hidden) location.assign(fallback);
  }, PATIENCE);
  const gone = () => {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", gone);
  };
  document.addEventListener("visibilitychange", gone);
  location.assign(scheme);
}
