/** Blocks that other rooms put on the account page: figures, posts, health. */
import type { ComponentType } from "react";

/** A block of the account page. A room gives its own in src/features/<room>/accountBlocks.tsx: `export const accountBlocks: AccountBlock[] = […]`. */
export interface AccountBlock {
  key: string;
  /** Place on the page, small first. */
  order: number;
  /** The heading; a function, because the language may change. */
  title: () => string;
  permission: string;
  Body: ComponentType<{ accountId: string }>;
}

const files = import.meta.glob<{ accountBlocks: AccountBlock[] }>("../*/accountBlocks.tsx", { eager: true });

/** All blocks of all rooms in order. */
export const BLOCKS: AccountBlock[] = Object.values(files)
  .flatMap((f) => f.accountBlocks)
  .sort((a, b) => a.order - b.order);
