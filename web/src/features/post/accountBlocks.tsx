import { AccountPosts } from "./AccountPosts";
import { t } from "./i18n";

/** What the post room shows on an account's page. */
export const accountBlocks = [{ key: "posts", order: 20, title: () => t("accountPosts"), permission: "post.read", Body: AccountPosts }];
