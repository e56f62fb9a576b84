import { Link } from "react-router";
import { PlatformGlyph, StatusTag } from "@/ui";
import { t } from "./i18n";
import type { Post } from "./types";
import "./post.css";

/** The word for a counter. */
export const counterName = (c: string): string => t.slug("counter", c);

/** A post's title with what must be known about it: deleted, fallen. */
export function PostTitle({ post, to }: { post: Post; to: string }) {
  return (
    <span className="p-title">
      <Link className="p-clip" title={post.title} to={to}>
        {post.title || <span className="k-muted">{t("untitled")}</span>}
      </Link>
      {post.status === "deleted" && <StatusTag tone="off">{t("status.deleted")}</StatusTag>}
      <FellTag post={post} />
    </span>
  );
}

/** Which counters fell at some time; nothing when none did. */
export function FellTag({ post }: { post: Post }) {
  if (!post.fell.length) return null;
  return (
    <span className="p-fell" title={t("fellHint")}>
      <StatusTag tone="warn">{t("fellTag", { what: post.fell.map((c) => counterName(c)).join(t("comma")) })}</StatusTag>
    </span>
  );
}

/** The account of a post. */
export function PostAccount({ post }: { post: Post }) {
  return (
    <span className="p-title">
      <PlatformGlyph platform={post.platform} bare />
      <span className="p-clip" title={`@${post.account.handle}`}>
        {post.account.name || post.account.handle}
      </span>
    </span>
  );
}

/** Interactions per view; null when either is unknown. */
export function rate(p: Pick<Post, "interactions" | "views">): { num: number; den: number } | null {
  return p.interactions === null || !p.views ? null : { num: p.interactions, den: p.views };
}
