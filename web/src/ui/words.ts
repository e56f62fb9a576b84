/** Words for slugs that every room shares. */
import { t } from "./i18n";

/** The seven platforms, in the order they are listed everywhere. */
export const PLATFORMS = ["xiaohongshu", "douyin", "channels", "kuaishou", "bilibili", "weibo", "wechat_oa"] as const;

/** Kinds of units, from the top down. */
export const UNIT_KINDS = ["brand", "business_line", "region", "city", "dealer", "agent", "store", "team"] as const;

/** Kinds of accounts. */
export const ACCOUNT_KINDS = [
  "brand",
  "business_line",
  "region",
  "dealer",
  "agent",
  "store",
  "employee",
  "persona",
  "benchmark",
  "adviser",
  "hq_service",
  "koc",
] as const;

/** Roles a grant may name. */
export const ROLES = ["brand_admin", "hq_ops", "compliance", "auditor", "region_manager", "store_manager", "kos", "koc"] as const;

type Slug = string | null | undefined;

/** The name of a platform: for xiaohongshu. */
export const platformName = (slug: Slug): string => t.slug("platform", slug);
/** The word for a unit kind. */
export const unitKindName = (slug: Slug): string => t.slug("unitKind", slug);
/** The word for an account kind. */
export const accountKindName = (slug: Slug): string => t.slug("accountKind", slug);
/** 店长 for store_manager. */
export const roleName = (slug: Slug): string => t.slug("role", slug);
/** 公司所有 for company. */
export const ownershipName = (slug: Slug): string => t.slug("ownership", slug);
/** 互动 for interactions. */
export const metricName = (slug: Slug): string => t.slug("metric", slug);
/** 导出文件 for file. */
export const originName = (slug: Slug): string => t.slug("origin", slug);

/** Options of a select out of slugs and their naming function. */
export function options(slugs: readonly string[], name: (slug: string) => string): { value: string; label: string }[] {
  return slugs.map((value) => ({ value, label: name(value) }));
}
